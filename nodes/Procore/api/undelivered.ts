import {
	isAcceptedTooEarly,
	isBefore,
	isGivenUp,
	isRefused,
	type Delivery,
} from '../model/delivery';
import { eventKey } from '../model/event';
import { positionOf, type EventPosition } from '../model/event-position';
import type { Read } from '../model/read';

/** Maximum number of events in memory, about 10 MB. The next read continues after them. */
const MAX_EVENTS = 5000;

/** Which deliveries to collect. */
export interface UndeliveredQuery {
	/** Only events after this position. */
	readonly after: EventPosition;
	/** Procore no longer retries events before this position, whatever the status of their delivery. */
	readonly triedSince: EventPosition;
	/**
	 * ISO 8601: n8n might have accepted deliveries since then that no node has seen. Undefined if they have been read already.
	 * On v1.0, whose log can only be read from its beginning, they are only found together with others.
	 */
	readonly acceptedSince?: string | undefined;
	/** Milliseconds since 1970. After it, no further page is read and the result is {@link UNREAD}. */
	readonly deadline: number;
}

/** A delivery that Procore does not repeat although no node has seen it, and the position of its event. */
export interface UndeliveredEvent {
	readonly position: EventPosition;
	readonly delivery: Read<Delivery>;
}

/** The events of a hook that no node has seen and Procore does not send again. */
export interface Undelivered {
	/** Without duplicates, oldest first. */
	readonly events: UndeliveredEvent[];
	/** The oldest event that Procore still tries to deliver. From there on, more events can still fail. */
	readonly openFrom: EventPosition | undefined;
	/** False if newer events are missing from the list. */
	readonly isWhole: boolean;
	/** When a delivery that has not succeeded was last answered 401, ISO 8601; undefined if none of those that were read was. */
	readonly refusedAt: string | undefined;
}

type DeliveryPage =
	ReadonlyArray<Read<Delivery>> | { readonly deliveries: ReadonlyArray<Read<Delivery>> };

/** The result for a hook without undelivered events. */
export const NOTHING_UNDELIVERED: Undelivered = {
	events: [],
	openFrom: undefined,
	isWhole: true,
	refusedAt: undefined,
};

/** The result for a hook whose deliveries could not be read in time. */
export const UNREAD: Undelivered = { ...NOTHING_UNDELIVERED, isWhole: false };

/**
 * Returns the pages that can contain deliveries that n8n accepted too early, and only those deliveries.
 *
 * @param pages successful deliveries, newest first; read only as far as necessary.
 * @param since ISO 8601, or undefined if there is nothing to read.
 */
export async function* acceptedTooEarly(
	pages: AsyncIterable<ReadonlyArray<Read<Delivery>>>,
	since: string | undefined,
): AsyncGenerator<Array<Read<Delivery>>> {
	if (since === undefined) return;
	for await (const rows of pages) {
		yield rows.filter(({ model }) => isAcceptedTooEarly(model));
		if (rows.every(({ model }) => isBefore(model, since))) return;
	}
}

/**
 * Collects the events that Procore gave up delivering, and those that n8n accepted too early, from deliveries in any order.
 * Keeps a limited number, oldest first.
 */
export class UndeliveredCollector {
	private readonly kept = new Map<string, UndeliveredEvent>();

	private readonly succeeded = new Set<string>();

	private openFrom: EventPosition | undefined;

	private refusedAt: string | undefined;

	/** The newest position that is still kept, after newer events were dropped. */
	private cutAt: EventPosition | undefined;

	private isLate = false;

	constructor(
		private readonly query: UndeliveredQuery,
		private readonly maxEvents = MAX_EVENTS,
	) {}

	get isEmpty(): boolean {
		return this.kept.size === 0;
	}

	/**
	 * Adds pages of deliveries until the deadline.
	 *
	 * @param extent `untilFound` stops at the first undelivered event.
	 */
	async read(pages: AsyncIterable<DeliveryPage>, extent: 'all' | 'untilFound' = 'all') {
		if (this.isLate || (extent === 'untilFound' && !this.isEmpty)) return;
		for await (const page of pages) {
			this.add('deliveries' in page ? page.deliveries : page);
			this.isLate = Date.now() > this.query.deadline;
			if (this.isLate || (extent === 'untilFound' && !this.isEmpty)) return;
		}
	}

	/** Adds deliveries of any status. */
	add(rows: ReadonlyArray<Read<Delivery>>): void {
		for (const row of rows) this.addOne(row);
		if (this.kept.size > 2 * this.maxEvents) this.cut();
	}

	/** Returns the undelivered events, or {@link UNREAD} if the deadline passed first. */
	result(): Undelivered {
		if (this.isLate) return UNREAD;
		this.cut();
		return {
			events: [...this.kept.values()].sort(byPosition),
			openFrom: this.openFrom,
			isWhole: this.cutAt === undefined,
			refusedAt: this.refusedAt,
		};
	}

	private addOne(delivery: Read<Delivery>): void {
		const { event, status, started_at, completed_at } = delivery.model;
		if (isRefused(delivery.model) && (completed_at ?? '') > (this.refusedAt ?? '')) {
			this.refusedAt = completed_at ?? undefined;
		}
		if (event === null) return;
		const key = eventKey(event);
		const time = Date.parse(started_at ?? completed_at ?? '');
		const position = positionOf(event, Number.isNaN(time) ? Date.now() : time);
		if (position <= this.query.after) return;
		const isUnseen = isAcceptedTooEarly(delivery.model);
		if (status === 'succeeded' && !isUnseen) {
			this.succeeded.add(key);
			this.kept.delete(key);
		} else if (!isUnseen && !isGivenUp(delivery.model)) {
			const isOlder = this.openFrom === undefined || position < this.openFrom;
			if (position >= this.query.triedSince && isOlder) this.openFrom = position;
		} else if (!this.succeeded.has(key) && (this.cutAt === undefined || position <= this.cutAt)) {
			this.kept.set(key, { position, delivery });
		}
	}

	private cut(): void {
		if (this.kept.size <= this.maxEvents) return;
		const oldest = [...this.kept].sort(([, left], [, right]) => byPosition(left, right));
		for (const [key] of oldest.slice(this.maxEvents)) this.kept.delete(key);
		this.cutAt = oldest[this.maxEvents - 1]?.[1].position;
	}
}

function byPosition(left: UndeliveredEvent, right: UndeliveredEvent): number {
	return left.position === right.position ? 0 : left.position < right.position ? -1 : 1;
}
