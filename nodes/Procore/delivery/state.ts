import { latestTimeOf, type Delivery } from '../model/delivery';

/** How deliveries to a hook have gone lately. Times are ISO 8601, UTC; null if there is none in what was read. */
export interface DeliveryState {
	readonly last_success: string | null;
	/** Of an attempt that failed, or of an event that was discarded. */
	readonly last_failure: string | null;
	readonly retrying: number;
	readonly enqueued: number;
	/** Attempts so far of the delivery that is being retried; 0 if none is. */
	readonly attempts: number;
	/** Whether an event was lost, failed or discarded, and none has been accepted since. */
	readonly isLosing: boolean;
}

function later(time: string | null, other: string | null): string | null {
	if (time === null || other === null) return time ?? other;
	return Date.parse(other) > Date.parse(time) ? other : time;
}

/** Summarizes deliveries, in any order. */
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
