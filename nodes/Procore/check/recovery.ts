import type { IDataObject } from 'n8n-workflow';

import { eventJson } from '../api/read-delivery';
import type { Undelivered, UndeliveredQuery } from '../api/undelivered';
import { WITHOUT_STATE_MS } from '../hook/stored-state';
import type { ReadEvent } from '../model/event';
import { positionAt, type EventPosition } from '../model/event-position';
import { scopeKey, type Scope } from '../model/scope';
import { recallProgress, type Positioned, type Progress } from './stored-progress';

/** Procore retries for 12 hours. After a day, the outcome of every delivery is final [RETRY-GIVE-UP]. */
export const DECIDED_AFTER_MS = 24 * 3_600_000;

/** The progress of recovery. Every event up to a mark that Procore gave up was handed over. */
export type RecoveryState = Progress;

/** An event to recover. */
export interface MissedEvent extends ReadEvent, Positioned {}

/** The events that the hook of a scope lost. */
export interface ScopeLoss {
	readonly scope: Scope;
	readonly undelivered: Undelivered;
}

/** What a safety check found. */
export interface Findings {
	readonly state: RecoveryState;
	/** All scopes that the node listens to. */
	readonly scopes: readonly Scope[];
	/** Only of the scopes that could be read. */
	readonly losses: readonly ScopeLoss[];
}

/**
 * Reads the progress of recovery from the node's static data.
 *
 * @param since when the node's hooks were created, ISO 8601; unknown if empty or after now.
 * @param now milliseconds since 1970.
 */
export function recallRecovery(staticData: IDataObject, since: string, now: number): RecoveryState {
	const stored = recallProgress(staticData, 'recovery', now);
	const decided = positionAt(now - DECIDED_AFTER_MS);
	if (stored !== undefined) {
		// If n8n's clock was ahead at a check, the floor is later than any outcome can be final.
		return stored.floor > decided ? { ...stored, floor: decided } : stored;
	}
	const begin = Date.parse(since);
	return {
		// A time after now is as unknown as no time.
		floor: positionAt(begin <= now ? begin - DECIDED_AFTER_MS : now - WITHOUT_STATE_MS),
		marks: new Map(),
		lastBatch: undefined,
	};
}

/**
 * Returns which of a scope's deliveries have to be read.
 *
 * @param deadline milliseconds since 1970, after which no further page is read.
 * @param acceptedSince from `progress.ts`.
 */
export function undeliveredQuery(
	{ marks, floor }: RecoveryState,
	scope: Scope,
	now: number,
	deadline: number,
	acceptedSince?: string,
): UndeliveredQuery {
	return {
		after: marks.get(scopeKey(scope)) ?? floor,
		triedSince: positionAt(now - DECIDED_AFTER_MS),
		acceptedSince,
		deadline,
	};
}

/**
 * Returns the events to hand over, oldest first. An event that follows one that Procore is still retrying waits until the
 * retries end: otherwise the order would be wrong, and the mark would skip the other event.
 */
export function missedEvents(losses: readonly ScopeLoss[]): MissedEvent[] {
	const missed = losses.flatMap(({ scope, undelivered: { events, openFrom } }) =>
		events.flatMap(({ position, delivery }): MissedEvent[] => {
			const { event } = delivery.model;
			if (event === null || (openFrom !== undefined && position >= openFrom)) return [];
			return [{ event, raw: eventJson(delivery), position, scope: scopeKey(scope) }];
		}),
	);
	return missed.sort((left, right) =>
		left.position === right.position ? 0 : left.position < right.position ? -1 : 1,
	);
}

/**
 * Returns the state once everything that was found is handed over. Outcomes are final after a day, so scopes that were
 * read to the end share one floor; any other keeps its own mark.
 *
 * @param missed all events that were found, including those that the filters drop.
 */
export function afterCheck(
	state: RecoveryState,
	{ scopes, losses }: Pick<Findings, 'scopes' | 'losses'>,
	missed: readonly MissedEvent[],
	now: number,
): RecoveryState {
	const decided = positionAt(now - DECIDED_AFTER_MS);
	const floor = decided > state.floor ? decided : state.floor;
	const whole = new Set(
		losses.filter(({ undelivered }) => undelivered.isWhole).map(({ scope }) => scopeKey(scope)),
	);
	const last = new Map(missed.map(({ scope, position }) => [scope, position]));
	const marks = new Map<string, EventPosition>();
	for (const key of scopes.map(scopeKey)) {
		const mark = last.get(key) ?? state.marks.get(key) ?? state.floor;
		if (whole.has(key) ? mark > floor : mark !== floor) marks.set(key, mark);
	}
	return { floor, marks, lastBatch: state.lastBatch };
}
