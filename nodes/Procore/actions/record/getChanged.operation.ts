import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Settled } from '../../api/concurrency';
import { companyLocator } from '../../descriptions/shared';
import { scopeKey } from '../../model/scope';
import { changeType, eventOf } from '../../record/changed-event';
import {
	CHANGED_LISTS,
	CHANGED_RESOURCES,
	isProjectList,
} from '../../record/changed-lists';
import {
	changeKey,
	planChanges,
	readChanges,
	type ChangedRecord,
	type ChangesQuery,
} from '../../record/changes';
import { listProperties } from '../list-parameters';
import type { BatchOperation, OperationRun } from '../operation';
import type { OperationItem } from '../operation-item';
import { projectLocator } from '../scope-parameters';
import { cursorOf, storeCursors } from './change-cursors';

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
		displayName: 'Resource Name',
		name: 'resourceName',
		type: 'options',
		options: CHANGED_RESOURCES.map((name) => ({ name, value: name })),
		default: 'RFIs',
		required: true,
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
					"The changes in the format of Procore Trigger, without what a record doesn't tell: IDs of the event, the user and the app",
			},
			{ name: 'Records', value: 'records', description: 'The records as they are now' },
		],
		description: 'What to return. Several changes of a record are one item.',
	}),
];

const OUTPUTS = ['records', 'events'] as const;

const HOUR_MS = 3_600_000;

/** What the first run returns. */
const FIRST_RUN_MS = 24 * HOUR_MS;

/**
 * How much of the previous run is read again: a change can appear in a list some time after its `updated_at`. The
 * deduplication recognizes what was returned.
 */
const OVERLAP_MS = 5 * 60_000;

/** Procore's clock can be ahead of the local one. */
const CLOCK_MS = HOUR_MS;

/** A change and its output. */
interface Change {
	readonly record: ChangedRecord;
	readonly json: IDataObject;
}

/** The changes that an item requests, oldest first. */
interface ItemChanges {
	readonly changes: readonly Change[];
	readonly limit: number;
	/** Only for an item without Since, outside of a manual run. */
	readonly cursor?: {
		/** A key of the list. */
		readonly list: string;
		/** Its position before this run, in milliseconds since 1970. */
		readonly at: number;
	};
}

function planOf(item: OperationItem): ChangesQuery {
	const plan = planChanges(
		item.text('resourceName'),
		item.companyId(),
		item.id('projectId', 'Project', 'project'),
	);
	if (plan.ok) return plan.query;
	throw item.refuse(plan.message);
}

function listKey({ resourceName, companyId, projectId }: ChangesQuery): string {
	const scope =
		projectId === null
			? scopeKey({ kind: 'company', companyId })
			: scopeKey({ kind: 'project', companyId, projectId });
	return `${resourceName} ${scope}`;
}

/** Reads the changes that an item requests. Does not record them as returned yet. */
async function readItem(item: OperationItem, { memory }: OperationRun): Promise<ItemChanges> {
	const output = item.oneOf('output', 'Output', OUTPUTS) ?? 'records';
	const query = planOf(item);
	const limit = item.limit();
	const given = item.instant('since', 'Since');
	const until = item.instant('until', 'Until', true);
	if (given !== undefined && until !== undefined && until < given) {
		throw item.refuse('Until is before Since, so nothing can match. Correct one of them.');
	}
	const startedAt = Date.now();
	const list = listKey(query);
	const last = given === undefined && memory !== undefined ? cursorOf(memory, list) : undefined;
	const since = given ?? last ?? startedAt - FIRST_RUN_MS;
	const span = {
		from: last === undefined ? since : last - OVERLAP_MS,
		to: until ?? startedAt + CLOCK_MS,
	};
	// Without an earlier run, a record that was created at `since` is new too.
	const isNewAfter = last ?? since - 1;
	const records =
		span.from > span.to
			? []
			: await readChanges(item.procore.transport, query, span, () => Date.now());
	const changes = records.map((record) => ({
		record,
		json:
			output === 'records'
				? record.row
				: { ...eventOf(record, query, changeType(record, isNewAfter)) },
	}));
	if (given !== undefined || memory === undefined) return { changes, limit };
	// A change that could happen again within the same second would not be recognized as new; the next run returns it.
	const settled = changes.filter(({ record }) => record.isSettled);
	return { changes: settled, limit, cursor: { list, at: since } };
}

/** Returns the time of the last change that has one, if it is later than `at`. A time in the future does not count. */
function latestOf(changes: readonly Change[], at: number): number {
	const now = Date.now();
	return changes.reduce(
		(latest, { record: { updatedAt } }) =>
			updatedAt > latest ? Math.min(updatedAt, Math.max(now, latest)) : latest,
		at,
	);
}

/**
 * Picks what earlier runs have not returned, and moves the cursors behind it. The time of the last change is the next
 * cursor, so that no clock but Procore's matters.
 */
async function pickUnreturned(
	items: readonly ItemChanges[],
	{ pickNew, memory }: OperationRun,
): Promise<Change[][]> {
	const picked = await pickNew(
		items.map(({ changes, limit, cursor }) => ({
			limit: cursor === undefined ? 0 : limit,
			candidates:
				cursor === undefined
					? []
					: changes.map((change) => ({
							key: `${cursor.list} ${changeKey(change.record)}`,
							value: change,
						})),
		})),
	);
	const cursors = new Map<string, number>();
	const output = items.map(({ changes, limit, cursor }, index) => {
		if (cursor === undefined) return changes.slice(0, limit);
		const { taken, isWhole } = picked[index] ?? { taken: [], isWhole: false };
		const next = latestOf(isWhole ? changes : taken, cursor.at);
		// Several items can ask for the same list.
		cursors.set(cursor.list, Math.min(next, cursors.get(cursor.list) ?? Infinity));
		return taken;
	});
	if (memory !== undefined) storeCursors(memory, cursors);
	return output;
}

/** Reads for all items first, so that changes are only recorded as returned once it is certain that they are output. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const read = await runConcurrently(items, async (item) => await readItem(item, run));
	if (!run.continuesOnFail && read.some(({ ok }) => !ok)) {
		return read.map((each) => (each.ok ? { ok: true, value: [] } : each));
	}
	const none: ItemChanges = { changes: [], limit: 0 };
	const output = await pickUnreturned(
		read.map((each) => (each.ok ? each.value : none)),
		run,
	);
	return read.map((each, index): Settled<IDataObject[]> => {
		return each.ok ? { ok: true, value: (output[index] ?? []).map(({ json }) => json) } : each;
	});
};
