import { latestTimeOf, type Delivery } from '../model/delivery';

/** The state of a hook's recent deliveries. Times are ISO 8601, UTC; null if there is none among them. */
export interface DeliveryState {
	readonly last_success: string | null;
	/** Time of the last failed attempt or discarded event. */
	readonly last_failure: string | null;
	readonly retrying: number;
	readonly enqueued: number;
	/** Attempts so far of the delivery that is being retried; 0 if there is none. */
	readonly attempts: number;
	/** Whether an event failed or was discarded, and no later one was accepted. */
	readonly isLosing: boolean;
}

function later(time: string | null, other: string | null): string | null {
	if (time === null || other === null) return time ?? other;
	return Date.parse(other) > Date.parse(time) ? other : time;
}

/** Summarizes deliveries in any order. */
export function stateOf(deliveries: readonly Delivery[]): DeliveryState {
	let lastSuccess: string | null = null;
	let lastFailure: string | null = null;
	let lastLoss: string | null = null;
	let retrying = 0;
	let enqueued = 0;
	let attempts = 0;
	for (const delivery of deliveries) {
		const time = latestTimeOf(delivery);
		switch (delivery.status) {
			case 'succeeded':
				lastSuccess = later(lastSuccess, time);
				break;
			case 'enqueued':
				enqueued += 1;
				break;
			case 'retrying':
				retrying += 1;
				attempts = Math.max(attempts, delivery.attempts);
				lastFailure = later(lastFailure, time);
				break;
			case 'failed':
			case 'discarded':
				lastFailure = later(lastFailure, time);
				lastLoss = later(lastLoss, time);
		}
	}
	return {
		last_success: lastSuccess,
		last_failure: lastFailure,
		retrying,
		enqueued,
		attempts,
		isLosing: lastLoss !== null && later(lastSuccess, lastLoss) !== lastSuccess,
	};
}
