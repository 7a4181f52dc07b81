import { WITHOUT_STATE_MS } from '../hook/stored-state';
import { positionAt, timeAt } from '../model/event-position';
import type { TimeSpan } from '../record/time-span';
import type { Progress } from './stored-progress';
import { DECIDED_AFTER_MS } from './unrecorded-changes';

/** The values of the option `reconcile`. */
export const RECONCILE = ['never', 'daily', 'everyCheck'] as const;
export type Reconcile = (typeof RECONCILE)[number];

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** A check that runs an hour late must not skip a day. */
const DAILY_AFTER_MS = 23 * HOUR_MS;

/** The longest window. It bounds how many deliveries a check has to read. */
const MAX_WINDOW_MS = WITHOUT_STATE_MS;

/** Reads the option. Anything unknown counts as `never`. */
export function reconcileOption(value: unknown): Reconcile {
	return RECONCILE.find((known) => known === value) ?? 'never';
}

/** Returns the end of the window of a check, in milliseconds since 1970. */
export function windowEnd(now: number): number {
	return secondOf(now - DECIDED_AFTER_MS);
}

/** The times of records have whole seconds. */
function secondOf(time: number): number {
	return Math.floor(time / SECOND_MS) * SECOND_MS;
}

/**
 * Returns the progress from which a check continues. The first check of a process never goes back further than one without progress:
 * n8n saves the progress only when a check starts an execution, so that of the last process can be weeks old.
 *
 * @param progress the stored one; undefined if there is none.
 * @param since when the node's hooks were created, ISO 8601; unknown if empty or after now.
 * @param isFirst whether it is the first check of a process.
 * @param now milliseconds since 1970.
 */
export function continuedFrom(
	progress: Progress | undefined,
	since: string,
	isFirst: boolean,
	now: number,
): Progress {
	const lookBack = windowEnd(now) - WITHOUT_STATE_MS;
	const begin = Date.parse(since);
	if (progress === undefined) {
		const start = begin <= now ? Math.max(begin, lookBack) : lookBack;
		return { floor: positionAt(secondOf(start)), marks: new Map(), lastBatch: undefined };
	}
	if (!isFirst) return progress;
	const earliest = positionAt(lookBack);
	const notBefore = (position: string) => (position < earliest ? earliest : position);
	const { floor, marks, lastBatch } = progress;
	return {
		floor: notBefore(floor),
		marks: new Map([...marks].map(([list, mark]) => [list, notBefore(mark)])),
		lastBatch,
	};
}

/**
 * Returns the window in which a list is compared with the events, in whole seconds. Windows adjoin: each starts in the second in
 * which the last one that was compared completely ended.
 *
 * @param list its key.
 * @param to from {@link windowEnd}.
 * @returns undefined if nothing is due.
 */
export function dueWindow(
	{ floor, marks }: Progress,
	list: string,
	to: number,
	every: Exclude<Reconcile, 'never'>,
	isContinued: boolean,
): TimeSpan | undefined {
	const from = secondOf(timeAt(marks.get(list) ?? floor));
	const isDue = every === 'everyCheck' || isContinued || to - from >= DAILY_AFTER_MS;
	if (!isDue || from >= to) return undefined;
	return { from, to: Math.min(to, from + MAX_WINDOW_MS) };
}

/**
 * Returns the progress after a check. Lists that got equally far share one floor.
 *
 * @param lists the keys of all lists of the node.
 * @param reached how far lists were compared and their events handed over, in milliseconds since 1970. Others keep their marks.
 */
export function afterReconciliation(
	{ floor, marks, lastBatch }: Progress,
	lists: readonly string[],
	reached: ReadonlyMap<string, number>,
): Progress {
	const positions = lists.map((list) => {
		const time = reached.get(list);
		return [list, time === undefined ? (marks.get(list) ?? floor) : positionAt(time)] as const;
	});
	const next = positions.reduce((one, [, other]) => (other > one ? other : one), floor);
	return {
		floor: next,
		marks: new Map(positions.filter(([, position]) => position < next)),
		lastBatch,
	};
}
