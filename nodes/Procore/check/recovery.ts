import type { IDataObject } from 'n8n-workflow';

import type { Delivery } from '../model/delivery';
import type { Read } from '../model/read';
import { MissedEvents } from '../delivery/missed';
import { eventKey, type ReadEvent } from '../model/event';
import { jsonObject, text } from '../model/json';

/** A day: Procore retries for 12 hours, so what was sent yesterday may be given up today. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** Recovered events that are remembered, so that a check that reads the same days again returns none twice. */
const MAX_RECOVERED = 5000;

const KEY = 'recovery';

/**
 * How far recovery has come. It lies in n8n's static data, which n8n saves after a check that returns events: just
 * when it has changed. In between a restart only means that some days are read again.
 */
export interface RecoveryState {
	/** ISO 8601: everything up to here has been looked at. */
	readonly checkedUntil: string;
	/** {@link eventKey} of what was recovered, the oldest first. */
	readonly recovered: readonly string[];
}

/**
 * How far recovery has come for the node whose static data it is.
 *
 * @param begin ISO 8601, where nothing has been checked yet.
 */
export function recallRecovery(staticData: IDataObject, begin: string): RecoveryState {
	const { checkedUntil, recovered } = jsonObject(staticData[KEY]);
	return {
		checkedUntil: text(checkedUntil) || begin,
		recovered: Array.isArray(recovered) ? recovered.map((key) => text(key)) : [],
	};
}

/** Puts it down again, with the newest {@link MAX_RECOVERED} keys. */
export function rememberRecovery(staticData: IDataObject, state: RecoveryState): void {
	staticData[KEY] = {
		checkedUntil: state.checkedUntil,
		recovered: state.recovered.slice(-MAX_RECOVERED),
	};
}

/** From when on deliveries have to be read, ISO 8601. */
export function readFrom({ checkedUntil }: RecoveryState): string {
	return new Date(Date.parse(checkedUntil) - LOOK_BACK_MS).toISOString();
}

/**
 * What of the deliveries has to be recovered: each event once, those of an earlier check left out, in the order in
 * which they happened (ULIDs sort by time).
 */
export function missedEvents(
	deliveries: ReadonlyArray<Read<Delivery>>,
	recovered: readonly string[],
): ReadEvent[] {
	const done = new Set(recovered);
	const missed = new MissedEvents();
	for (const delivery of deliveries) missed.addFailed(delivery);
	return missed.list().filter(({ event }) => !done.has(eventKey(event)));
}
