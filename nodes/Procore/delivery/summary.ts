import { readErrorText } from '../api/error-text';
import type { Delivery, DeliveryOutcome } from '../model/delivery';
import { parseJson } from '../model/json';
import { timeOf } from './filter';

/** One event that was not delivered. */
export interface Failure {
	/** UTC, of the event; null where Procore does not tell. */
	timestamp: string | null;
	event_id: string | null;
	resource_name: string | null;
	resource_id: string | null;
	event_type: string | null;
	outcome: DeliveryOutcome | null;
	response_status: number | null;
	reason: string;
}

/** What became of the events of one hook. A failure is an event that was discarded, failed or is still retried. */
export interface FailureReport {
	deliveries: number;
	failures: number;
	/** Deliveries that nothing has been tried for yet. */
	enqueued: number;
	by_outcome: Record<DeliveryOutcome, number>;
	/** Failures by the status that the destination last answered, `none` where it gave no answer. */
	failures_by_response_status: Record<string, number>;
	failures_by_resource: Record<string, number>;
	first_failure: Failure | null;
	last_failure: Failure | null;
	/** Different ones, as they come first. */
	sample_reasons: string[];
}

const MAX_REASONS = 5;

/** Why a delivery came to nothing, in one line: the destination's words, or what Procore made of their absence. */
export function reasonOf(delivery: Delivery): string {
	const { response_body, response_error, response_status, status, attempts } = delivery;
	const words = readErrorText(response_error ?? parseJson(response_body ?? '') ?? response_body);
	if (response_status !== null) {
		return words === '' ? `Answered ${response_status}` : `Answered ${response_status}: ${words}`;
	}
	if (words !== '') return words;
	return status === 'discarded' && attempts === 0
		? 'Discarded without a try: the destination had refused earlier events for too long'
		: 'No answer from the destination';
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

/** The highest count first. */
function ranked(counts: ReadonlyMap<string, number>): Record<string, number> {
	return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

/** Adds deliveries up, in any order; keeps counts and a few samples, never the deliveries. */
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
