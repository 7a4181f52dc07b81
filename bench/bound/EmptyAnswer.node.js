const { EmptyTrigger } = require('./EmptyTrigger.node.js');

/** The minimum that a webhook trigger does to respond without starting the workflow. */
class EmptyAnswer extends EmptyTrigger {
	constructor() {
		super();
		Object.assign(this.description, {
			displayName: 'Empty Answer',
			name: 'emptyAnswer',
			description: 'Answers a request and starts nothing',
			defaults: { name: 'Empty Answer' },
		});
	}

	async webhook() {
		this.getResponseObject().status(200).json({ message: 'Not needed' });
		return { noWebhookResponse: true };
	}
}

module.exports = { EmptyAnswer };
