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
		description: 'Resource of the record. Taken from the event by default.',
	},
	{
		displayName: 'Record ID',
		name: 'recordId',
		type: 'string',
		default: '={{ $json.resource_id }}',
		required: true,
		description: 'ID of the record in Procore. Taken from the event by default.',
	},
	fromEvent(
		companyLocator,
		'company_id',
		"Taken from the event by default; otherwise the credential's company",
	),
	fromEvent(
		projectLocator,
		'project_id',
		'Taken from the event by default. Not needed for company-level records.',
	),
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'record',
		options: [
			{ name: 'Record', value: 'record', description: 'Only the record' },
			{
				name: 'Event and Record',
				value: 'eventAndRecord',
				description:
					'The input item as event, the record as record, and record_state, which tells whether the record includes the change',
			},
		],
		description: 'What to output. For a deleted record, the event is returned instead.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'If Record Is Missing',
				name: 'missing',
				type: 'options',
				default: 'error',
				options: [
					{ name: 'Fail', value: 'error', description: 'Stop with an error' },
					{
						name: 'Return an Empty Item',
						value: 'empty',
						description: 'Continue without the record',
					},
				],
				description:
					"What to do if the record doesn't exist (e.g. it has since been deleted) or the account can't access it",
			},
			{
				displayName: 'Wait for Change',
				name: 'waitForChange',
				type: 'boolean',
				default: true,
				description: 'Whether to retry while Procore still returns the record without the change',
			},
			{
				displayName: 'Maximum Wait (Seconds)',
				name: 'waitSeconds',
				type: 'number',
				default: 10,
				typeOptions: { minValue: 0, maxValue: 300 },
				description:
					'How long to keep retrying. After that, the last result is returned with record_state set to outdated.',
			},
		],
	},
];

/** Which record, defaulting to the one of the incoming event, and what to make of it. */
export function recordProperties(show: Show): INodeProperties[] {
	return properties.map((property) => shown(property, show));
}
