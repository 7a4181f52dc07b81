import type { INodeProperties } from 'n8n-workflow';

import { RESOURCE_NAMES } from '../record/catalogue';
import { companyLocator } from './company';
import { shown, type Show } from './list';
import { projectLocator } from './scope';

/** A locator whose id comes from the event, until somebody chooses another one. */
function fromEvent(locator: INodeProperties, field: string, description: string): INodeProperties {
	return {
		...locator,
		required: false,
		default: { __rl: true, mode: 'id', value: `={{ $json.${field} }}` },
		description,
	};
}

const properties: INodeProperties[] = [
	{
		displayName: 'Resource Name',
		name: 'resourceName',
		type: 'options',
		options: RESOURCE_NAMES.map((name) => ({ name, value: name })),
		// Payload v4.0 as Procore sends it (Simplify off in the trigger) has `resource_type`.
		default: '={{ $json.resource_name ?? $json.resource_type }}',
		required: true,
		description: 'What kind of record it is. Read from the event unless changed.',
	},
	{
		displayName: 'Record ID',
		name: 'recordId',
		type: 'string',
		default: '={{ $json.resource_id }}',
		required: true,
		description: 'The ID of the record in Procore. Read from the event unless changed.',
	},
	fromEvent(
		companyLocator,
		'company_id',
		'The company in Procore. Read from the event unless changed; without an event, left empty, the company of the credential is used.',
	),
	fromEvent(
		projectLocator,
		'project_id',
		'The project in Procore. Read from the event unless changed; not needed for company-level records.',
	),
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'record',
		options: [
			{ name: 'Record', value: 'record', description: 'The record alone' },
			{
				name: 'Event and Record',
				value: 'eventAndRecord',
				description:
					'The incoming item in event, the record in record, and in record_state how they agree',
			},
		],
		description:
			'What an output item holds. For a deleted record it is the event, since there is nothing to read.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'If Record Is Missing',
				name: 'missing',
				type: 'options',
				default: 'error',
				options: [
					{ name: 'Fail', value: 'error', description: 'Stop with an error' },
					{ name: 'Return an Empty Item', value: 'empty', description: 'Go on without the record' },
				],
				description:
					'What to do where Procore has no such record, as when it was deleted meanwhile, or does not show it to the account',
			},
			{
				displayName: 'Wait for Change',
				name: 'waitForChange',
				type: 'boolean',
				default: true,
				description:
					'Whether to read again for a while when Procore still gives the record as it was before the event, or none yet',
			},
			{
				displayName: 'Wait up to (Seconds)',
				name: 'waitSeconds',
				type: 'number',
				default: 10,
				typeOptions: { minValue: 0, maxValue: 300 },
				description:
					'How long to read again. When the time is up, the newest read is returned, with record_state set to outdated.',
			},
		],
	},
];

/** Which record, defaulting to the one of the incoming event, and what to make of it. */
export function recordProperties(show: Show): INodeProperties[] {
	return properties.map((property) => shown(property, show));
}
