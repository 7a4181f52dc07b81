import type { DeliveryQuery } from '../api/webhooks-api';
import type { Delivery, DeliveryStatus } from '../model/delivery';
import { eventTypeKey, isUsualEventType } from '../model/trigger';

/** The words of the Status filter, as the panel has them. */
export const STATUS_FILTERS = ['any', 'successful', 'failing', 'discarded'] as const;
type StatusFilter = (typeof STATUS_FILTERS)[number];

/** Which deliveries are wanted; what is left out does not matter. */
export interface DeliveryFilter {
	readonly status?: StatusFilter;
	readonly resourceName?: string;
	readonly eventType?: string;
	/** Ids or ULIDs of events, as {@link eventIdKey} gives them; a delivery of any one of them is wanted. */
	readonly eventIds?: ReadonlySet<string>;
	/** Milliseconds since 1970, both inclusive, of the event. */
	readonly since?: number;
	readonly until?: number;
}

/** Procore's guide calls a delivery failing while it is being retried too. */
const STATUSES: Readonly<Record<Exclude<StatusFilter, 'any'>, readonly DeliveryStatus[]>> = {
	successful: ['succeeded'],
	failing: ['failed', 'retrying'],
	discarded: ['discarded'],
};

/** An id or ULID of an event, to compare with others: ULIDs are read in any case. */
export function eventIdKey(id: string): string {
	return id.trim().toUpperCase();
}

/** The ids by which the event of a delivery is known. */
export function eventIdKeys({ event, event_id, ulid }: Delivery): string[] {
	const ids = [ulid, event_id, event?.ulid, event?.id].filter((id) => typeof id === 'string');
	return [...new Set(ids.map(eventIdKey))];
}

/** The part of a filter that Procore may apply itself; {@link matchesFilter} looks at all of it again. */
export function queryFor(filter: DeliveryFilter): DeliveryQuery {
	const { status, resourceName, eventType, since, until } = filter;
	return {
		// "Failing" is no single status of either endpoint: v2.0 splits it, and v1.0 means attempts that failed by it,
		// of deliveries that may have succeeded since.
		...(status === 'successful' || status === 'discarded' ? { status } : {}),
		...(resourceName === undefined ? {} : { resourceName }),
		// How Procore spells and compares another word is not documented: it is looked for after the read.
		...(eventType !== undefined && isUsualEventType(eventType)
			? { eventType: eventTypeKey(eventType) }
			: {}),
		...(since === undefined ? {} : { since: new Date(since).toISOString() }),
		...(until === undefined ? {} : { until: new Date(until).toISOString() }),
	};
}

/** When the event of a delivery happened, in milliseconds since 1970; NaN where nothing tells. */
export function timeOf({ event, started_at, completed_at }: Delivery): number {
	return Date.parse(event?.timestamp || started_at || completed_at || '');
}

/** Whether a delivery is wanted. With `since` or `until`, one without any time is not. */
export function matchesFilter(delivery: Delivery, filter: DeliveryFilter): boolean {
	const { status = 'any', resourceName, eventType, eventIds, since, until } = filter;
	if (status !== 'any' && !STATUSES[status].includes(delivery.status)) return false;
	if (eventIds !== undefined && !eventIdKeys(delivery).some((id) => eventIds.has(id))) return false;
	const { event } = delivery;
	if (resourceName !== undefined && event?.resource_name !== resourceName) return false;
	if (
		eventType !== undefined &&
		(event === null || eventTypeKey(event.event_type) !== eventTypeKey(eventType))
	) {
		return false;
	}
	if (since === undefined && until === undefined) return true;
	const time = timeOf(delivery);
	return time >= (since ?? -Infinity) && time <= (until ?? Infinity);
}
