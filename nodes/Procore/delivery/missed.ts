import type { WebhooksApi } from '../api/webhooks-api';
import { isAcceptedTooEarly, isGivenUp, type Delivery } from '../model/delivery';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { eventJson } from '../api/read-delivery';
import { eventKey, type ReadEvent } from '../model/event';
import { matchesFilter, queryFor, timeOf, type DeliveryFilter } from './filter';

/**
 * Collects the missed events of a hook from deliveries in any order: those that Procore gave up or discarded, and never
 * delivered. Does not include events that Procore still retries or has not sent yet.
 */
export class MissedEvents {
	private readonly events = new Map<string, ReadEvent>();

	/** Time of the oldest missed event in milliseconds since 1970; undefined if there is none with a time. */
	since: number | undefined;

	get size(): number {
		return this.events.size;
	}

	/** Adds the event of a delivery that Procore gave up. */
	addFailed(delivery: Read<Delivery>): void {
		const { event } = delivery.model;
		if (event === null || !isGivenUp(delivery.model)) return;
		this.events.set(eventKey(event), { event, raw: eventJson(delivery) });
		const time = timeOf(delivery.model);
		if (time < (this.since ?? Infinity)) this.since = time;
	}

	/** Removes the event of a delivery that succeeded. */
	dropSucceeded({ model }: Read<Delivery>): void {
		const { event, status } = model;
		if (event === null || status !== 'succeeded' || isAcceptedTooEarly(model)) return;
		this.events.delete(eventKey(event));
	}

	/** Returns the events in the order of their ULIDs, which is the order of creation. */
	list(): ReadEvent[] {
		return inUlidOrder([...this.events.values()]);
	}
}

/** Sorts events by ULID, or by timestamp if one has no ULID. */
export function inUlidOrder(events: readonly ReadEvent[]): ReadEvent[] {
	return [...events].sort(({ event: left }, { event: right }) => {
		const [a, b] =
			left.ulid !== null && right.ulid !== null
				? [left.ulid, right.ulid]
				: [left.timestamp, right.timestamp];
		return a === b ? 0 : a < b ? -1 : 1;
	});
}

/**
 * Finds the missed events of one hook. Reads the failed and the discarded deliveries, and only if there are any, the
 * successful ones since then. A hook without missed events needs two requests.
 *
 * @throws ProcoreFailure if the deliveries cannot be read.
 */
export async function findMissed(
	api: Pick<WebhooksApi, 'deliveries'>,
	scope: Scope,
	hookId: string,
	filter: Omit<DeliveryFilter, 'status'> = {},
): Promise<ReadEvent[]> {
	const missed = new MissedEvents();
	const query = queryFor({ ...filter, status: 'any' });
	for (const status of ['failed', 'discarded'] as const) {
		for await (const rows of api.deliveries(scope, hookId, { ...query, status })) {
			for (const row of rows) if (matchesFilter(row.model, filter)) missed.addFailed(row);
		}
	}
	if (missed.size === 0) return [];
	// An event can only succeed after it happened, possibly after `until`.
	const { resourceName, eventType } = filter;
	const succeeded = queryFor({
		...(resourceName === undefined ? {} : { resourceName }),
		...(eventType === undefined ? {} : { eventType }),
		status: 'successful',
		...(missed.since === undefined ? {} : { since: missed.since }),
	});
	for await (const rows of api.deliveries(scope, hookId, succeeded)) {
		for (const row of rows) missed.dropSucceeded(row);
		if (missed.size === 0) break;
	}
	return missed.list();
}
