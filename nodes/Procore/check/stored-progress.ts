import type { IDataObject } from 'n8n-workflow';

import { isPosition, timeAt, type EventPosition } from '../model/event-position';
import { jsonObject, text } from '../model/json';

/** By then, n8n has long started the execution of a batch, or lost it. */
const LAST_BATCH_MS = 24 * 3_600_000;

/** The batch that was handed over to n8n last. It is lost if n8n stopped before it started the execution. */
export interface LastBatch {
	/** Milliseconds since 1970. */
	readonly at: number;
	/** The marks of its scopes before the batch. */
	readonly before: ReadonlyMap<string, EventPosition>;
}

/**
 * The progress of a search for events that did not arrive: one position per scope, however many events are found. n8n saves it
 * with its static data each time a check hands events over. With an older copy or none, events are found again, and the gate
 * recognizes them.
 */
export interface Progress {
	/** The mark of every scope that is not in {@link marks}. */
	readonly floor: EventPosition;
	/** By `scopeKey`, or by the key of a list: every event up to here was handed over. */
	readonly marks: ReadonlyMap<string, EventPosition>;
	readonly lastBatch: LastBatch | undefined;
}

/** Whose progress is stored. */
export type ProgressKey = 'recovery' | 'reconciliation';

/** Where an event is in the progress. */
export interface Positioned {
	/** The mark of its scope once it is handed over. */
	readonly position: EventPosition;
	/** `scopeKey` of the hook it was sent to, or the key of the list it was found in. */
	readonly scope: string;
}

/**
 * Reads stored progress. A mark that is not a position, or lies after now, would skip every event until then, so it counts as
 * missing and the floor applies.
 *
 * @param now milliseconds since 1970.
 * @returns undefined if there is none, or its floor is such a mark.
 */
export function recallProgress(
	staticData: IDataObject,
	key: ProgressKey,
	now: number,
): Progress | undefined {
	const { floor, marks, lastBatch } = jsonObject(staticData[key]);
	const { at, before } = jsonObject(lastBatch);
	const known = text(floor);
	if (!isReached(known, now)) return undefined;
	const readMarks = (value: unknown): Map<string, EventPosition> =>
		new Map(
			Object.entries(jsonObject(value)).map(([scope, stored]) => {
				const mark = text(stored);
				return [scope, isReached(mark, now) ? mark : known];
			}),
		);
	return {
		floor: known,
		marks: readMarks(marks),
		lastBatch: typeof at === 'number' ? { at, before: readMarks(before) } : undefined,
	};
}

function isReached(mark: string, now: number): boolean {
	return isPosition(mark) && timeAt(mark) <= now;
}

/** Replaces the stored progress. */
export function rememberProgress(
	staticData: IDataObject,
	key: ProgressKey,
	{ floor, marks, lastBatch }: Progress,
): void {
	staticData[key] = {
		floor,
		marks: Object.fromEntries(marks),
		...(lastBatch === undefined
			? {}
			: { lastBatch: { at: lastBatch.at, before: Object.fromEntries(lastBatch.before) } }),
	};
}

/** Returns the state once a batch is handed over. @param at milliseconds since 1970. */
export function afterBatch(
	{ floor, marks: earlier }: Progress,
	batch: readonly Positioned[],
	at: number,
): Progress {
	const marks = new Map(earlier);
	const before = new Map<string, EventPosition>();
	for (const { scope, position } of batch) {
		before.set(scope, earlier.get(scope) ?? floor);
		marks.set(scope, position);
	}
	return { floor, marks, lastBatch: { at, before } };
}

/**
 * Reverts to the position before the last batch, for the first check of a process: the previous one might have ended before n8n
 * started its execution. If it had started, the gate drops the events.
 */
export function takeBackLastBatch(state: Progress, now: number): Progress {
	const { floor, marks, lastBatch } = state;
	if (lastBatch === undefined || now - lastBatch.at > LAST_BATCH_MS) return state;
	return { floor, marks: new Map([...marks, ...lastBatch.before]), lastBatch: undefined };
}
