import type { Procore } from '../api';
import type { Scope } from '../model/scope';

/** Procore waits an hour at most between two tries, so a queue that is held up shows within it. */
const LOOK_BACK_MS = 3_600_000;

/** Pages of deliveries that are read: a look, not a count of everything. */
const MAX_PAGES = 3;

/**
 * How many deliveries of a hook were answered 401 last. They went to the node's own address, so either the hook has
 * another secret than the end of it shows, or something in front of n8n asks for a login.
 */
export async function countRefused(
	{ webhooks }: Procore,
	scope: Scope,
	hookId: string,
): Promise<number> {
	const since = new Date(Date.now() - LOOK_BACK_MS).toISOString();
	let refused = 0;
	let pages = 0;
	for await (const deliveries of webhooks.deliveries(scope, hookId, { since })) {
		refused += deliveries.filter(
			({ model: { response_status, completed_at, status } }) =>
				response_status === 401 && status !== 'succeeded' && (completed_at ?? '') >= since,
		).length;
		pages += 1;
		if (pages >= MAX_PAGES) break;
	}
	return refused;
}
