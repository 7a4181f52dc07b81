import type { Delivery, DeliveryOutcome, DeliveryStatus } from '../model/delivery';
import { readEvent } from '../model/event';
import {
	isJsonObject,
	jsonObject,
	jsonObjects,
	text,
	textOrNull,
	type JsonObject,
} from '../model/json';
import type { Read } from '../model/read';

const STATUS_V2: Readonly<Record<string, DeliveryStatus>> = {
	// The same page of Procore's reference has `succeeded` for the filter and `delivered` for the row [DELIVERY-WORDS].
	delivered: 'succeeded',
	succeeded: 'succeeded',
	failed: 'failed',
	discarded: 'discarded',
	enqueued: 'enqueued',
	retrying: 'retrying',
};

const OUTCOME_OF_STATUS = {
	succeeded: 'ok',
	failed: 'failed',
	discarded: 'discarded',
	retrying: 'retried',
	enqueued: null,
} as const satisfies Record<DeliveryStatus, Delivery['outcome']>;

const STATUS_OF_OUTCOME = {
	ok: 'succeeded',
	retried: 'retrying',
	failed: 'failed',
	discarded: 'discarded',
} as const satisfies Record<DeliveryOutcome, DeliveryStatus>;

function readEventOf(value: unknown) {
	return isJsonObject(value) ? (readEvent(value) ?? null) : null;
}

/** Returns the event of a delivery as Procore stores it [DELIVERY-PAYLOAD]. */
export function eventJson({ raw }: Read<Delivery>): JsonObject {
	return jsonObject(raw.payload ?? raw.event);
}

function numberOrNull(value: unknown): number | null {
	const digits = textOrNull(value);
	return digits === null ? null : Number(digits);
}

/** Reads the fields of one attempt, which have the same names in both API versions. */
function readAttempt(attempt: JsonObject) {
	const { response_status, response_headers, response_body, response_error } = attempt;
	return {
		response_status: numberOrNull(response_status),
		response_headers: isJsonObject(response_headers) ? response_headers : {},
		response_body: textOrNull(response_body),
		response_error: textOrNull(response_error),
		started_at: textOrNull(attempt.started_at),
		completed_at: textOrNull(attempt.completed_at),
	};
}

/** Reads a row of v2.0, which is one delivery with all its attempts [ATTEMPTS-OLDEST-FIRST]. */
export function readDeliveryV2(raw: JsonObject): Read<Delivery> {
	const attempts = jsonObjects(raw.delivery_attempts);
	const status = STATUS_V2[text(raw.status).toLowerCase()] ?? 'failed';
	const event = readEventOf(raw.payload);
	return {
		model: {
			id: textOrNull(raw.id),
			event_id: event?.id ?? textOrNull(raw.id),
			ulid: event?.ulid ?? null,
			status,
			outcome: OUTCOME_OF_STATUS[status],
			attempts: attempts.length,
			...readAttempt(attempts.at(-1) ?? {}),
			event,
		},
		raw,
	};
}

/**
 * Reads a row of v1.0, which is one attempt. AttemptMerger combines the rows of one event into one delivery
 * [V1-DELIVERIES-ROWS].
 */
export function readAttemptV1(raw: JsonObject): Read<Delivery> {
	const event = readEventOf(raw.event);
	const word = text(raw.outcome).toLowerCase();
	const outcome = word === 'ok' || word === 'retried' || word === 'discarded' ? word : 'failed';
	return {
		model: {
			id: textOrNull(raw.id),
			event_id: textOrNull(raw.event_id) ?? event?.id ?? null,
			ulid: event?.ulid ?? null,
			status: STATUS_OF_OUTCOME[outcome],
			outcome,
			attempts: textOrNull(raw.started_at) === null ? 0 : 1,
			...readAttempt(raw),
			event,
		},
		raw,
	};
}
