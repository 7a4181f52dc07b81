import type { DeliveryQuery } from '../api/webhooks-api';
import type { Delivery, DeliveryStatus } from '../model/delivery';
import { eventTypeKey, isUsualEventType } from '../model/trigger';

/** The values of the Status filter. */
export const STATUS_FILTERS = ['any', 'successful', 'failing', 'discarded'] as const;
type StatusFilter = (typeof STATUS_FILTERS)[number];

/** Which deliveries to return. A missing field matches every delivery. */
export interface DeliveryFilter {
	readonly status?: StatusFilter;
	readonly resourceName?: string;
	readonly eventType?: string;
	/** Ids or ULIDs of events, from {@link eventIdKey}. A delivery of any of them matches. */
	readonly eventIds?: ReadonlySet<string>;
	/** Time of the event in milliseconds since 1970, inclusive. */
	readonly since?: number;
	readonly until?: number;
}

/** In Procore's guide, a delivery that is being retried also counts as failing [V1-DELIVERIES-ROWS]. */
const STATUSES: Readonly<Record<Exclude<StatusFilter, 'any'>, readonly DeliveryStatus[]>> = {
	successful: ['succeeded'],
	failing: ['failed', 'retrying'],
	discarded: ['discarded'],
};

/** Returns the id or ULID of an event for comparisons, because ULIDs ignore case. */
export function eventIdKey(id: string): string {
	return id.trim().toUpperCase();
}

/** Returns all ids that identify the event of a delivery. */
export function eventIdKeys({ event, event_id, ulid }: Delivery): string[] {
	const ids = [ulid, event_id, event?.ulid, event?.id].filter((id) => typeof id === 'string');
	return [...new Set(ids.map(eventIdKey))];
}

/** Returns the part of a filter that Procore can apply. {@link matchesFilter} checks everything again. */
export function queryFor(filter: DeliveryFilter): DeliveryQuery {
	const { status, resourceName, eventType, since, until } = filter;
	return {
		// Neither endpoint has a status that matches "failing": v2.0 has two, and on v1.0 it means failed attempts of
		// deliveries that might have succeeded later.
		...(status === 'successful' || status === 'discarded' ? { status } : {}),
		...(resourceName === undefined ? {} : { resourceName }),
		// It is not documented how Procore compares other event types, so they are filtered after the read
		// [DELIVERY-FILTER-EVENT-TYPE].
		...(eventType !== undefined && isUsualEventType(eventType)
			? { eventType: eventTypeKey(eventType) }
			: {}),
		...(since === undefined ? {} : { since: new Date(since).toISOString() }),
		...(until === undefined ? {} : { until: new Date(until).toISOString() }),
	};
}

/** Returns the time of a delivery's event in milliseconds since 1970; NaN if unknown. */
export function timeOf({ event, started_at, completed_at }: Delivery): number {
	return Date.parse(event?.timestamp || started_at || completed_at || '');
}

/** Whether a delivery matches a filter. With `since` or `until`, a delivery without a time does not match. */
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
