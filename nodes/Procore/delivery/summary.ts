import { readErrorText } from '../api/error-text';
import type { Delivery, DeliveryOutcome } from '../model/delivery';
import { parseJson } from '../model/json';
import { timeOf } from './filter';

/** One event that was not delivered. */
export interface Failure {
	/** Time of the event in UTC; null if unknown. */
	timestamp: string | null;
	event_id: string | null;
	resource_name: string | null;
	resource_id: string | null;
	event_type: string | null;
	outcome: DeliveryOutcome | null;
	response_status: number | null;
	reason: string;
}

/** The deliveries of one hook in numbers. A failure is an event that was discarded, failed or is still being retried. */
export interface FailureReport {
	deliveries: number;
	failures: number;
	/** Deliveries without an attempt so far. */
	enqueued: number;
	by_outcome: Record<DeliveryOutcome, number>;
	/** Failures by the last response status of the destination, `none` if it did not respond. */
	failures_by_response_status: Record<string, number>;
	failures_by_resource: Record<string, number>;
	first_failure: Failure | null;
	last_failure: Failure | null;
	/** The first distinct reasons. */
	sample_reasons: string[];
}

const MAX_REASONS = 5;

/** Returns why a delivery failed in one line: the error text of the destination, or Procore's error if there was none. */
export function reasonOf(delivery: Delivery): string {
	const { response_body, response_error, response_status, status, attempts } = delivery;
	const errorText = readErrorText(
		response_error ?? parseJson(response_body ?? '') ?? response_body,
	);
	if (response_status !== null) {
		return `Answered ${response_status}${errorText === '' ? '' : `: ${errorText}`}`;
	}
	if (errorText !== '') return errorText;
	return status === 'discarded' && attempts === 0
		? 'Discarded without an attempt: earlier events kept failing'
		: 'No response from the destination';
}

function failureOf(delivery: Delivery): Failure {
	const { event, event_id, outcome, response_status, started_at } = delivery;
	return {
		timestamp: event?.timestamp || started_at,
		event_id,
		resource_name: event?.resource_name ?? null,
		resource_id: event?.resource_id ?? null,
		event_type: event?.event_type ?? null,
		outcome,
		response_status,
		reason: reasonOf(delivery),
	};
}

function count(counts: Map<string, number>, key: string): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Sorts counts in descending order. */
function ranked(counts: ReadonlyMap<string, number>): Record<string, number> {
	return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

/** Summarizes deliveries in any order. Keeps counts and a few samples, not the deliveries themselves. */
export class DeliverySummary {
	private deliveries = 0;

	private enqueued = 0;

	private readonly outcomes = { ok: 0, retried: 0, failed: 0, discarded: 0 };

	private readonly statuses = new Map<string, number>();

	private readonly resources = new Map<string, number>();

	private readonly reasons = new Set<string>();

	private first: Delivery | null = null;

	private last: Delivery | null = null;

	add(delivery: Delivery): void {
		this.deliveries += 1;
		const { outcome } = delivery;
		if (outcome === null) {
			this.enqueued += 1;
			return;
		}
		this.outcomes[outcome] += 1;
		if (outcome === 'ok') return;
		count(this.statuses, String(delivery.response_status ?? 'none'));
		count(this.resources, delivery.event?.resource_name ?? 'unknown');
		if (this.reasons.size < MAX_REASONS) this.reasons.add(reasonOf(delivery));
		const time = timeOf(delivery);
		if (this.first === null || time < timeOf(this.first)) this.first = delivery;
		if (this.last === null || time >= timeOf(this.last)) this.last = delivery;
	}

	report(): FailureReport {
		const { retried, failed, discarded } = this.outcomes;
		return {
			deliveries: this.deliveries,
			failures: retried + failed + discarded,
			enqueued: this.enqueued,
			by_outcome: { ...this.outcomes },
			failures_by_response_status: ranked(this.statuses),
			failures_by_resource: ranked(this.resources),
			first_failure: this.first && failureOf(this.first),
			last_failure: this.last && failureOf(this.last),
			sample_reasons: [...this.reasons],
		};
	}
}
