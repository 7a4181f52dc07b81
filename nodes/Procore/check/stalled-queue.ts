import type { Procore } from '../api';
import { timeAt, type EventPosition } from '../model/event-position';
import type { Scope } from '../model/scope';

/** Procore retries after minutes at first, so a shorter wait does not mean trouble. */
const STALLED_AFTER_MS = 15 * 60_000;

/** A hook whose events do not arrive. */
export interface StalledQueue {
	/** When the oldest event that waits happened, ISO 8601. */
	readonly since: string;
	/** What the destination answered last, in words. */
	readonly lastResult: string;
}

/**
 * Looks whether Procore fails to deliver a hook's events. An endpoint's queue waits for its oldest event, so an event
 * that waits for long means that nothing arrives, unless something has been delivered since.
 *
 * @param openFrom the oldest event that Procore still tries to deliver.
 * @param now milliseconds since 1970.
 */
export async function findStalledQueue(
	{ webhooks }: Procore,
	scope: Scope,
	hookId: string,
	openFrom: EventPosition | undefined,
	now: number,
): Promise<StalledQueue | undefined> {
	if (openFrom === undefined || now - timeAt(openFrom) < STALLED_AFTER_MS) return undefined;
	const since = new Date(timeAt(openFrom)).toISOString();
	let lastResult = 'no answer';
	let lastAt = '';
	for await (const deliveries of webhooks.deliveries(scope, hookId, { since })) {
		for (const { model } of deliveries) {
			const at = model.completed_at ?? model.started_at ?? '';
			if (at < since) continue;
			if (model.status === 'succeeded') return undefined;
			if (at < lastAt) continue;
			lastAt = at;
			lastResult =
				model.response_status === null
					? (model.response_error ?? 'no answer')
					: `status ${model.response_status}`;
		}
		// One page is enough to see whether anything gets through.
		break;
	}
	return { since, lastResult };
}
