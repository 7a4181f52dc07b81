/** The least that a webhook trigger can do and still start its workflow: the bound that n8n sets. */
class EmptyTrigger {
	description = {
		displayName: 'Empty Trigger',
		name: 'emptyTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Starts the workflow with the body of the request',
		defaults: { name: 'Empty Trigger' },
		inputs: [],
		outputs: ['main'],
		// As a trigger of any service has one; n8n looks at each start whether the workflow may use it.
		credentials: [{ name: 'procoreOAuth2Api', required: false }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'empty',
			},
		],
		properties: [],
	};

	async webhook() {
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
}

module.exports = { EmptyTrigger };
