import { sleep } from 'n8n-workflow';

/** Tells a safety check, an activation or a deactivation whether it has been canceled. */
export interface Cancellation {
	/** Other work on the same hooks has started, so this one must not send anything. */
	readonly isCanceled: boolean;
}

/** How long new work waits for the canceled work to end: a request or two. */
const LONGEST_WAIT_MS = 10_000;
const POLL_EVERY_MS = 50;

const running = new Map<string, { isCanceled: boolean }>();

async function register<T>(key: string, run: (current: Cancellation) => Promise<T>): Promise<T> {
	const current = { isCanceled: false };
	running.set(key, current);
	try {
		return await run(current);
	} finally {
		if (running.get(key) === current) running.delete(key);
	}
}

/**
 * Runs a safety check, unless other work on the node's hooks is running. n8n starts a check when it is due, even if the
 * previous one has not ended.
 *
 * @param key from `nodeKey`.
 * @returns undefined if it was not run.
 * @throws what `run` throws.
 */
export async function runIfIdle<T>(
	key: string,
	run: (current: Cancellation) => Promise<T>,
): Promise<T | undefined> {
	return running.has(key) ? undefined : await register(key, run);
}

/**
 * Cancels the work on a node's hooks that is running in this process, waits for its end, and runs other work. A safety
 * check would restore what has changed since it read the parameters. n8n abandons an activation after 84 seconds without
 * stopping it, so it could roll back the next one.
 *
 * @param key from `hookKey`.
 * @throws what `run` throws.
 */
export async function cancelAndRun<T>(
	key: string,
	run: (current: Cancellation) => Promise<T>,
): Promise<T> {
	const waitUntil = Date.now() + LONGEST_WAIT_MS;
	for (let other = running.get(key); other !== undefined; other = running.get(key)) {
		other.isCanceled = true;
		if (Date.now() >= waitUntil) break;
		await sleep(POLL_EVERY_MS);
	}
	return await register(key, run);
}
