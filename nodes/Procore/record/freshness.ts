import type { ProcoreEvent } from '../model/event';
import { textOrNull, type JsonObject } from '../model/json';

/** The change that an event reports, which the record should include. */
export type Cause = Pick<ProcoreEvent, 'event_type' | 'timestamp'>;

/**
 * Whether a record includes the change of its event.
 * - `current`: it does.
 * - `outdated`: it was last updated before the event, so it does not include the change yet.
 * - `unverified`: unknown, because there is no event or the record has no `updated_at`, for example a department.
 */
export type Freshness = 'current' | 'outdated' | 'unverified';

/**
 * How many milliseconds `updated_at` can be before the event: Procore commits a change before it creates the event (guide to
 * webhooks), and rounds `updated_at` to seconds [EVENT-AFTER-COMMIT].
 */
const SLACK_MS = 2000;

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 4000;

/** Milliseconds before the second attempt to read a record that is missing and not new. */
const SECOND_LOOK_MS = 1000;

/** Compares a record with the change of its event. */
export function freshnessOf(record: JsonObject, cause: Cause | undefined): Freshness {
	const changedAt = Date.parse(textOrNull(record.updated_at) ?? '');
	const eventAt = Date.parse(cause?.timestamp ?? '');
	if (cause === undefined) return 'unverified';
	if (Number.isNaN(changedAt) || Number.isNaN(eventAt)) {
		// A record that exists includes its creation.
		return cause.event_type === 'create' ? 'current' : 'unverified';
	}
	return changedAt + SLACK_MS > eventAt ? 'current' : 'outdated';
}

/** Returns the latest of several events. */
export function latest<Event extends Pick<Cause, 'timestamp'>>(
	events: readonly Event[],
): Event | undefined {
	const at = ({ timestamp }: Event) => Date.parse(timestamp) || 0;
	return events.reduce<Event | undefined>(
		(last, event) => (last === undefined || at(event) > at(last) ? event : last),
		undefined,
	);
}

/** The result of a read: the record, or that it is missing. */
export type Reading =
	| { readonly record: JsonObject; readonly state: Freshness }
	| { readonly record: null; readonly state: 'missing' };

/** How long to retry. The clock and the pause are parameters for tests. */
export interface Waiting {
	/** Milliseconds to retry while the record is outdated, or new and not available yet. */
	readonly waitMs: number;
	/**
	 * What to do about a missing record: retry until the time is up if it was just created, read it once more if it was
	 * updated, or give up if the account cannot access the tool.
	 */
	readonly missing: () => 'wait' | 'lookTwice' | 'giveUp';
	readonly now: () => number;
	readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Reads a record until it includes the change of the event, or the time is up. Right after the event, Procore can still
 * return the old record, or none.
 *
 * @param read returns undefined if the record does not exist.
 * @param cause the change; undefined to read only once.
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
