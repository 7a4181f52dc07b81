import type { ProcoreEvent } from './event';
import { text, type JsonObject } from './json';

/** The event types that the times of a record reveal. */
export type ReconciledEventType = 'create' | 'update';

/**
 * A change that was found in the records and not in the events: in the format of an event, without what a record does not
 * contain. Procore has no id for it.
 */
export interface ReconciledEvent extends Pick<
	ProcoreEvent,
	'timestamp' | 'resource_name' | 'resource_id' | 'project_id'
> {
	id: null;
	ulid: null;
	event_type: ReconciledEventType;
	company_id: string;
	user_id: null;
	api_version: null;
	metadata: null;
	source: 'reconciliation';
}

/** Returns the event of a changed record. `timestamp` is the record's `updated_at`, as ISO 8601 in UTC. */
export function reconciledEvent(
	change: Pick<
		ReconciledEvent,
		'timestamp' | 'event_type' | 'resource_name' | 'resource_id' | 'company_id' | 'project_id'
	>,
): ReconciledEvent {
	const { timestamp, event_type, resource_name, resource_id, company_id, project_id } = change;
	return {
		id: null,
		ulid: null,
		timestamp,
		event_type,
		resource_name,
		resource_id,
		company_id,
		project_id,
		user_id: null,
		api_version: null,
		metadata: null,
		source: 'reconciliation',
	};
}

/**
 * Returns the key by which a reconciled event is deduplicated: a record in the same state has the same one. The case of the name does
 * not matter, because an event spells it as the hook that subscribed to it [EVENT-SUBSCRIBED-SPELLING].
 */
export function reconciliationKey({
	resource_name,
	resource_id,
	timestamp,
}: Pick<ReconciledEvent, 'resource_name' | 'resource_id' | 'timestamp'>): string {
	return `reconciliation:${resource_name.toLowerCase()}:${resource_id}:${timestamp}`;
}

/** Returns the key of a reconciled event in an item; undefined if the item is anything else. */
export function reconciledKeyIn(json: JsonObject): string | undefined {
	if (json.source !== 'reconciliation' || json.id !== null) return undefined;
	return reconciliationKey({
		resource_name: text(json.resource_name),
		resource_id: text(json.resource_id),
		timestamp: text(json.timestamp),
	});
}

/** Far beyond any event, and far enough from the last time that a date can hold for the seconds before it. */
const LATEST_TIME_MS = 8.6e15;

/** How many whole seconds before its event a change might be dated. */
const DATED_BEFORE = [0, 1, 2];

/**
 * Returns the keys that a reconciled event would have, if it was about the same change as this event. Procore dates a record in
 * whole seconds, and its event up to two seconds later.
 */
export function keysOfChange(
	event: Pick<ProcoreEvent, 'resource_name' | 'resource_id' | 'timestamp'>,
): string[] {
	const time = Date.parse(event.timestamp);
	if (Number.isNaN(time) || Math.abs(time) > LATEST_TIME_MS) return [];
	return DATED_BEFORE.map((seconds) => {
		const second = Math.floor(time / 1000) - seconds;
		const timestamp = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
		return reconciliationKey({ ...event, timestamp });
	});
}
