import { deepCopy, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { settle, type Settled } from '../../api/concurrency';
import { companyLocator } from '../../descriptions/shared';
import type { ProcoreEvent } from '../../model/event';
import { describeScope } from '../../model/scope';
import { foldEventType } from '../../model/trigger';
import { RESOURCE_NAMES } from '../../record/catalogue';
import type { Reading } from '../../record/freshness';
import { planRequest, type RecordSubject } from '../../record/request';
import { shown } from '../list-parameters';
import type { BatchOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { projectLocator } from '../scope-parameters';
import { readRecords, type Deletion, type RecordRead } from './read-records';

/** Returns a copy of a locator that takes the id from the event by default. */
function fromEvent(locator: INodeProperties, field: string, description: string): INodeProperties {
	return {
		...locator,
		required: false,
		default: { __rl: true, mode: 'id', value: `={{ $json.${field} }}` },
		description,
	};
}

const parameters: INodeProperties[] = [
	{
		displayName: 'Resource Name',
		name: 'resourceName',
		type: 'options',
		options: RESOURCE_NAMES.map((name) => ({ name, value: name })),
		// A payload v4.0 that is not simplified has `resource_type`.
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
		description:
			'What to output. A deleted record cannot be read: its item has record_state set to deleted and the event in event.',
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

export const description = parameters.map((parameter) =>
	shown(parameter, { resource: ['record'], operation: ['get'] }),
);

const OUTPUTS = ['record', 'eventAndRecord'] as const;
const MISSING = ['error', 'empty'] as const;

const DEFAULT_WAIT_SECONDS = 10;
const MAX_WAIT_SECONDS = 300;

/** What one input item requests. */
interface ItemRequest {
	readonly item: OperationItem;
	readonly output: (typeof OUTPUTS)[number];
	readonly subject: RecordSubject;
	readonly missing: (typeof MISSING)[number];
	/** A deleted record is not read. */
	readonly work: { readonly read: RecordRead } | { readonly deletion: Deletion };
}

/** Whether the event is about the requested record. The parameters can select another one. */
function isAbout(event: ProcoreEvent, { resourceName, recordId }: RecordSubject): boolean {
	return (
		event.resource_id === recordId &&
		event.resource_name.toLowerCase() === resourceName.toLowerCase()
	);
}

/** @throws NodeOperationError if a parameter is missing or invalid, or Procore has no endpoint for the record. */
function readRequest(item: OperationItem): ItemRequest {
	const output = item.oneOf('output', 'Output', OUTPUTS) ?? 'record';
	const resourceName = item.text('resourceName');
	if (resourceName === '') {
		throw item.refuse(
			'Resource Name is missing. Connect this node directly after a Procore Trigger, or select one in Resource Name.',
		);
	}
	const event = item.event();
	const subject: RecordSubject = {
		resourceName,
		recordId: item.text('recordId'),
		companyId:
			item.id('companyId', 'Company', 'company') || (event?.company_id ?? item.companyId()),
		projectId: item.id('projectId', 'Project', 'project') || (event?.project_id ?? ''),
		relatedResources: event?.related_resources ?? [],
	};
	const cause =
		event !== undefined && isAbout(event, subject)
			? { timestamp: event.timestamp, event_type: foldEventType(event.event_type) }
			: undefined;
	if (cause?.event_type === 'delete') {
		return { item, output, subject, missing: 'error', work: { deletion: { subject, cause } } };
	}
	const plan = planRequest(subject);
	if (!plan.ok) throw item.refuse(plan.message);
	const waits = item.flag('options.waitForChange', true);
	const waitSeconds =
		item.number('options.waitSeconds', 'Maximum Wait (Seconds)', 0, MAX_WAIT_SECONDS) ??
		DEFAULT_WAIT_SECONDS;
	const missing = item.oneOf('options.missing', 'If Record Is Missing', MISSING) ?? 'error';
	const read: RecordRead = {
		subject,
		cause,
		address: { ...subject, request: plan.request },
		waitMs: waits ? waitSeconds * 1000 : 0,
	};
	return { item, output, subject, missing, work: { read } };
}

function describe({ resourceName, recordId, companyId, projectId }: RecordSubject): string {
	const place = describeScope(
		projectId === '' ? { kind: 'company', companyId } : { kind: 'project', companyId, projectId },
	);
	return `${resourceName} ${recordId} was not found in ${place}`;
}

/** @throws NodeOperationError if the record is missing and the options say to fail. */
function outputOf(request: ItemRequest, reading: Reading | undefined): IDataObject {
	const { item, output, subject, missing } = request;
	const event = item.input();
	if (reading === undefined) {
		// The fields of the event, such as its id, must not be taken for those of the record.
		const deleted = { record_state: 'deleted', event };
		return output === 'record' ? deleted : { event, record: null, record_state: 'deleted' };
	}
	if (reading.state === 'missing' && missing === 'error') {
		throw item.refuse(
			`${describe(subject)}, or this account can't access it. Check the IDs, or select Return an Empty Item in If Record Is Missing.`,
		);
	}
	const { state } = reading;
	// Items can share a reading, so each gets a copy that later nodes can change.
	const record = deepCopy(reading.record);
	if (output === 'eventAndRecord') return { event, record, record_state: state };
	if (record === null) return {};
	return state === 'outdated' ? { ...record, record_state: state } : record;
}

/** Returns the record of each item's event. Several events about the same record share one read. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently) => {
	const [first] = items;
	if (first === undefined) return [];
	const requests = await runConcurrently(
		items,
		async (item) => await Promise.resolve(readRequest(item)),
	);
	const works = requests.flatMap((request) => (request.ok ? [request.value.work] : []));
	const readings = await readRecords(
		first.procore.transport,
		works.flatMap((work) => ('read' in work ? [work.read] : [])),
		works.flatMap((work) => ('deletion' in work ? [work.deletion] : [])),
		runConcurrently,
	);
	const readingOf = ({ work }: ItemRequest): Settled<Reading> | undefined =>
		'read' in work ? readings.get(work.read) : undefined;
	return await Promise.all(
		requests.map(
			async (request) =>
				await settle(async () => {
					if (!request.ok) throw request.failure;
					const reading = readingOf(request.value);
					if (reading?.ok === false) throw reading.failure;
					return await Promise.resolve([outputOf(request.value, reading?.value)]);
				}),
		),
	);
};
