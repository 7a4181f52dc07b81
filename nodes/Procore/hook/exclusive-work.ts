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

/** How many activations and deactivations of a node run, or wait for the work that they have canceled. */
const changing = new Map<string, number>();

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
 * Runs a safety check, unless another one is running: n8n starts a check when it is due, even if the previous one has not
 * ended. n8n also runs one beside an activation, which comes first, and cancels a check that has begun: the check then runs
 * after it.
 *
 * @param key from `nodeKey`.
 * @param waitUntil milliseconds since 1970, until when it waits for an activation.
 * @param isActive whether the workflow is active, with the parameters of this check, after what came first.
 * @param run `isLate` tells whether it had to wait for an activation.
 * @returns undefined if it was not run to its end.
 * @throws what `run` throws.
 */
export async function runCheck<T>(
	key: string,
	waitUntil: number,
	isActive: () => boolean,
	run: (current: Cancellation, isLate: boolean) => Promise<T>,
): Promise<T | undefined> {
	for (let isLate = false; ; isLate = true) {
		if (!changing.has(key)) {
			if (running.has(key)) return undefined;
			let isCanceled = false;
			const result = await register(key, async (current) => {
				const value = await run(current, isLate);
				({ isCanceled } = current);
				return value;
			});
			if (!isCanceled) return result;
		}
		while (changing.has(key) && Date.now() < waitUntil) await sleep(POLL_EVERY_MS);
		if (Date.now() >= waitUntil || !isActive()) return undefined;
	}
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
	changing.set(key, (changing.get(key) ?? 0) + 1);
	try {
		const waitUntil = Date.now() + LONGEST_WAIT_MS;
		for (let other = running.get(key); other !== undefined; other = running.get(key)) {
			other.isCanceled = true;
			if (Date.now() >= waitUntil) break;
			await sleep(POLL_EVERY_MS);
		}
		return await register(key, run);
	} finally {
		const others = (changing.get(key) ?? 1) - 1;
		if (others === 0) changing.delete(key);
		else changing.set(key, others);
	}
}
