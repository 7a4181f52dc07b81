import { isoSeconds } from './clock';
import { badField, badRequest, notFound } from './errors';
import { idNumber } from './json';
import type { JsonObject } from './json';
import type { Delivery, DeliveryStatus, Hook, Outcome, OutcomeRow } from './model';
import { payloadOf } from './payload';
import { isEventType } from './resources';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The filter says `succeeded`, the response `delivered` (reference, deliveries) [DELIVERY-WORDS]. */
const STATUS_FILTERS = new Map<string, DeliveryStatus>([
	['succeeded', 'delivered'],
	['failed', 'failed'],
	['discarded', 'discarded'],
	['enqueued', 'enqueued'],
	['retrying', 'retrying'],
]);

const OUTCOME_FILTERS = new Map<string, readonly Outcome[]>([
	['any', ['ok', 'retried', 'failed', 'discarded']],
	['successful', ['ok']],
	['failing', ['retried', 'failed']],
	['discarded', ['discarded']],
]);

function dayOf(query: URLSearchParams, name: string): number | null {
	const text = query.get(`filter[${name}]`);
	if (text === null || text === '') return null;
	const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
	if (Number.isNaN(day)) throw badField(name, 'must be a date as yyyy-mm-dd');
	return day;
}

/**
 * The deliveries of a hook that pass the filters of the query.
 *
 * @throws ProcoreError 404 if the hook never had any.
 */
export function deliveriesV2(hook: Hook, query: URLSearchParams): Delivery[] {
	// A hook that never delivered answers 404 (seen with the v2.0 endpoint) [DELIVERIES-404-EMPTY].
	if (hook.deliveries.length === 0) throw notFound();
	const tests: Array<(delivery: Delivery) => boolean> = [];
	const status = query.get('filter[status]');
	if (status) {
		const wanted = STATUS_FILTERS.get(status);
		if (!wanted) throw badField('status', 'is not included in the list');
		tests.push((delivery) => delivery.status === wanted);
	}
	const resourceName = query.get('filter[resource_name]');
	if (resourceName) tests.push((delivery) => delivery.event.resourceName === resourceName);
	const eventType = query.get('filter[event_type]');
	if (eventType) {
		if (!isEventType(eventType)) throw badField('event_type', 'is not included in the list');
		tests.push((delivery) => delivery.event.eventType === eventType);
	}
	const start = dayOf(query, 'start');
	if (start !== null) tests.push((delivery) => delivery.event.time >= start);
	const end = dayOf(query, 'end');
	if (end !== null) tests.push((delivery) => delivery.event.time < end + DAY_MS);
	if (tests.length === 0) return hook.deliveries;
	return hook.deliveries.filter((delivery) => tests.every((test) => test(delivery)));
}

/** A delivery as v2.0 returns it, with its attempts inside. */
export function deliveryV2(delivery: Delivery): JsonObject {
	return {
		id: delivery.id,
		status: delivery.status,
		payload: payloadOf(delivery.event, delivery.payloadVersion),
		delivery_attempts: delivery.attempts.map((attempt) => ({
			id: attempt.id,
			success: attempt.success,
			response_status: attempt.responseStatus,
			response_body: attempt.responseBody,
			response_headers: attempt.responseHeaders,
			started_at: isoSeconds(attempt.startedAt),
			completed_at: isoSeconds(attempt.completedAt),
		})),
	};
}

const V1_PAGE_SIZE = 100;

function pageSize(query: URLSearchParams): number {
	const asked = Number(query.get('page_size') ?? V1_PAGE_SIZE);
	if (!Number.isInteger(asked) || asked < 1) throw badField('page_size', 'is not a number');
	return Math.min(asked, V1_PAGE_SIZE);
}

/** Index of the first row after `id`; rows are in the order of their ids. */
function indexAfter(rows: OutcomeRow[], id: bigint): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (BigInt(rows[middle]?.id ?? 0) <= id) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** v1.0 pages by keyset: `page_start` is the last id seen, and there is no `Link`. */
export function deliveriesV1(hook: Hook, query: URLSearchParams): OutcomeRow[] {
	// The reference spells it `filters`, the guide's example `filter` [V1-DELIVERIES-FILTER].
	const filter = query.get('filters[status]') ?? query.get('filter[status]') ?? 'any';
	const wanted = OUTCOME_FILTERS.get(filter);
	if (!wanted) throw badField('status', 'is not included in the list');
	const size = pageSize(query);
	const start = query.get('page_start') ?? '';
	if (!/^\d*$/.test(start)) throw badRequest('page_start must be the id of a delivery');
	const rows: OutcomeRow[] = [];
	let index = start === '' ? 0 : indexAfter(hook.outcomes, BigInt(start));
	for (; index < hook.outcomes.length && rows.length < size; index++) {
		const row = hook.outcomes[index];
		if (row && wanted.includes(row.outcome)) rows.push(row);
	}
	return rows;
}

/** An attempt as v1.0 returns it: one row each. */
export function deliveryV1(row: OutcomeRow): JsonObject {
	const { attempt, delivery } = row;
	return {
		id: idNumber(row.id),
		event: payloadOf(delivery.event, delivery.payloadVersion),
		event_id: idNumber(delivery.event.id),
		outcome: row.outcome,
		response_status: attempt?.responseStatus ?? null,
		response_headers: attempt?.responseHeaders ?? {},
		response_body: attempt?.responseBody ?? null,
		response_error: attempt?.error ?? null,
		started_at: attempt ? isoSeconds(attempt.startedAt) : null,
		completed_at: attempt ? isoSeconds(attempt.completedAt) : null,
	};
}
