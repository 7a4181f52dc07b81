/** How long one attempt of a request may take, in milliseconds, and how often it is retried. */
export interface RetryPolicy {
	readonly timeout: number;
	/** Attempts of a request that is safe to repeat, if the outcome of the earlier ones is unknown. */
	readonly attempts: number;
	/** If Procore asks to wait longer than this, the request fails with a message that states the wait. */
	readonly maxWait: number;
}

/** Limits for all requests of one piece of work, such as an activation. */
export interface RequestOptions {
	/** Defaults to {@link DEFAULT_RETRIES}. */
	readonly retries?: RetryPolicy;
	/** Once the work is canceled, no further request is sent. */
	readonly cancellation?: { readonly isCanceled: boolean };
	/** Whether the requests count as those of safety checks, see `RateBudget.upkeepLeft`. */
	readonly isUpkeep?: boolean;
	/** Milliseconds since 1970. After it, a request gets a single short attempt, which a rollback still needs. */
	readonly deadline?: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { timeout: 60_000, attempts: 4, maxWait: 60_000 };

/**
 * For work that n8n waits for: n8n aborts an activation after 84 seconds. The wait covers Procore's spike limit, which
 * resets every 10 seconds; a {@link RequestOptions.deadline} bounds the sum of several waits.
 */
export const BRIEF_RETRIES: RetryPolicy = { timeout: 6_000, attempts: 2, maxWait: 12_000 };

const AFTER_DEADLINE: RetryPolicy = { timeout: 6_000, attempts: 1, maxWait: 1_000 };

/** Shortens a policy to the time that is left before the deadline. */
export function retriesBefore(deadline: number, retries: RetryPolicy): RetryPolicy {
	const left = deadline - Date.now();
	if (left <= 0) return AFTER_DEADLINE;
	const { timeout, attempts, maxWait } = retries;
	return { timeout: Math.min(timeout, left), attempts, maxWait: Math.min(maxWait, left) };
}

/** How often one request waits for a 429 or 503. */
export const MAX_THROTTLED = 5;

/**
 * Statuses that leave open whether the request was carried out (for a 500, Procore's pages advise a retry)
 * [ERROR-500-RETRY].
 */
export const UNKNOWN_OUTCOME = new Set([408, 500, 502, 504]);

const FIRST_BACKOFF_MS = 500;

/** Returns the milliseconds to wait before the next attempt: exponential, with jitter so that processes spread out. */
export function backoff(attempt: number): number {
	return FIRST_BACKOFF_MS * 2 ** attempt * (1 + Math.random() / 4);
}
