import type { Delivery, DeliveryStatus } from '../../../nodes/Procore/model/delivery';
import type { ProcoreEvent } from '../../../nodes/Procore/model/event';

const OUTCOMES = {
	succeeded: 'ok',
	failed: 'failed',
	retrying: 'retried',
	discarded: 'discarded',
	enqueued: null,
} as const;

/** An event; the number determines its ids and the second of its time. */
export function eventOf(number: number, more: Partial<ProcoreEvent> = {}): ProcoreEvent {
	const two = String(number % 60).padStart(2, '0');
	return {
		id: `6120447718830551${String(number).padStart(3, '0')}`,
		ulid: `01EDPD2J6SBY1163N77H95G${String(number).padStart(3, '0')}`,
		timestamp: `2026-11-16T09:12:${two}.000001Z`,
		event_type: 'update',
		resource_name: 'RFIs',
		resource_id: '338821',
		company_id: '4501177',
		project_id: '902214',
		user_id: '7710345',
		api_version: 'v2.0',
		metadata: null,
		...more,
	};
}

export function deliveryOf(
	number: number,
	status: DeliveryStatus,
	more: Partial<Delivery> = {},
): Delivery {
	const event = eventOf(number);
	const isTried = status !== 'discarded' && status !== 'enqueued';
	return {
		id: String(number),
		event_id: event.id,
		ulid: event.ulid,
		status,
		outcome: OUTCOMES[status],
		attempts: isTried ? 1 : 0,
		response_status: isTried ? (status === 'succeeded' ? 200 : 500) : null,
		response_headers: {},
		response_body: null,
		response_error: null,
		started_at: isTried ? '2026-11-16T10:00:00Z' : null,
		completed_at: null,
		event,
		...more,
	};
}
