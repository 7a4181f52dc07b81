import { sleep } from 'n8n-workflow';

/** Work on the hooks of a node while it is under way: a safety check, an activation, a deactivation. */
export interface Cancellation {
	/** Other work has begun on the same hooks: this one must send nothing any more. */
	readonly isCanceled: boolean;
}

/** How long new work waits for the end of what it called off, in milliseconds: a request or two of it. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 50;

const running = new Map<string, { isCanceled: boolean }>();

async function register<T>(key: string, run: (mine: Cancellation) => Promise<T>): Promise<T> {
	const mine = { isCanceled: false };
	running.set(key, mine);
	try {
		return await run(mine);
	} finally {
		if (running.get(key) === mine) running.delete(key);
	}
}

/**
 * Runs a safety check. n8n starts one when it is due, whether the one before has come to its end or not.
 *
 * @param key of the node.
 * @returns undefined where other work on the node's hooks is under way.
 * @throws what `run` throws.
 */
export async function runIfIdle<T>(
	key: string,
	run: (mine: Cancellation) => Promise<T>,
): Promise<T | undefined> {
	return running.has(key) ? undefined : await register(key, run);
}

/**
 * Makes or removes the hooks of a node, after what was under way in this process has been called off. A check works with
 * the parameters that it began with, and would bring back what is changed here. An activation that takes longer than
 * 84 seconds n8n gives up without a word to it: it would go on, and undo the one that follows.
 *
 * @param key of the node.
 * @throws what `run` throws.
 */
export async function cancelAndRun<T>(
	key: string,
	run: (mine: Cancellation) => Promise<T>,
): Promise<T> {
	const giveUpAt = Date.now() + LONGEST_WAIT_MS;
	for (let other = running.get(key); other !== undefined; other = running.get(key)) {
		other.isCanceled = true;
		if (Date.now() >= giveUpAt) break;
		await sleep(LOOK_EVERY_MS);
	}
	return await register(key, run);
}
