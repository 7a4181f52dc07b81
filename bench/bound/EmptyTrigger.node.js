/** The minimum that a webhook trigger does to start its workflow: the bound that n8n sets. */
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
		// Like the trigger of any service; at each start, n8n checks whether the workflow may use the credential.
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
