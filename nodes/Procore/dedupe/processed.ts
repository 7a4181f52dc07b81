import { sleep, type DeduplicationScope, type IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { nodeKey } from '../hook/node-key';

/**
 * The number of keys in a node's list. n8n rewrites the whole list at each call, which takes some milliseconds at this
 * size. A duplicate delivery follows closely after its original, because a queue waits for its head.
 */
const MAX_REMEMBERED = 3000;

/** n8n reads, changes and writes the list without a lock, so the calls of a node must wait for each other in a process. */
const queues = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work with the same key in this process, even if that failed. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = queues.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	queues.set(key, mine);
	const result = await settle(async () => await mine);
	if (queues.get(key) === mine) queues.delete(key);
	if (!result.ok) throw result.failure;
	return result.value;
}

/**
 * Records keys with n8n's own deduplication, across restarts and processes.
 *
 * @param scope the owner of the list: the node or the workflow.
 * @param maxEntries the number of newest keys that the list keeps.
 * @returns the keys that were not in the list.
 * @throws what n8n's helper throws, twice in a row.
 */
export async function checkAndRecord(
	context: IExecuteFunctions,
	keys: readonly string[],
	scope: DeduplicationScope,
	maxEntries: number,
): Promise<Set<string>> {
	const check = async () =>
		await context.helpers.checkProcessedAndRecord([...keys], scope, {
			mode: 'entries',
			maxEntries,
		});
	const first = await settle(check);
	// Two processes that both record the first key of a list collide once.
	const { new: fresh } = first.ok ? first.value : await check();
	return new Set(fresh.map(String));
}

/** The result of a write. */
interface Written {
	/** The new keys; the first caller of each removes it. */
	readonly fresh: Set<string>;
	/** The duration of reading and writing the list, in milliseconds. */
	readonly tookMs: number;
}

/** Keys that wait to be written in one call. */
interface Batch {
	readonly keys: Set<string>;
	readonly written: Promise<Written>;
}

const waiting = new Map<string, Batch>();

function openBatch(context: IExecuteFunctions, node: string, restMs: number): Batch {
	const keys = new Set<string>();
	const written = inTurn(node, async (): Promise<Written> => {
		// From here on, keys go into the next batch.
		waiting.delete(node);
		const startedAt = Date.now();
		const fresh = await checkAndRecord(context, [...keys], 'node', MAX_REMEMBERED);
		return { fresh, tookMs: Date.now() - startedAt };
	});
	void inTurn(node, async () => await sleep(restMs));
	return { keys, written };
}

/**
 * Writes keys to this node's list in n8n's database, across restarts, processes and workers. Calls that wait for an
 * earlier one are written together.
 *
 * @param restMs the minimum time until the next write, in milliseconds. It limits how often n8n rewrites the list, without
 *   delaying a single event.
 * @returns the keys that were not in the list, each to one caller in this process, and the duration of the write.
 * @throws what n8n's helper throws, twice in a row.
 */
export async function recordProcessed(
	context: IExecuteFunctions,
	keys: readonly string[],
	restMs: number,
): Promise<{ fresh: string[]; tookMs: number }> {
	const node = nodeKey(context);
	const batch = waiting.get(node) ?? openBatch(context, node, restMs);
	waiting.set(node, batch);
	for (const key of keys) batch.keys.add(key);
	const { fresh, tookMs } = await batch.written;
	return { fresh: keys.filter((key) => fresh.delete(key)), tookMs };
}
