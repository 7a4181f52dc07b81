import type { Response } from 'express';

export interface Limit {
	limit: number;
	windowSeconds: number;
}

const GENEROUS: Limit = { limit: 100_000, windowSeconds: 60 };

/** A fixed window in real time, because clients wait in real time. */
export class RateLimit {
	private current: Limit = GENEROUS;
	private windowEndsAt = 0;
	private used = 0;
	private blockedUntil = 0;

	set(limit: Limit | null): void {
		this.current = limit ?? GENEROUS;
		this.windowEndsAt = 0;
		this.used = 0;
		this.blockedUntil = 0;
	}

	blockFor(seconds: number): void {
		this.blockedUntil = Date.now() + seconds * 1000;
	}

	/** Counts a request and sets the headers; returns false if it must be rejected. */
	admit(response: Response): boolean {
		const now = Date.now();
		if (now < this.blockedUntil) {
			this.setHeaders(response, 0, this.blockedUntil);
			return false;
		}
		if (now >= this.windowEndsAt) {
			this.windowEndsAt = now + this.current.windowSeconds * 1000;
			this.used = 0;
		}
		const admitted = this.used < this.current.limit;
		if (admitted) this.used += 1;
		this.setHeaders(response, this.current.limit - this.used, this.windowEndsAt);
		return admitted;
	}

	/** `X-Rate-Limit-Reset` is in Unix seconds [RATE-HEADERS]. */
	private setHeaders(response: Response, remaining: number, resetAt: number): void {
		response.setHeader('X-Rate-Limit-Limit', String(this.current.limit));
		response.setHeader('X-Rate-Limit-Remaining', String(remaining));
		response.setHeader('X-Rate-Limit-Reset', String(Math.ceil(resetAt / 1000)));
	}
}

/** The sentence speaks of an hour for the ten-second limit as well (guide to rate limiting) [RATE-WAIT]. */
export const RATE_LIMITED = {
	error:
		'You have surpassed the max number of requests for an hour. ' +
		'Please wait until your limit resets.',
};
