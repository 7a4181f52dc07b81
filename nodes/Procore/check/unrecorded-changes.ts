import type { ProcoreEvent } from '../model/event';
import type { ReconciledEvent, ReconciledEventType } from '../model/reconciled-event';
import { eventOf, isUntouched, TOLERANCE_MS } from '../record/changed-event';
import type { ChangedRecord, ChangesQuery } from '../record/changes';
import type { TimeSpan } from '../record/time-span';

/**
 * Procore creates an event after the change [EVENT-WITHIN-MINUTES], and lists can lag [RECORD-LIST-LAG], so younger changes are left
 * to the next check.
 */
export const DECIDED_AFTER_MS = 10 * 60_000;

/** The part of an event that is compared with records. */
export type RecordedEvent = Pick<ProcoreEvent, 'resource_name' | 'resource_id' | 'timestamp'>;

function recordKey(resourceName: string, id: string): string {
	return `${resourceName.toLowerCase()}:${id}`;
}

/** Events that are known to have happened. */
export interface KnownEvents {
	/** Whether there is an event about the record at or after a time in milliseconds since 1970, within the tolerance. */
	hasSince(resourceName: string, id: string, time: number): boolean;
}

/** The events that Procore has recorded, whatever happened to their deliveries, or that were seen live. */
export class RecordedEvents implements KnownEvents {
	/** The time of the latest event of each record in milliseconds since 1970. */
	private readonly latest = new Map<string, number>();

	add({ resource_name, resource_id, timestamp }: RecordedEvent): void {
		const key = recordKey(resource_name, resource_id);
		const at = Date.parse(timestamp);
		if (!(at <= (this.latest.get(key) ?? -Infinity))) this.latest.set(key, at);
	}

	/** The number of records. */
	get size(): number {
		return this.latest.size;
	}

	hasSince(resourceName: string, id: string, time: number): boolean {
		const latest = this.latest.get(recordKey(resourceName, id));
		return latest !== undefined && !(latest < time - TOLERANCE_MS);
	}
}

/** What a comparison needs to know about the node. */
export interface Comparison {
	readonly query: ChangesQuery;
	readonly window: TimeSpan;
	/** The usual event types that the node subscribes to for the resource, in lower case. */
	readonly eventTypes: ReadonlySet<string>;
	readonly events: KnownEvents;
}

/**
 * Returns the event type that Procore did not record for a change; undefined if nothing is missing. With `create` alone
 * selected, Procore records no updates, so only a record that was created in the window can lack its event.
 */
function missingType(
	record: ChangedRecord,
	{ query, window, eventTypes, events }: Comparison,
): ReconciledEventType | undefined {
	const { id, createdAt, updatedAt } = record;
	if (Number.isNaN(updatedAt)) return undefined;
	const isRecorded = (since: number) => events.hasSince(query.resourceName, id, since);
	if (eventTypes.has('create') && createdAt >= window.from && !isRecorded(createdAt))
		return 'create';
	if (eventTypes.has('update') && !isUntouched(record) && !isRecorded(updatedAt)) return 'update';
	return undefined;
}

/**
 * Compares the records that changed in a window with the events that Procore has recorded, and returns an event for each
 * change that none of them is about, oldest first. One event stands for all changes of a record, as it shows its last state.
 */
export function unrecordedChanges(
	changed: readonly ChangedRecord[],
	comparison: Comparison,
): ReconciledEvent[] {
	return changed.flatMap((record) => {
		const type = missingType(record, comparison);
		return type === undefined ? [] : [eventOf(record, comparison.query, type)];
	});
}
