import type { IDataObject } from 'n8n-workflow';

import { changeKey, type ChangedRecord } from '../../record/changes';
import type { TimeSpan } from '../../record/time-span';
import type { OperationRun } from '../operation';
import { cursorOf, storeCursors } from './change-cursors';

const HOUR_MS = 3_600_000;

/** What the first run returns. */
const FIRST_RUN_MS = 24 * HOUR_MS;

/**
 * How much of the previous run is read again: a change can appear in a list some time after its `updated_at`. The
 * deduplication recognizes what was returned.
 */
const OVERLAP_MS = 10 * 60_000;

/** How far Procore's clock can be ahead of the local one. */
const CLOCK_MS = HOUR_MS;

/** The position in a list that a node reads repeatedly. */
export interface Cursor {
	/** A key of the list. */
	readonly list: string;
	/** Its position before this run, in milliseconds since 1970. */
	readonly at: number;
}

/** Which changes to read. */
export interface ChangesWindow {
	readonly span: TimeSpan;
	/** Milliseconds since 1970. A record that was created later is new to the node. */
	readonly isNewAfter: number;
	/** Undefined if every change in the span is returned. */
	readonly cursor?: Cursor;
}

/**
 * Returns the window of a run: the given times, else everything since the last run.
 *
 * @param list a key of the list.
 * @param given in milliseconds since 1970.
 * @param memory the node's static data; undefined in a manual run.
 * @param now milliseconds since 1970.
 */
export function windowOf(
	list: string,
	given: { readonly since: number | undefined; readonly until: number | undefined },
	memory: IDataObject | undefined,
	now: number,
): ChangesWindow {
	const to = given.until ?? now + CLOCK_MS;
	const remembers = given.since === undefined && memory !== undefined;
	const last = remembers ? cursorOf(memory, list) : undefined;
	const since = given.since ?? last ?? now - FIRST_RUN_MS;
	const cursor = remembers ? { cursor: { list, at: since } } : {};
	return last === undefined
		? // A record that was created at this time is new as well.
			{ span: { from: since, to }, isNewAfter: since - 1, ...cursor }
		: { span: { from: last - OVERLAP_MS, to }, isNewAfter: last, ...cursor };
}

/** The changes that an item requests. */
export interface ItemChanges {
	/** Oldest change first. */
	readonly records: readonly ChangedRecord[];
	readonly limit: number;
	readonly cursor?: Cursor;
}

/** Returns the time of the last change, if it is later than `at`. */
function latestOf(records: readonly ChangedRecord[], at: number): number {
	const times = records.map(({ updatedAt }) => updatedAt).filter((time) => !Number.isNaN(time));
	return times.reduce((one, other) => Math.max(one, other), at);
}

/**
 * Picks what earlier runs have not returned, and moves the cursors behind it. The next cursor is the time of the last change,
 * so the local clock does not matter.
 */
export async function pickNewChanges(
	items: readonly ItemChanges[],
	run: Pick<OperationRun, 'memory' | 'pickNew'>,
): Promise<ChangedRecord[][]> {
	// A change that could happen again within the same second would not be recognized as new; the next run returns it.
	const settled = items.map(({ records }) => records.filter(({ isSettled }) => isSettled));
	const picked = await run.pickNew(
		items.map(({ limit, cursor }, index) => ({
			limit: cursor === undefined ? 0 : limit,
			candidates:
				cursor === undefined
					? []
					: (settled[index] ?? []).map((record) => ({
							key: `${cursor.list} ${changeKey(record)}`,
							value: record,
						})),
		})),
	);
	const cursors = new Map<string, number>();
	const output = items.map(({ records, limit, cursor }, index) => {
		if (cursor === undefined) return records.slice(0, limit);
		const { taken, isWhole } = picked[index] ?? { taken: [], isWhole: false };
		const next = latestOf(isWhole ? (settled[index] ?? []) : taken, cursor.at);
		// Several items can ask for the same list.
		cursors.set(cursor.list, Math.min(next, cursors.get(cursor.list) ?? Infinity));
		return taken;
	});
	const { memory } = run;
	if (memory !== undefined) storeCursors(memory, cursors);
	return output;
}
