import type { WebhooksApi } from '../api/webhooks-api';
import { isGivenUp, type Delivery } from '../model/delivery';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { eventJson } from '../api/read-delivery';
import { eventKey, type ReadEvent } from '../model/event';
import { matchesFilter, queryFor, timeOf, type DeliveryFilter } from './filter';

/**
 * The events that a hook has lost for good, gathered from deliveries in any order: given up or discarded, and never
 * delivered. What Procore still retries or has not tried yet is not among them.
 */
export class MissedEvents {
	private readonly events = new Map<string, ReadEvent>();

	/** Milliseconds since 1970 of the oldest missed event; undefined where there is none, or none with a time. */
	since: number | undefined;

	get size(): number {
		return this.events.size;
	}

	/** Takes the delivery in where it came to nothing. */
	addFailed(delivery: Read<Delivery>): void {
		const { event } = delivery.model;
		if (event === null || !isGivenUp(delivery.model)) return;
		this.events.set(eventKey(event), { event, raw: eventJson(delivery) });
		const time = timeOf(delivery.model);
		if (time < (this.since ?? Infinity)) this.since = time;
	}

	/** Leaves out the event of a delivery that succeeded. */
	dropSucceeded({ model: { event, status } }: Read<Delivery>): void {
		if (event !== null && status === 'succeeded') this.events.delete(eventKey(event));
	}

	/** In the order of their ULIDs, which is that of their creation. */
	list(): ReadEvent[] {
		return inUlidOrder([...this.events.values()]);
	}
}

/** Sorts events by ULID; one without stands where its timestamp puts it. */
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
 * Reads the missed events of one hook: what failed and what was discarded, and only where there is any, what succeeded
 * since. A hook that lost nothing costs two requests.
 *
 * @param filter its status does not matter.
 * @throws ProcoreFailure where the deliveries cannot be read.
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
	// Nothing that is missed can have succeeded before it happened; but it may have after `until`.
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
