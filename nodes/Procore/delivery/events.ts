import { eventJson } from '../api/read-delivery';
import type { Delivery } from '../model/delivery';
import { eventKey, type ReadEvent } from '../model/event';
import type { Read } from '../model/read';
import { eventIdKeys, type DeliveryFilter } from './filter';
import { inUlidOrder } from './missed';

/** Collects the events of deliveries, each once, until as many as are wanted have been found. */
export class DeliveredEvents {
	private readonly events = new Map<string, ReadEvent>();

	/** Of the ids that the filter asks for, those that have not been met; undefined if it asks for none. */
	private readonly missingIds: Set<string> | undefined;

	constructor({ eventIds }: DeliveryFilter) {
		this.missingIds = eventIds && new Set(eventIds);
	}

	/** Takes in the event of a delivery, whatever became of it. A delivery without a readable event is skipped. */
	add(delivery: Read<Delivery>): void {
		const { event } = delivery.model;
		if (event === null) return;
		for (const id of eventIdKeys(delivery.model)) this.missingIds?.delete(id);
		const key = eventKey(event);
		if (!this.events.has(key)) this.events.set(key, { event, raw: eventJson(delivery) });
	}

	/** Whether no further delivery has to be read. */
	isEnough(limit: number): boolean {
		return this.events.size >= limit || this.missingIds?.size === 0;
	}

	/** In the order of their ULIDs, which is that of their creation. */
	list(limit: number): ReadEvent[] {
		return inUlidOrder([...this.events.values()].slice(0, limit));
	}
}
