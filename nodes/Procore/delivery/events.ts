import { eventJson } from '../api/read-delivery';
import type { Delivery } from '../model/delivery';
import { eventKey, type ReadEvent } from '../model/event';
import type { Read } from '../model/read';
import { eventIdKeys, type DeliveryFilter } from './filter';
import { inUlidOrder } from './missed';

/** Collects the events of deliveries without duplicates, until enough are found. */
export class DeliveredEvents {
	private readonly events = new Map<string, ReadEvent>();

	/** The ids of the filter that are not found yet; undefined if the filter has none. */
	private readonly missingIds: Set<string> | undefined;

	constructor({ eventIds }: DeliveryFilter) {
		this.missingIds = eventIds && new Set(eventIds);
	}

	/** Adds the event of a delivery of any status. Skips a delivery without a readable event. */
	add(delivery: Read<Delivery>): void {
		const { event } = delivery.model;
		if (event === null) return;
		for (const id of eventIdKeys(delivery.model)) this.missingIds?.delete(id);
		const key = eventKey(event);
		if (!this.events.has(key)) this.events.set(key, { event, raw: eventJson(delivery) });
	}

	/** Whether no more deliveries must be read. */
	isEnough(limit: number): boolean {
		return this.events.size >= limit || this.missingIds?.size === 0;
	}

	/** Returns the events in the order of their ULIDs, which is the order of creation. */
	list(limit: number): ReadEvent[] {
		return inUlidOrder([...this.events.values()].slice(0, limit));
	}
}
