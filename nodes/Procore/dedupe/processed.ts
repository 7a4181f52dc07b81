import { sleep, type DeduplicationScope, type IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { nodeKey } from '../hook/node-key';

/**
 * The number of keys that a node keeps. n8n rewrites the whole list at each call, which takes some milliseconds for this
 * size. Procore sends a duplicate shortly after its original, because a queue waits for its head [QUEUE-WAITS]
 * [DUPLICATES-CLOSE].
 */
const MAX_REMEMBERED = 3000;

/** The same for a node that reconciles records and keeps several keys for each event. */
const MAX_REMEMBERED_RECONCILING = 4 * MAX_REMEMBERED;

/** n8n reads, changes and writes the list without a lock, so within a process the calls of a node run one by one. */
const queues = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work with the same key in this process has succeeded or failed. */
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
 * Records keys with n8n's own deduplication, which works across restarts and processes.
 *
 * @param scope whose list it is: the node's own or the workflow's.
 * @param maxEntries the number of keys that the list keeps, newest first.
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
	// If two processes record the first event of a list at the same time, one of them fails once.
	const { new: fresh } = first.ok ? first.value : await check();
	return new Set(fresh.map(String));
}

/** The result of writing the list. */
interface Written {
	/** The keys that were new. The first caller that asked for a key deletes it. */
	readonly fresh: Set<string>;
	/** The time to read and write the list, in milliseconds. */
	readonly tookMs: number;
}

/** Keys that wait to be written in one call. */
interface Batch {
	readonly keys: Set<string>;
	readonly written: Promise<Written>;
}

const waiting = new Map<string, Batch>();

/** How the list is written. */
export interface ListWriting {
	/**
	 * The time before the list is written again, in milliseconds. It limits how often n8n rewrites the list, while a single event
	 * does not wait.
	 */
	readonly pauseMs: number;
	/** Whether the node reconciles records. */
	readonly reconciles: boolean;
}

function openBatch(
	context: IExecuteFunctions,
	node: string,
	{ pauseMs, reconciles }: ListWriting,
): Batch {
	const keys = new Set<string>();
	const written = inTurn(node, async (): Promise<Written> => {
		// Keys that arrive from now on go into the next batch.
		waiting.delete(node);
		const startedAt = Date.now();
		const maxEntries = reconciles ? MAX_REMEMBERED_RECONCILING : MAX_REMEMBERED;
		const fresh = await checkAndRecord(context, [...keys], 'node', maxEntries);
		return { fresh, tookMs: Date.now() - startedAt };
	});
	void inTurn(node, async () => await sleep(pauseMs));
	return { keys, written };
}

/**
 * Writes keys to the list that n8n keeps for this node in its database. Calls that have to wait for an earlier one are
 * written together.
 *
 * @returns the keys that were not in the list, each to only one caller in this process, and the time the list took.
 * @throws what n8n's helper throws, twice in a row.
 */
export async function recordProcessed(
	context: IExecuteFunctions,
	keys: readonly string[],
	writing: ListWriting,
): Promise<{ fresh: string[]; tookMs: number }> {
	const node = nodeKey(context);
	const batch = waiting.get(node) ?? openBatch(context, node, writing);
	waiting.set(node, batch);
	for (const key of keys) batch.keys.add(key);
	const { fresh, tookMs } = await batch.written;
	return { fresh: keys.filter((key) => fresh.delete(key)), tookMs };
}
