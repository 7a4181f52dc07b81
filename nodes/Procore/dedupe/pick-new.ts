import type { IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { nodeKey } from '../hook/node-key';
import { checkAndRecord, inTurn } from './processed';

/** The minimum number of keys that n8n keeps. It rewrites the whole list at each call. */
const MIN_KEPT = 10_000;

/** A list of candidates to pick from. */
export interface PickRequest<T> {
	/** In output order. Of two with the same key, the last one counts. */
	readonly candidates: ReadonlyArray<{ readonly key: string; readonly value: T }>;
	/** The maximum number to pick. The rest stays new. */
	readonly limit: number;
}

/** What was picked from a list. */
export interface Picked<T> {
	readonly taken: T[];
	/** Whether nothing new is left in the list. */
	readonly isWhole: boolean;
}

/** The remaining candidates of a list, and what has been picked from it. */
interface Share<T> {
	readonly waiting: Iterator<readonly [string, T]>;
	readonly limit: number;
	readonly taken: T[];
	isWhole: boolean;
}

/** Returns the next candidates of each list. A key in several lists goes to the first one. */
function nextBatch<T>(
	shares: ReadonlyArray<Share<T>>,
	seen: Set<string>,
): Array<readonly [Share<T>, string, T]> {
	const batch: Array<readonly [Share<T>, string, T]> = [];
	for (const share of shares) {
		let room = share.limit - share.taken.length;
		while (room > 0) {
			const next = share.waiting.next();
			if (next.done === true) {
				share.isWhole = true;
				break;
			}
			const [key, value] = next.value;
			if (seen.has(key)) continue;
			seen.add(key);
			batch.push([share, key, value]);
			room -= 1;
		}
	}
	return batch;
}

/**
 * Picks what this node has not returned before, and records it with n8n's deduplication, which persists across runs and
 * restarts. Records it per node, because n8n's Remove Duplicates node uses the list of the workflow.
 *
 * @returns what was picked from each list. If n8n fails after something was recorded, returns that; the rest stays new.
 * @throws what n8n's helper throws if nothing was recorded.
 */
export async function pickNew<T>(
	context: IExecuteFunctions,
	lists: ReadonlyArray<PickRequest<T>>,
): Promise<Array<Picked<T>>> {
	const shares = lists.map(({ candidates, limit }): Share<T> => ({
		waiting: new Map(candidates.map(({ key, value }) => [key, value])).entries(),
		limit,
		taken: [],
		isWhole: false,
	}));
	const known = new Set(lists.flatMap(({ candidates }) => candidates.map(({ key }) => key)));
	// An event that Procore still lists must not be dropped from n8n's list, or it would be returned again.
	const maxEntries = Math.max(MIN_KEPT, 2 * known.size);
	const seen = new Set<string>();
	const pick = async () => {
		for (;;) {
			const batch = nextBatch(shares, seen);
			if (batch.length === 0) return;
			const keys = batch.map(([, key]) => key);
			const recorded = await settle(
				async () => await checkAndRecord(context, keys, 'node', maxEntries),
			);
			if (!recorded.ok) {
				if (shares.every(({ taken }) => taken.length === 0)) throw recorded.failure;
				context.logger.warn(
					'Procore: n8n could not record everything as returned, so the rest will be returned by the next run.',
				);
				for (const [share] of batch) share.isWhole = false;
				return;
			}
			for (const [{ taken }, key, value] of batch) if (recorded.value.has(key)) taken.push(value);
		}
	};
	// n8n's helper reads and writes without a lock, and runs of a workflow can overlap, so they are queued.
	await inTurn(`returned by ${nodeKey(context)}`, pick);
	return shares.map(({ taken, isWhole }) => ({ taken, isWhole }));
}
