import type { Delivery } from '../model/delivery';
import { timeOf } from './filter';
import { reasonOf } from './summary';

/** A delivery as an output row: what happened first, ids and the details of the response last. */
export interface DeliveryRow extends Delivery {
	/** Time of the event in UTC; null if unknown. */
	timestamp: string | null;
	event_type: string | null;
	resource_name: string | null;
	resource_id: string | null;
	/** Why the event was not delivered, in one line; null if it was, or was not attempted yet. */
	reason: string | null;
}

/** Arranges a delivery for a table, whose first columns are what a reader sees. */
export function deliveryRow(delivery: Delivery): DeliveryRow {
	const { event, started_at, outcome } = delivery;
	const { id, event_id, ulid, response_headers, response_body, response_error, ...facts } =
		delivery;
	const isFailure = outcome !== null && outcome !== 'ok';
	return {
		timestamp: event?.timestamp || started_at,
		status: facts.status,
		event_type: event?.event_type ?? null,
		resource_name: event?.resource_name ?? null,
		resource_id: event?.resource_id ?? null,
		response_status: facts.response_status,
		reason: isFailure ? reasonOf(delivery) : null,
		outcome,
		attempts: facts.attempts,
		started_at,
		completed_at: facts.completed_at,
		id,
		event_id,
		ulid,
		event,
		response_body,
		response_error,
		response_headers,
	};
}

/** Compares two deliveries for a list with the newest event first. Deliveries without a time come last. */
export function compareNewestFirst(left: Delivery, right: Delivery): number {
	const [one, other] = [timeOf(left), timeOf(right)];
	if (Number.isNaN(one) || Number.isNaN(other))
		return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
	return other - one;
}
