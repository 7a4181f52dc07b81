import type { ProcoreEvent } from './event';
import type { JsonObject } from './json';

/** Where a delivery is on its way: `enqueued` before the first attempt, `retrying` after one that failed. */
export type DeliveryStatus = 'succeeded' | 'failed' | 'retrying' | 'discarded' | 'enqueued';
/** What came of a delivery so far, in the words of API v1.0. */
export type DeliveryOutcome = 'ok' | 'retried' | 'failed' | 'discarded';

/** One event on its way to one hook. The flat response fields are those of the last attempt. */
export interface Delivery {
	/** Null on API v1.0 where Procore leaves it out. */
	id: string | null;
	event_id: string | null;
	ulid: string | null;
	status: DeliveryStatus;
	/** Null while nothing has been tried yet. */
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

/** Whether Procore will not try again. */
export function isGivenUp({ status }: Delivery): boolean {
	return status === 'failed' || status === 'discarded';
}
