import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Settled } from '../../api/concurrency';
import { companyLocator } from '../../descriptions/shared';
import { scopeKey, type Scope } from '../../model/scope';
import { changeType, eventOf } from '../../record/changed-event';
import { CHANGED_LISTS, isProjectList } from '../../record/changed-lists';
import {
	planChanges,
	readChanges,
	type ChangedRecord,
	type ChangesQuery,
} from '../../record/changes';
import { listProperties } from '../list-parameters';
import type { BatchOperation, OperationRun } from '../operation';
import type { OperationItem } from '../operation-item';
import { resourceLocator } from '../resource-locator';
import { projectLocator } from '../scope-parameters';
import { pickNewChanges, windowOf, type ItemChanges } from './new-changes';

const SHOW = { resource: ['record'], operation: ['getChanged'] };

const IN_PROJECTS = Object.entries(CHANGED_LISTS)
	.filter(([, changed]) => isProjectList(changed))
	.map(([name]) => name)
	.sort();

function shownWith(property: INodeProperties, more: object = {}): INodeProperties {
	return { ...property, displayOptions: { show: { ...SHOW, ...more } } };
}

export const description: INodeProperties[] = [
	shownWith({
		...resourceLocator('searchRecordResources'),
		default: { __rl: true, mode: 'list', value: 'RFIs' },
		description:
			'Resource whose changed records to return. Only resources that Procore can filter by the time of their last change are offered. Deleted records are not found.',
	}),
	shownWith(companyLocator),
	shownWith(projectLocator, { resourceName: IN_PROJECTS }),
	shownWith({
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description:
			"Only include records that changed at or after this time. Leave empty to return each change once: everything that changed since this node's last successful run. The first run, and every manual run, then returns the last 24 hours.",
	}),
	shownWith({
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description:
			'Only include records that changed at or before this time. A date without a time includes the whole day.',
	}),
	...listProperties('record', 'getChanged').filter(({ name }) => name !== 'simplify'),
	shownWith({
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'records',
		options: [
			{
				name: 'Events',
				value: 'events',
				description:
					"The changes in the format of Procore Trigger, without what a record doesn't contain: the IDs of the event, the user and the app",
			},
			{ name: 'Records', value: 'records', description: 'The records as they are now' },
		],
		description: 'What to return. Several changes of a record are one item.',
	}),
];

const OUTPUTS = ['records', 'events'] as const;

/** The changes that an item requests, and their output. */
interface Requested extends ItemChanges {
	readonly toJson: (record: ChangedRecord) => IDataObject;
}

/** @throws NodeOperationError if a parameter is missing or invalid. */
function queryOf(item: OperationItem): ChangesQuery {
	const plan = planChanges(
		item.text('resourceName'),
		item.companyId(),
		item.id('projectId', 'Project', 'project'),
	);
	if (plan.ok) return plan.query;
	throw item.refuse(plan.message);
}

function listKey({ resourceName, companyId, projectId }: ChangesQuery): string {
	const scope: Scope =
		projectId === null ? { kind: 'company', companyId } : { kind: 'project', companyId, projectId };
	return `${resourceName} ${scopeKey(scope)}`;
}

/** Reads the changes that an item requests. Does not record them as returned yet. */
async function readItem(item: OperationItem, { memory }: OperationRun): Promise<Requested> {
	const output = item.oneOf('output', 'Output', OUTPUTS) ?? 'records';
	const query = queryOf(item);
	const limit = item.limit();
	const since = item.instant('since', 'Since');
	const until = item.instant('until', 'Until', true);
	if (since !== undefined && until !== undefined && until < since) {
		throw item.refuse('Until is before Since, so no change can match. Correct one of them.');
	}
	const { span, isNewAfter, ...window } = windowOf(
		listKey(query),
		{ since, until },
		memory,
		Date.now(),
	);
	const { transport } = item.procore;
	const records = span.from > span.to ? [] : await readChanges(transport, query, span, Date.now);
	return {
		...window,
		records,
		limit,
		toJson: (record) =>
			output === 'records'
				? record.row
				: { ...eventOf(record, query, changeType(record, isNewAfter)) },
	};
}

/** Reads for all items first, so that changes are only recorded as returned once it is certain that they are output. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const read = await runConcurrently(items, async (item) => await readItem(item, run));
	if (!run.continuesOnFail && read.some(({ ok }) => !ok)) {
		return read.map((each) => (each.ok ? { ok: true, value: [] } : each));
	}
	const none: ItemChanges = { records: [], limit: 0 };
	const picked = await pickNewChanges(
		read.map((each) => (each.ok ? each.value : none)),
		run,
	);
	return read.map((each, index): Settled<IDataObject[]> => {
		return each.ok ? { ok: true, value: (picked[index] ?? []).map(each.value.toJson) } : each;
	});
};
