import type { IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { nodeKey } from '../hook/node-key';
import { checkAndRecord, inTurn } from './processed';

/** Keys that n8n keeps at least; it rewrites the whole list at each call. */
const MIN_KEPT = 10_000;

/** A list to pick from. */
export interface PickRequest<T> {
	/** In the order in which they are to be given; of two with one key the last counts. */
	readonly things: ReadonlyArray<{ readonly key: string; readonly thing: T }>;
	/** At most this many; those that do not fit stay new. */
	readonly limit: number;
}

/** What is still to be tried for one list, and what it has been given. */
interface Share<T> {
	readonly waiting: Iterator<readonly [string, T]>;
	readonly limit: number;
	readonly taken: T[];
}

/** The next things of each list, no key twice: it goes to the first list that asks for it. */
function nextBatch<T>(
	shares: ReadonlyArray<Share<T>>,
	tried: Set<string>,
): Array<readonly [Share<T>, string, T]> {
	const batch: Array<readonly [Share<T>, string, T]> = [];
	for (const share of shares) {
		let room = share.limit - share.taken.length;
		while (room > 0) {
			const next = share.waiting.next();
			if (next.done === true) break;
			const [key, thing] = next.value;
			if (tried.has(key)) continue;
			tried.add(key);
			batch.push([share, key, thing]);
			room -= 1;
		}
	}
	return batch;
}

/**
 * Picks what the node was not given before, and takes note of it with n8n's own deduplication, which outlasts runs and
 * restarts. The list is the node's own: that of the workflow also serves n8n's Remove Duplicates.
 *
 * @returns what each list gives. If n8n fails after something has been noted, this comes back and the rest stays new.
 * @throws what n8n's helper throws if nothing has been noted.
 */
export async function pickNew<T>(
	context: IExecuteFunctions,
	lists: ReadonlyArray<PickRequest<T>>,
): Promise<T[][]> {
	const shares = lists.map(({ things, limit }): Share<T> => ({
		waiting: new Map(things.map(({ key, thing }) => [key, thing])).entries(),
		limit,
		taken: [],
	}));
	const known = new Set(lists.flatMap(({ things }) => things.map(({ key }) => key)));
	// What Procore still lists must not fall out of the list, or it would come again.
	const maxEntries = Math.max(MIN_KEPT, 2 * known.size);
	const tried = new Set<string>();
	const pick = async () => {
		for (;;) {
			const batch = nextBatch(shares, tried);
			if (batch.length === 0) return;
			const keys = batch.map(([, key]) => key);
			const recorded = await settle(
				async () => await checkAndRecord(context, keys, 'node', maxEntries),
			);
			if (!recorded.ok) {
				if (shares.every(({ taken }) => taken.length === 0)) throw recorded.failure;
				context.logger.warn(
					'Procore: n8n could not note all missed events as given, so the rest of them comes out at the next run.',
				);
				return;
			}
			for (const [{ taken }, key, thing] of batch) if (recorded.value.has(key)) taken.push(thing);
		}
	};
	// n8n's helper reads and writes without a lock, and runs of a workflow may overlap: one after the other.
	await inTurn(`missed events of ${nodeKey(context)}`, pick);
	return shares.map(({ taken }) => taken);
}
