import type { ProcoreEvent } from './event';
import type { JsonObject } from './json';

/** The status of a delivery: `enqueued` before the first attempt, `retrying` after a failed one [DELIVERY-RETRYING]. */
export type DeliveryStatus = 'succeeded' | 'failed' | 'retrying' | 'discarded' | 'enqueued';
/** The outcome of a delivery so far, in the terms of API v1.0. */
export type DeliveryOutcome = 'ok' | 'retried' | 'failed' | 'discarded';

/** The delivery of one event to one hook. The response fields are those of the last attempt. */
export interface Delivery {
	/** Null if Procore omits it, which happens on API v1.0 [V1-DELIVERIES-ROW-ID]. */
	id: string | null;
	event_id: string | null;
	ulid: string | null;
	status: DeliveryStatus;
	/** Null before the first attempt. */
	outcome: DeliveryOutcome | null;
	attempts: number;
	response_status: number | null;
	response_headers: JsonObject;
	response_body: string | null;
	response_error: string | null;
	started_at: string | null;
	completed_at: string | null;
	event: ProcoreEvent | null;
}

/** Whether Procore has stopped retrying a delivery that failed [DELIVERY-FAILED]. */
export function isGivenUp({ status }: Delivery): boolean {
	return status === 'failed' || status === 'discarded';
}

/** Whether the destination answered with 401 last, as this node does to another secret than its own. */
export function isRefused({ status, response_status }: Delivery): boolean {
	return response_status === 401 && status !== 'succeeded';
}

/**
 * What n8n answers to every request, with status 200, while it migrates its database at its start (`setupHealthCheck` in
 * its AbstractServer). Procore takes the event for delivered, but no node has seen it [DELIVERY-ANSWER].
 */
const STARTING_UP = 'n8n is starting up. Please wait';

/** Whether n8n accepted a delivery before it could pass it to a node. */
export function isAcceptedTooEarly({ status, response_body }: Delivery): boolean {
	return status === 'succeeded' && response_body?.trim() === STARTING_UP;
}

/** Returns the time of the last attempt, else of the event. ISO 8601, UTC; null if unknown. */
export function latestTimeOf({ completed_at, started_at, event }: Delivery): string | null {
	return completed_at || started_at || event?.timestamp || null;
}

/** @param moment ISO 8601. A delivery without a time is not before it. */
export function isBefore(delivery: Delivery, moment: string): boolean {
	return Date.parse(latestTimeOf(delivery) ?? '') < Date.parse(moment);
}
