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
			description: 'At one safety check per day. Finds a missed change within 25 hours.',
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
	description: `How often the safety check also looks for records that changed without an event, and triggers the workflow for them. Finds neither deletions nor who made a change. Sends at least one request per project and selected resource. Covers only ${CHANGED_RESOURCES.join(', ')}.`,
};
