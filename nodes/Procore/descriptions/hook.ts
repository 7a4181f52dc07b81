import type { INodeProperties } from 'n8n-workflow';

import { shown, type Show } from './list';

/** The form of the events that a hook delivers. */
export const payloadVersionProperty: INodeProperties = {
	displayName: 'Payload Version',
	name: 'payloadVersion',
	type: 'options',
	default: 'v2.0',
	options: [
		{
			name: 'V2.0',
			value: 'v2.0',
			description: 'Includes metadata about the user and app that made the change',
		},
		{ name: 'V3.0', value: 'v3.0', description: 'V2.0 plus related resources' },
		{ name: 'V4.0', value: 'v4.0', description: 'More resource types, but no metadata' },
	],
	description: 'Payload format that Procore uses for events',
};

const authorization: INodeProperties = {
	displayName: 'Authorization',
	name: 'authorization',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. Bearer 3f9c…',
	description:
		'Value of the Authorization header that Procore sends with each event. Procore only reveals its last characters, so a value with the same ending is treated as unchanged.',
};

const hookStatus: INodeProperties = {
	displayName: 'Status',
	name: 'hookStatus',
	type: 'options',
	default: 'active',
	options: [
		{ name: 'Active', value: 'active', description: 'Deliver events' },
		{
			name: 'Disabled',
			value: 'disabled',
			description: 'Keep the hook but stop deliveries',
		},
	],
	description: 'Whether Procore delivers events. Requires Webhooks API v2.0.',
};

const destinationUrl: INodeProperties = {
	displayName: 'Destination URL',
	name: 'destinationUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://flows.example.com/webhook/procore',
	description: 'Public https URL that Procore delivers events to',
};

/** The address of a hook that is to be made. */
export function destinationUrlProperty(show: Show): INodeProperties {
	return shown({ ...destinationUrl, required: true }, show);
}

/** What a new hook may have besides its address. */
export function additionalFields(show: Show): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show } },
		options: [authorization, payloadVersionProperty, hookStatus],
	};
}

/** What of a hook can be changed, each by itself. */
export function updateFields(show: Show): INodeProperties {
	return {
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show } },
		options: [
			{
				...authorization,
				description:
					'New value of the Authorization header that Procore sends with each event. If not set, the current value is kept.',
			},
			destinationUrl,
			{
				displayName: 'Namespace',
				name: 'namespace',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-app-rfis',
				description: 'New namespace. Lowercase letters, digits and dashes.',
			},
			payloadVersionProperty,
			hookStatus,
		],
	};
}
