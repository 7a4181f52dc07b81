import type { INodeTypeDescription } from 'n8n-workflow';

const BUILDING =
	'<b>While building your workflow</b>, click <b>Execute step</b>, then change an RFI (or whatever you selected in Event Names or IDs) in Procore. The event appears here within seconds. To test with an existing event instead, click Add Option, choose Test Event, and select Use the Latest Event.';

/** What the editor shows where a regular node shows its input. n8n's own texts ask to "create an event in Procore". */
export const triggerPanel: NonNullable<INodeTypeDescription['triggerPanel']> = {
	header: 'Start when something changes in Procore',
	executionsHelp: {
		inactive: `${BUILDING}<br /><br /><b>Once it works</b>, publish the workflow. It then starts with every selected change, and you find these runs in the list of executions.`,
		active: `${BUILDING}<br /><br /><b>Your workflow also runs on its own</b>, because it is published. You find these runs in the list of executions.`,
	},
	activationHint: {
		inactive: 'Publish the workflow to start it with every selected change in Procore.',
		active:
			'The workflow also starts with every selected change in Procore. Those runs do not show up here.',
	},
};
