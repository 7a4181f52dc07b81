import type { INodeProperties } from 'n8n-workflow';

import { companyLocator } from '../../descriptions/shared';
import { resourceLocator } from '../resource-locator';
import { projectLocator } from '../scope-parameters';

/**
 * Returns a copy of a locator that takes its value from the event by default. In the mode `list`, the editor's switch to
 * "Fixed" opens the list at the first click, also without an event: a list of options would then become `null`, which the
 * editor replaces with the default again.
 */
function fromEvent(
	locator: INodeProperties,
	expression: string,
	description: string,
): INodeProperties {
	return {
		...locator,
		required: false,
		default: { __rl: true, mode: 'list', value: `={{ ${expression} }}` },
		description,
	};
}

/** Which record: by default the one of the event in the input item. */
export const subjectParameters: readonly INodeProperties[] = [
	{
		...fromEvent(
			resourceLocator('searchRecordResources'),
			// A payload v4.0 that is not simplified has `resource_type`.
			'$json.resource_name ?? $json.resource_type',
			'Resource of the record, such as RFIs, Submittals or Images. Taken from the event by default.',
		),
		required: true,
	},
	{
		displayName: 'Record ID',
		name: 'recordId',
		type: 'string',
		default: '={{ $json.resource_id }}',
		required: true,
		description:
			'ID of the record in Procore, which is not its number. Taken from the event by default.',
	},
	fromEvent(
		companyLocator,
		'$json.company_id',
		"Taken from the event by default; otherwise the credential's company",
	),
	fromEvent(
		projectLocator,
		'$json.project_id',
		'Taken from the event by default. Not needed for company-level records. An expression or an AI model can also give its name.',
	),
];

/** The option for how long to wait. @param afterwards what happens if the record is still outdated then. */
export function waitOption(afterwards: string): INodeProperties {
	return {
		displayName: 'Maximum Wait (Seconds)',
		name: 'waitSeconds',
		type: 'number',
		default: 10,
		typeOptions: { minValue: 0, maxValue: 300 },
		description: `How long to keep retrying. After that, ${afterwards}.`,
	};
}

/** Options for reading the record: what to do if it is missing, and whether to wait for the change. */
export const readOptions: readonly INodeProperties[] = [
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
];

/** Creates the collection Options. */
export function optionsParameter(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...options],
	};
}
