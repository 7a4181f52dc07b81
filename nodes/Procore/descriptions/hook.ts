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
			description: 'With metadata: who and which app made the change',
		},
		{ name: 'V3.0', value: 'v3.0', description: 'V2.0 and related resources' },
		{ name: 'V4.0', value: 'v4.0', description: 'More kinds of resources, but no metadata' },
	],
	description: 'The form in which Procore sends events',
};

const authorization: INodeProperties = {
	displayName: 'Authorization',
	name: 'authorization',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. Bearer 3f9c…',
	description:
		'The value of the Authorization header that Procore sends with each event. Procore shows its last characters only, so one that ends alike counts as the same.',
};

const hookStatus: INodeProperties = {
	displayName: 'Status',
	name: 'hookStatus',
	type: 'options',
	default: 'active',
	options: [
		{ name: 'Active', value: 'active', description: 'Procore delivers events' },
		{
			name: 'Disabled',
			value: 'disabled',
			description: 'Procore keeps the hook but delivers nothing',
		},
	],
	description: 'Whether Procore delivers events; needs Webhooks API v2.0',
};

const destinationUrl: INodeProperties = {
	displayName: 'Destination URL',
	name: 'destinationUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://flows.example.com/webhook/procore',
	description: 'The public https address that Procore delivers events to',
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
					'The new value of the Authorization header that Procore sends with each event. Left out, the hook keeps the one it has.',
			},
			destinationUrl,
			{
				displayName: 'Namespace',
				name: 'namespace',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-app-rfis',
				description:
					'The new name under which the hook is kept: lower-case letters, digits and dashes',
			},
			payloadVersionProperty,
			hookStatus,
		],
	};
}
