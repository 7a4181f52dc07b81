/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until there is an answer.
 *
 * @param what completes the sentence "timed out waiting for ..."
 * @param attempt gives undefined for "not yet"; what it throws ends the wait
 * @param timeoutMs how long to ask, in milliseconds
 * @param intervalMs pause between two questions, in milliseconds
 * @throws when the time is over
 */
export async function waitFor<T>(
	what: string,
	attempt: () => Promise<T | undefined> | T | undefined,
	timeoutMs: number,
	intervalMs = 100,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const answer = await attempt();
		if (answer !== undefined) return answer;
		if (Date.now() >= deadline)
			throw new Error(`Timed out after ${timeoutMs} ms waiting for ${what}`);
		await delay(intervalMs);
	}
}
