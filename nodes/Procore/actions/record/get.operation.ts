import { deepCopy, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { ContextReader } from '../../record/context';
import type { Reading } from '../../record/freshness';
import { shown } from '../list-parameters';
import type { BatchOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { readRecords } from './read-records';
import { optionsParameter, readOptions, subjectParameters, waitOption } from './record-parameters';
import { explainMissing, readRequest, type RecordRequestOfItem } from './record-request';

const parameters: INodeProperties[] = [
	...subjectParameters,
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
	optionsParameter([
		{
			displayName: 'Add Names and Link',
			name: 'addContext',
			type: 'boolean',
			default: false,
			description:
				"Whether to add context: the names of the company and project, the name and email address of the user who made the change, and the record's URL in Procore. What the account can't access is null.",
		},
		...readOptions,
		waitOption('the last result is returned with record_state set to outdated'),
	]),
];

export const description = parameters.map((parameter) =>
	shown(parameter, { resource: ['record'], operation: ['get'] }),
);

const OUTPUTS = ['record', 'eventAndRecord'] as const;

/** What one input item requests. */
interface ItemRequest extends RecordRequestOfItem {
	readonly output: (typeof OUTPUTS)[number];
	readonly addsContext: boolean;
}

/** @throws NodeOperationError if a parameter is missing or invalid, or Procore has no endpoint for the record. */
function readItem(item: OperationItem): ItemRequest {
	const output = item.oneOf('output', 'Output', OUTPUTS) ?? 'record';
	return { ...readRequest(item), output, addsContext: item.flag('options.addContext') };
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
		throw item.refuse(explainMissing(subject));
	}
	const { state } = reading;
	// Items can share a reading, so each gets a copy that later nodes can change.
	const record = deepCopy(reading.record);
	if (output === 'eventAndRecord') return { event, record, record_state: state };
	if (record === null) return {};
	return state === 'outdated' ? { ...record, record_state: state } : record;
}

/** Returns the record of each item's event. Several events about the same record share one read. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const [first] = items;
	if (first === undefined) return [];
	const requests = await runConcurrently(
		items,
		async (item) => await Promise.resolve(readItem(item)),
	);
	const works = requests.flatMap((request) => (request.ok ? [request.value.work] : []));
	const readings = await readRecords(
		first.procore.transport,
		works.flatMap((work) => ('read' in work ? [work.read] : [])),
		works.flatMap((work) => ('deletion' in work ? [work.deletion] : [])),
		runConcurrently,
	);
	const results = await Promise.all(
		requests.map(
			async (request) =>
				await settle(async () => {
					if (!request.ok) throw request.failure;
					const { work } = request.value;
					const reading = 'read' in work ? readings.get(work.read) : undefined;
					if (reading?.ok === false) throw reading.failure;
					const json = outputOf(request.value, reading?.value);
					return await Promise.resolve({ ...request.value, json, record: reading?.value.record });
				}),
		),
	);
	// If a failure ends the run, names would be read in vain.
	if (!run.continuesOnFail && results.some(({ ok }) => !ok)) {
		return results.map((result) => (result.ok ? { ok: true, value: [result.value.json] } : result));
	}
	const contexts = new ContextReader(first.procore);
	return await runConcurrently(results, async (result) => {
		if (!result.ok) throw result.failure;
		const { addsContext, subject, userId, record = null, json } = result.value;
		if (!addsContext) return [json];
		const context = await contexts.read({ ...subject, userId, record });
		return [{ ...json, context: { ...context } }];
	});
};
