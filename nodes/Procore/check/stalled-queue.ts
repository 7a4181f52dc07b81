import type { Procore } from '../api';
import { isRefused, latestTimeOf, type Delivery } from '../model/delivery';
import { positionAt, positionOf, timeAt, type EventPosition } from '../model/event-position';
import type { Scope } from '../model/scope';
import { DECIDED_AFTER_MS } from './recovery';

/** Procore retries after minutes at first, so a shorter wait does not mean trouble. */
const STALLED_AFTER_MS = 15 * 60_000;

/** A hook whose events do not arrive. */
export interface StalledQueue {
	/** When the event that Procore is retrying happened, ISO 8601. */
	readonly since: string;
	/** What the destination answered last, in words. */
	readonly lastResult: string;
	/** Whether that was a 401. */
	readonly isRefused: boolean;
}

/** A delivery that Procore is retrying. */
interface Retried {
	readonly delivery: Delivery;
	readonly position: EventPosition;
}

/**
 * Looks whether Procore fails to deliver a hook's events. An endpoint's queue waits for its oldest event, so an event that
 * has been retried for long means that nothing arrives, unless the deliveries show otherwise: something was delivered
 * lately, because a queue drains after an outage, or a later event was delivered.
 *
 * @param openFrom the oldest event that Procore still tries to deliver; `unread` if nobody has looked.
 * @param now milliseconds since 1970.
 */
export async function findStalledQueue(
	procore: Pick<Procore, 'webhooks'>,
	scope: Scope,
	hookId: string,
	openFrom: EventPosition | 'unread' | undefined,
	now: number,
): Promise<StalledQueue | undefined> {
	const isOld = (position: EventPosition) => now - timeAt(position) >= STALLED_AFTER_MS;
	if (openFrom === undefined || (openFrom !== 'unread' && !isOld(openFrom))) return undefined;
	const retried = await newestRetried(procore, scope, hookId, now);
	if (retried === undefined || !isOld(retried.position)) return undefined;
	const { delivery, position } = retried;
	const since = new Date(timeAt(position)).toISOString();
	const delivered = procore.webhooks.deliveriesNewestFirst(scope, hookId, {
		status: 'successful',
		since,
		afterId: delivery.id ?? undefined,
	});
	for await (const rows of delivered) {
		const isMoving = rows.some(({ model }) => {
			const isLater = model.event !== null && positionOf(model.event, 0) >= position;
			return isLater || Date.parse(latestTimeOf(model) ?? '') >= now - STALLED_AFTER_MS;
		});
		if (isMoving) return undefined;
		// The newest ones are enough.
		break;
	}
	const { response_status, response_error } = delivery;
	const lastResult =
		response_status === null ? (response_error ?? 'no answer') : `status ${response_status}`;
	return { since, lastResult, isRefused: isRefused(delivery) };
}

/**
 * Finds the newest delivery that Procore is retrying. On v1.0, an older one might have been delivered by a later attempt,
 * which is a row of its own.
 */
async function newestRetried(
	{ webhooks }: Pick<Procore, 'webhooks'>,
	scope: Scope,
	hookId: string,
	now: number,
): Promise<Retried | undefined> {
	const from = now - DECIDED_AFTER_MS;
	const query = { status: 'retrying', since: new Date(from).toISOString() } as const;
	let newest: Retried | undefined;
	for await (const rows of webhooks.deliveries(scope, hookId, query)) {
		for (const { model: delivery } of rows) {
			if (delivery.status !== 'retrying' || delivery.event === null) continue;
			const position = positionOf(delivery.event, 0);
			const isNewer = newest === undefined || position > newest.position;
			if (position >= positionAt(from) && isNewer) newest = { delivery, position };
		}
	}
	return newest;
}
