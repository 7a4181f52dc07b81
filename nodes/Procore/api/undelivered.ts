import { isGivenUp, type Delivery } from '../model/delivery';
import { eventKey } from '../model/event';
import { positionOf, type EventPosition } from '../model/event-position';
import type { Read } from '../model/read';

/** Events that one read keeps in memory, about 10 MB; the next read goes on behind them. */
const MAX_EVENTS = 5000;

/** Which deliveries are of interest. */
export interface UndeliveredQuery {
	/** Only events behind this position. */
	readonly after: EventPosition;
	/** Procore no longer retries an event from before this position, whatever its delivery says. */
	readonly triedSince: EventPosition;
	/** Milliseconds since 1970 after which no further page is read: then nothing is found. */
	readonly deadline: number;
}

/** A delivery that came to nothing, and where its event stands. */
export interface UndeliveredEvent {
	readonly position: EventPosition;
	readonly delivery: Read<Delivery>;
}

/** What Procore gave up delivering to a hook. */
export interface Undelivered {
	/** Each event once, the oldest first. */
	readonly events: UndeliveredEvent[];
	/** The oldest event that Procore still tries to deliver; from there on, more may be given up. */
	readonly openFrom: EventPosition | undefined;
	/** Whether these are all; if not, younger ones are missing. */
	readonly isWhole: boolean;
}

type DeliveryPage =
	ReadonlyArray<Read<Delivery>> | { readonly deliveries: ReadonlyArray<Read<Delivery>> };

/** What a hook lost that lost nothing. */
export const NOTHING_UNDELIVERED: Undelivered = { events: [], openFrom: undefined, isWhole: true };

/** What is known of a hook whose deliveries could not be read in time. */
export const UNREAD: Undelivered = { events: [], openFrom: undefined, isWhole: false };

/** Collects what Procore gave up delivering, from deliveries in any order, and keeps a bounded number of the oldest. */
export class UndeliveredCollector {
	private readonly kept = new Map<string, UndeliveredEvent>();

	private readonly succeeded = new Set<string>();

	private openFrom: EventPosition | undefined;

	/** The youngest position that is still kept, once some had to be left out. */
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
	 * Takes in pages of deliveries, until the time is over.
	 *
	 * @param extent whether one that came to nothing is enough.
	 */
	async read(pages: AsyncIterable<DeliveryPage>, extent: 'all' | 'untilFound' = 'all') {
		if (this.isLate || (extent === 'untilFound' && !this.isEmpty)) return;
		for await (const page of pages) {
			this.add('deliveries' in page ? page.deliveries : page);
			this.isLate = Date.now() > this.query.deadline;
			if (this.isLate || (extent === 'untilFound' && !this.isEmpty)) return;
		}
	}

	/** Takes deliveries in, whatever became of them. */
	add(rows: ReadonlyArray<Read<Delivery>>): void {
		for (const row of rows) this.addOne(row);
		if (this.kept.size > 2 * this.maxEvents) this.cut();
	}

	/** What was found; {@link UNREAD} if there was no time to read everything. */
	result(): Undelivered {
		if (this.isLate) return UNREAD;
		this.cut();
		return {
			events: [...this.kept.values()].sort(byPosition),
			openFrom: this.openFrom,
			isWhole: this.cutAt === undefined,
		};
	}

	private addOne(delivery: Read<Delivery>): void {
		const { event, status, started_at, completed_at } = delivery.model;
		if (event === null) return;
		const key = eventKey(event);
		const time = Date.parse(started_at ?? completed_at ?? '');
		const position = positionOf(event, Number.isNaN(time) ? Date.now() : time);
		if (position <= this.query.after) return;
		if (status === 'succeeded') {
			this.succeeded.add(key);
			this.kept.delete(key);
		} else if (!isGivenUp(delivery.model)) {
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
