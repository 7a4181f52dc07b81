import type { Procore } from '../api';
import { settle } from '../api/concurrency';
import type { OwnHook } from '../hook/stored-state';
import type { ReconciledEvent } from '../model/reconciled-event';
import { TOLERANCE_MS } from '../record/changed-event';
import { readChanges, type ChangedRecord } from '../record/changes';
import type { TimeSpan } from '../record/time-span';
import type { ReconciledList } from './reconciled-lists';
import { RecordedEvents, unrecordedChanges, type KnownEvents } from './unrecorded-changes';

/** Procore lists a delivery by the time of an attempt, and attempts an event for half a day [RETRY-GIVE-UP]. */
const DELIVERED_WITHIN_MS = 24 * 3_600_000;

/** A list, and the window in which it is to be compared. */
export interface DueList {
	readonly list: ReconciledList;
	readonly window: TimeSpan;
}

/** A list that was compared to the end of its window. */
export interface ComparedList extends DueList {
	/** Oldest first. */
	readonly unrecorded: readonly ReconciledEvent[];
}

/** What was found in a scope. A list for which there was no time or no request left is in neither. */
export interface ScopeComparison {
	readonly compared: readonly ComparedList[];
	readonly failures: readonly unknown[];
	/** Whether events might be waiting that the log of deliveries does not show yet. */
	readonly isOpen: boolean;
}

/** What the comparison of a scope needs. */
export interface CompareContext {
	readonly procore: Procore;
	/** The events that this process has received. */
	readonly live: KnownEvents;
	/** Milliseconds since 1970, after which no further list or page of deliveries is read. */
	readonly deadline: number;
	/** Runs a request unless the rate limit leaves none; undefined then. */
	readonly spend: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}

type ReadList = DueList & { readonly changed: readonly ChangedRecord[] };

/**
 * Compares the lists of a scope with the events of its hook. Reads the deliveries of the hook only if a change is not explained by
 * the events that this process has received.
 */
export async function compareScope(
	{ procore, live, deadline, spend }: CompareContext,
	hook: OwnHook,
	due: readonly DueList[],
): Promise<ScopeComparison> {
	const failures: unknown[] = [];
	const read: ReadList[] = [];
	for (const { list, window } of due) {
		if (Date.now() > deadline) break;
		const result = await settle(
			async () =>
				await spend(async () => await readChanges(procore.transport, list.query, window, Date.now)),
		);
		if (!result.ok) failures.push(result.failure);
		else if (result.value === undefined) break;
		else read.push({ list, window, changed: result.value });
	}
	const byLive = read.map((each) => compare(each, live));
	const suspect = byLive.filter(({ unrecorded }) => unrecorded.length > 0);
	const clear = byLive.filter(({ unrecorded }) => unrecorded.length === 0);
	if (suspect.length === 0) return { compared: clear, failures, isOpen: false };

	const recorded = await settle(
		async () =>
			await spend(async () => await readRecordedEvents(procore, hook, spanOf(suspect), deadline)),
	);
	if (!recorded.ok || recorded.value === undefined) {
		const missing = recorded.ok ? [] : [recorded.failure];
		return { compared: clear, failures: [...failures, ...missing], isOpen: false };
	}
	const { events, isOpen } = recorded.value;
	const known: KnownEvents = {
		hasSince: (...record) => live.hasSince(...record) || events.hasSince(...record),
	};
	return { compared: read.map((each) => compare(each, known)), failures, isOpen };
}

function compare({ list, window, changed }: ReadList, events: KnownEvents): ComparedList {
	const { query, eventTypes } = list;
	return {
		list,
		window,
		unrecorded: unrecordedChanges(changed, { query, window, eventTypes, events }),
	};
}

function spanOf(lists: readonly DueList[]): TimeSpan {
	return {
		from: Math.min(...lists.map(({ window }) => window.from)),
		to: Math.max(...lists.map(({ window }) => window.to)),
	};
}

/**
 * Reads the events that Procore has recorded for a hook, whatever became of their deliveries.
 *
 * @returns undefined if the deadline passed first. `isOpen` if the log lacks events that wait behind one that is being retried, as
 *   on v1.0.
 */
async function readRecordedEvents(
	{ webhooks }: Procore,
	{ scope, hookId }: OwnHook,
	{ from, to }: TimeSpan,
	deadline: number,
): Promise<{ events: RecordedEvents; isOpen: boolean } | undefined> {
	const events = new RecordedEvents();
	let isRetrying = false;
	const pages = webhooks.deliveries(scope, hookId, {
		since: new Date(from - TOLERANCE_MS).toISOString(),
		until: new Date(to + DELIVERED_WITHIN_MS).toISOString(),
	});
	for await (const deliveries of pages) {
		for (const { model } of deliveries) {
			if (model.event !== null) events.add(model.event);
			if (model.status === 'retrying') isRetrying = true;
		}
		if (Date.now() > deadline) return undefined;
	}
	return { events, isOpen: isRetrying && !webhooks.listsEnqueued };
}
