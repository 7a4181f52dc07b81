import { sleep, type DeduplicationScope, type IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { nodeKey } from '../hook/node-key';

/**
 * How many keys a node remembers. n8n rewrites the whole list at each call, some milliseconds for this size. Procore
 * sends a repetition close behind its original, since a queue waits for its head; recovered events keep a list of
 * their own.
 */
const MAX_REMEMBERED = 3000;

/** n8n reads, changes and writes the list without a lock: in one process the calls of a node have to queue up. */
const queues = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work of the same key in this process, whatever became of that. */
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
 * n8n's own deduplication: takes note of keys, across restarts and processes.
 *
 * @param scope whose list it is: the node's own or the workflow's.
 * @param maxEntries keys that the list keeps, the newest ones.
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
	// Two processes that both record the first event of a list collide once.
	const { new: fresh } = first.ok ? first.value : await check();
	return new Set(fresh.map(String));
}

/** What came of a writing. */
interface Written {
	/** Those of the keys that were new; each is taken out by the first who asked for it. */
	readonly fresh: Set<string>;
	/** From reading the list to having written it, in milliseconds. */
	readonly tookMs: number;
}

/** What waits for its turn together, to be written in one call. */
interface Batch {
	readonly keys: Set<string>;
	readonly written: Promise<Written>;
}

const waiting = new Map<string, Batch>();

function openBatch(context: IExecuteFunctions, node: string, restMs: number): Batch {
	const keys = new Set<string>();
	const written = inTurn(node, async (): Promise<Written> => {
		// From here on keys go into the next batch.
		waiting.delete(node);
		const startedAt = Date.now();
		const fresh = await checkAndRecord(context, [...keys], 'node', MAX_REMEMBERED);
		return { fresh, tookMs: Date.now() - startedAt };
	});
	void inTurn(node, async () => await sleep(restMs));
	return { keys, written };
}

/**
 * Writes keys to the list that n8n keeps for this node in its database, across restarts, processes and workers. Calls
 * that have to wait for an earlier one are written together.
 *
 * @param restMs how long the list rests afterwards, in milliseconds: however many events there are, n8n rewrites it so
 *   seldom, and an event that comes alone does not wait.
 * @returns the keys that were not in the list, each to one caller of this process only, and how long the list took.
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
