/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `attempt` repeatedly until it returns a value.
 *
 * @param what completes the sentence "timed out waiting for ..."
 * @param attempt returns undefined for "not yet"; what it throws ends the wait
 * @param timeoutMs the longest wait, in milliseconds
 * @param intervalMs the first pause between two attempts, in milliseconds. The pauses grow, up to a second, so that
 * many simultaneous waits leave time to work.
 * @throws if the time is over
 */
export async function waitFor<T>(
	what: string,
	attempt: () => Promise<T | undefined> | T | undefined,
	timeoutMs: number,
	intervalMs = 100,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (let pause = intervalMs; ; pause = Math.max(intervalMs, Math.min(pause * 1.2, 1_000))) {
		const answer = await attempt();
		if (answer !== undefined) return answer;
		if (Date.now() >= deadline)
			throw new Error(`Timed out after ${timeoutMs} ms waiting for ${what}`);
		await delay(pause);
	}
}
