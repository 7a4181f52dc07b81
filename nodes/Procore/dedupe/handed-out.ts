import type { IExecuteFunctions } from 'n8n-workflow';

import { checkAndRecord, inTurn } from './processed';

/** Keys that n8n keeps at least; it rewrites the whole list at each call. */
const MIN_KEPT = 10_000;

/**
 * Picks what the workflow was not given before, and takes note of it with n8n's own deduplication, which outlasts runs
 * and restarts.
 *
 * @param things in the order in which they are to be given; of two with one key the last counts.
 * @param limit at most this many; those that do not fit stay new.
 */
export async function pickNew<T>(
	context: IExecuteFunctions,
	things: readonly T[],
	keyOf: (thing: T) => string,
	limit: number,
): Promise<T[]> {
	const waiting = [...new Map(things.map((thing) => [keyOf(thing), thing]))];
	// What Procore still lists must not fall out of the memory, or it would come again.
	const maxEntries = Math.max(MIN_KEPT, 2 * waiting.length);
	const take = async () => {
		const taken: T[] = [];
		while (waiting.length > 0 && taken.length < limit) {
			const next = waiting.splice(0, Math.min(limit - taken.length, waiting.length));
			const keys = next.map(([key]) => key);
			const fresh = await checkAndRecord(context, keys, 'workflow', maxEntries);
			taken.push(...next.filter(([key]) => fresh.has(key)).map(([, thing]) => thing));
		}
		return taken;
	};
	// n8n's helper reads and writes without a lock, and items run at the same time: one after the other.
	return await inTurn(`missed events of ${context.getWorkflow().id}`, take);
}
