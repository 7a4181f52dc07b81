/** How long one request may take, in milliseconds, and how often it is tried. */
export interface Patience {
	readonly timeout: number;
	/** Tries of what is safe to repeat, where no clear answer came. */
	readonly attempts: number;
	/** A longer wait that Procore asks for is not waited for: the message says how long it is. */
	readonly maxWait: number;
}

/** How the requests of one piece of work are sent. */
export interface Conduct {
	/** Usually a minute for each request. */
	readonly patience?: Patience;
	/** Once it is cancelled, nothing more is sent. */
	readonly cancellation?: { readonly isCanceled: boolean };
	/** Milliseconds since 1970. Afterwards nothing is waited for and nothing tried again, as for what has to be undone. */
	readonly deadline?: number;
}

export const USUAL: Patience = { timeout: 60_000, attempts: 4, maxWait: 60_000 };

/**
 * For what n8n waits for: it breaks an activation off after 84 seconds. The wait covers Procore's spike limit, which
 * resets every 10 seconds; a {@link Conduct.deadline} has to bound several of them.
 */
export const BRIEF: Patience = { timeout: 6_000, attempts: 2, maxWait: 12_000 };

/** For what has to be sent although the time is up. */
const HURRIED: Patience = { timeout: 6_000, attempts: 1, maxWait: 1_000 };

/** How patient a request may be now. */
export function patienceBefore(deadline: number, patience: Patience): Patience {
	const left = deadline - Date.now();
	if (left <= 0) return HURRIED;
	const { timeout, attempts, maxWait } = patience;
	return { timeout: Math.min(timeout, left), attempts, maxWait: Math.min(maxWait, left) };
}

const FIRST_BACKOFF_MS = 500;

/** Milliseconds to wait before the next try, ever longer and never the same for two processes. */
export function backoff(attempt: number): number {
	return FIRST_BACKOFF_MS * 2 ** attempt * (1 + Math.random() / 4);
}
