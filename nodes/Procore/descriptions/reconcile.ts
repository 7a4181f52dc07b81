import type { INodeProperties } from 'n8n-workflow';

import { CHANGED_RESOURCES } from '../model/changed-resources';

/** The option of the trigger that compares records with events. */
export const reconcileProperty: INodeProperties = {
	displayName: 'Reconcile Records',
	name: 'reconcile',
	type: 'options',
	default: 'never',
	options: [
		{
			name: 'Daily',
			value: 'daily',
			description: 'With one safety check a day. A missed change is found after 25 hours at most.',
		},
		{
			name: 'Never',
			value: 'never',
			description: 'Only trigger for events that Procore recorded',
		},
		{
			name: 'With Every Safety Check',
			value: 'everyCheck',
			description:
				'A missed change is found by the first check that runs at least 10 minutes after it',
		},
	],
	description: `How often the safety check also looks for records that changed without an event, for example while the hook was gone, and triggers the workflow for them. It can't find deletions, who made a change, or changes of other resources than these: ${CHANGED_RESOURCES.join(', ')}. Costs 1 request per check for each of these resources selected above and each project, and more if something is missing.`,
};
