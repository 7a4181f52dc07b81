import { sleep } from 'n8n-workflow';

/** Response headers with names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** Answers are not on their way for longer; a larger difference means that one of the clocks was set. */
const MAX_CLOCK_SLACK_MS = 10_000;

/** A wait ends a little after the whole second that Procore names. */
const MARGIN_MS = 300;

function seconds(value: string | undefined): number | undefined {
	const parsed = value === undefined || value.trim() === '' ? NaN : Number(value);
	return Number.isFinite(parsed) ? parsed : undefined;
}

/** Milliseconds by which Procore's clock is ahead of ours, at least: its `Date` has whole seconds, and is a little old. */
function aheadBy(headers: Headers): number | undefined {
	const date = Date.parse(headers.date ?? '');
	return Number.isNaN(date) ? undefined : date - Date.now();
}

/** Milliseconds until the limit resets by Procore's own clock: ours may be wrong by minutes. */
function untilReset(headers: Headers, ahead = aheadBy(headers) ?? 0): number | undefined {
	const reset = seconds(headers['x-rate-limit-reset']);
	return reset === undefined ? undefined : Math.max(0, reset * 1000 - Date.now() - ahead);
}

/**
 * How long a 429 or 503 asks to wait, in milliseconds: the later of `Retry-After` and `X-Rate-Limit-Reset`, since
 * Procore's pages disagree on which of them counts. Undefined where neither is there.
 */
export function askedToWait(headers: Headers): number | undefined {
	const retryAfter = headers['retry-after'];
	const after = seconds(retryAfter);
	const date = retryAfter === undefined ? NaN : Date.parse(retryAfter);
	const waits = [
		after !== undefined ? after * 1000 : Number.isNaN(date) ? undefined : date - Date.now(),
		untilReset(headers),
	].filter((wait) => wait !== undefined);
	return waits.length === 0 ? undefined : Math.max(0, ...waits) + MARGIN_MS;
}

/**
 * Keeps one account inside Procore's rate limits. Each answer says how many requests are left in whichever window is
 * nearest (`X-Rate-Limit-*`); when none is left, requests wait for the reset instead of running into a 429.
 */
export class RateBudget {
	private left = Infinity;

	private limit = Infinity;

	private resetAt = 0;

	private pausedUntil = 0;

	/** The best of what the answers told of Procore's clock, see {@link aheadBy}. */
	private ahead: number | undefined;

	private inFlight = 0;

	/** Waits until a request may be sent, but never longer than `maxWaitMs` in all. */
	async take(maxWaitMs: number): Promise<void> {
		const giveUpAt = Date.now() + maxWaitMs;
		for (;;) {
			const now = Date.now();
			if (now >= this.resetAt && this.left <= 0) this.left = this.limit;
			const free = Math.max(this.pausedUntil, this.left > 0 ? 0 : this.resetAt);
			// A reset that is too far off is not waited for in vain: the 429 tells how far.
			if (now >= free || now >= giveUpAt || free - now > maxWaitMs) break;
			await sleep(Math.min(free, giveUpAt) - now);
		}
		this.left -= 1;
		this.inFlight += 1;
	}

	/** Takes note of an answer; without headers (a dropped connection) it only ends the request. */
	release(headers: Headers = {}): void {
		this.inFlight -= 1;
		this.setClock(aheadBy(headers));
		const left = seconds(headers['x-rate-limit-remaining']);
		const wait = untilReset(headers, this.ahead);
		if (left === undefined || wait === undefined) return;
		this.limit = Math.max(1, seconds(headers['x-rate-limit-limit']) ?? 1);
		this.left = left - this.inFlight;
		this.resetAt = Date.now() + wait + MARGIN_MS;
	}

	/** Holds every further request of the account back for `ms`: one of them met a 429 or 503. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, Date.now() + ms);
	}

	private setClock(ahead: number | undefined): void {
		if (ahead === undefined) return;
		const best = this.ahead ?? ahead;
		this.ahead = best - ahead > MAX_CLOCK_SLACK_MS ? ahead : Math.max(best, ahead);
	}
}

const budgets = new Map<string, RateBudget>();
const MAX_BUDGETS = 1000;

/** The budget shared by everything in this process that speaks for the same account. */
export function rateBudget(account: string): RateBudget {
	const known = budgets.get(account);
	if (known) return known;
	if (budgets.size >= MAX_BUDGETS) budgets.clear();
	const budget = new RateBudget();
	budgets.set(account, budget);
	return budget;
}
