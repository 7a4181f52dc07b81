import type { ProcoreEvent } from '../model/event';
import { textOrNull, type JsonObject } from '../model/json';

/** What a record is compared with: the change that the event tells of. */
export type Cause = Pick<ProcoreEvent, 'event_type' | 'timestamp'>;

/**
 * How a record stands to its event.
 * - `current`: it holds the change.
 * - `outdated`: it was last changed before the event, so the change is not in it yet.
 * - `unverified`: there is nothing to tell by; no event, or a record without `updated_at`, as departments are.
 */
export type Freshness = 'current' | 'outdated' | 'unverified';

/**
 * How much older than its event a record may look and still hold the change, in milliseconds: Procore commits a change
 * before it makes the event of it (guide to webhooks), and writes `updated_at` in whole seconds.
 */
const SLACK_MS = 2000;

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 4000;

/** After how long a record is looked for once more, in milliseconds, if it is missing and not new. */
const SECOND_LOOK_MS = 1000;

/** How a record stands to the change that its event tells of; without an event, `unverified`. */
export function freshnessOf(record: JsonObject, cause: Cause | undefined): Freshness {
	const changedAt = Date.parse(textOrNull(record.updated_at) ?? '');
	const eventAt = Date.parse(cause?.timestamp ?? '');
	if (cause === undefined) return 'unverified';
	if (Number.isNaN(changedAt) || Number.isNaN(eventAt)) {
		// That it is there is all that a create can tell.
		return cause.event_type === 'create' ? 'current' : 'unverified';
	}
	return changedAt + SLACK_MS > eventAt ? 'current' : 'outdated';
}

/** The latest of several events about one record; it decides what is new enough. */
export function latest<Event extends Pick<Cause, 'timestamp'>>(
	events: readonly Event[],
): Event | undefined {
	const at = ({ timestamp }: Event) => Date.parse(timestamp) || 0;
	return events.reduce<Event | undefined>(
		(last, event) => (last === undefined || at(event) > at(last) ? event : last),
		undefined,
	);
}

/** What a read came to: the record, or that Procore has none. */
export type Reading =
	| { readonly record: JsonObject; readonly state: Freshness }
	| { readonly record: null; readonly state: 'missing' };

/** How to wait; the clock and the pause are given, so that a test can do without either. */
export interface Waiting {
	/** How long a record that is too old, or new and not there yet, is read again, in milliseconds. */
	readonly waitMs: number;
	/**
	 * How a missing record is looked for: until the time is up, if it was just created; once more, if it is only said to
	 * have changed; not again, if the tool shows nothing to the account.
	 */
	readonly missing: () => 'wait' | 'lookTwice' | 'giveUp';
	readonly now: () => number;
	readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Reads until the record holds the change that the event tells of, or the time is up; then the newest read counts. Right
 * after the event Procore might answer with the old record, or with none.
 *
 * @param read gives undefined if Procore has no such record.
 * @param cause the event; without one there is nothing to wait for.
 * @throws what `read` throws.
 */
export async function readUntilCurrent(
	read: () => Promise<JsonObject | undefined>,
	cause: Cause | undefined,
	{ waitMs, missing, now, sleep }: Waiting,
): Promise<Reading> {
	const giveUpAt = now() + waitMs;
	let wasLookedForTwice = false;
	for (let delay = FIRST_DELAY_MS; ; delay = Math.min(2 * delay, LONGEST_DELAY_MS)) {
		const record = await read();
		const left = giveUpAt - now();
		if (record !== undefined) {
			const state = freshnessOf(record, cause);
			if (state !== 'outdated' || left <= 0) return { record, state };
			await sleep(Math.min(delay, left));
			continue;
		}
		const next = missing();
		const isOver = left <= 0 || next === 'giveUp' || (next === 'lookTwice' && wasLookedForTwice);
		if (cause === undefined || isOver) return { record: null, state: 'missing' };
		wasLookedForTwice = true;
		await sleep(Math.min(next === 'lookTwice' ? SECOND_LOOK_MS : delay, left));
	}
}
