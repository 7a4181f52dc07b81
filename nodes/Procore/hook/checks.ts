import { sleep } from 'n8n-workflow';

/** A safety check while it is under way. */
export interface CheckUnderWay {
	/** Its node's hooks are being made or removed: from here on the check must not touch them. */
	readonly isCalledOff: boolean;
}

/** How long a node's hooks wait for a check that was called off, in milliseconds: a request or two of it. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 50;

const underWay = new Map<string, { isCalledOff: boolean }>();

/**
 * Runs a safety check. n8n starts one when it is due, whether the one before has come to its end or not.
 *
 * @param key of the node.
 * @param run never throws.
 * @returns undefined where the node's last check is still under way.
 */
export async function runCheck<T>(
	key: string,
	run: (check: CheckUnderWay) => Promise<T>,
): Promise<T | undefined> {
	if (underWay.has(key)) return undefined;
	const check = { isCalledOff: false };
	underWay.set(key, check);
	const result = await run(check);
	underWay.delete(key);
	return result;
}

/**
 * Ends the check of a node that is under way in this process, before the node's hooks are made or removed. It works with
 * the parameters that it began with: it would make a hook again that has just been removed, or bring back its triggers.
 */
export async function callOffCheck(key: string): Promise<void> {
	const giveUpAt = Date.now() + LONGEST_WAIT_MS;
	for (let check = underWay.get(key); check !== undefined; check = underWay.get(key)) {
		check.isCalledOff = true;
		if (Date.now() >= giveUpAt) return;
		await sleep(LOOK_EVERY_MS);
	}
}
