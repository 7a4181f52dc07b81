import type { Response } from 'express';

export interface Limit {
	limit: number;
	windowSeconds: number;
}

const GENEROUS: Limit = { limit: 100_000, windowSeconds: 3600 };

/** A fixed window in real time, because clients wait in real time. */
class Window {
	private endsAt = 0;
	private used = 0;

	constructor(private readonly setting: Limit) {}

	/** Starts over if the window has ended. */
	open(now: number): void {
		if (now < this.endsAt) return;
		this.endsAt = now + this.setting.windowSeconds * 1000;
		this.used = 0;
	}

	count(): void {
		this.used += 1;
	}

	get state(): { limit: number; remaining: number; resetAt: number } {
		const { limit } = this.setting;
		return { limit, remaining: limit - this.used, resetAt: this.endsAt };
	}
}

/** Procore's limits for one account: usually one for 10 seconds and one for an hour. */
export class RateLimit {
	private windows = [new Window(GENEROUS)];
	private blockedUntil = 0;

	set(limits: readonly Limit[] | null): void {
		this.windows = (limits ?? [GENEROUS]).map((limit) => new Window(limit));
		this.blockedUntil = 0;
	}

	blockFor(seconds: number): void {
		this.blockedUntil = Date.now() + seconds * 1000;
	}

	/**
	 * Counts a request and sets the headers, which describe the window with the fewest requests left ("Rate Limiting": the
	 * limit that is nearest) [RATE-HOURLY]. Returns false if the request must be rejected.
	 */
	admit(response: Response): boolean {
		const now = Date.now();
		for (const window of this.windows) window.open(now);
		if (now < this.blockedUntil) {
			const limit = this.nearest().limit;
			setHeaders(response, { limit, remaining: 0, resetAt: this.blockedUntil });
			return false;
		}
		const admitted = this.windows.every(({ state }) => state.remaining > 0);
		if (admitted) for (const window of this.windows) window.count();
		setHeaders(response, this.nearest());
		return admitted;
	}

	private nearest(): Window['state'] {
		return this.windows
			.map(({ state }) => state)
			.reduce((one, other) => (other.remaining < one.remaining ? other : one));
	}
}

/**
 * `X-Rate-Limit-Reset` is in Unix seconds [RATE-HEADERS], and is to be compared with `Date`. Node would take that from the
 * system's clock, which a test can replace in this process.
 */
function setHeaders(response: Response, { limit, remaining, resetAt }: Window['state']): void {
	response.setHeader('Date', new Date().toUTCString());
	response.setHeader('X-Rate-Limit-Limit', String(limit));
	response.setHeader('X-Rate-Limit-Remaining', String(remaining));
	response.setHeader('X-Rate-Limit-Reset', String(Math.ceil(resetAt / 1000)));
}

/** The sentence speaks of an hour for the ten-second limit as well (guide to rate limiting) [RATE-WAIT]. */
export const RATE_LIMITED = {
	error:
		'You have surpassed the max number of requests for an hour. ' +
		'Please wait until your limit resets.',
};
