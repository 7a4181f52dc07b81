import type { INodeProperties } from 'n8n-workflow';

import type { Show } from './list';

const PLACE = ['companyId.value', 'scope', 'projectId.value', 'hookId.value', 'namespace'];

/** A resource and an event, of those that the scope offers. */
export function subscriptionProperties(show: Show): INodeProperties[] {
	return [
		{
			displayName: 'Resource Name or ID',
			name: 'resourceName',
			type: 'options',
			default: '',
			required: true,
			displayOptions: { show: { ...show } },
			typeOptions: { loadOptionsMethod: 'getResources', loadOptionsDependsOn: PLACE },
			description:
				'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		},
		{
			displayName: 'Event Type Name or ID',
			name: 'eventType',
			type: 'options',
			default: '',
			required: true,
			displayOptions: { show: { ...show } },
			typeOptions: {
				loadOptionsMethod: 'getEventTypes',
				loadOptionsDependsOn: [...PLACE, 'resourceName'],
			},
			description:
				'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		},
	];
}

/** Several events, each as `Resource:event`. */
export function eventsProperty(show: Show): INodeProperties {
	return {
		displayName: 'Event Names or IDs',
		name: 'events',
		type: 'multiOptions',
		default: [],
		required: true,
		displayOptions: { show: { ...show } },
		typeOptions: { loadOptionsMethod: 'getEvents', loadOptionsDependsOn: PLACE },
		hint: 'With an expression, use an array or comma-separated text, e.g. RFIs:create, RFIs:update',
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	};
}
