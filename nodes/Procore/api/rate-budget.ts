import { sleep } from 'n8n-workflow';

/** Response headers with names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** No response takes longer to arrive. A larger difference means that one of the clocks was changed. */
const MAX_CLOCK_SLACK_MS = 10_000;

/** Added to each wait, because Procore gives the end in whole seconds. */
const MARGIN_MS = 300;

function seconds(value: string | undefined): number | undefined {
	const parsed = value === undefined || value.trim() === '' ? NaN : Number(value);
	return Number.isFinite(parsed) ? parsed : undefined;
}

/** Returns by how many milliseconds Procore's clock is ahead, at least: `Date` has whole seconds and is slightly old. */
function aheadBy(headers: Headers): number | undefined {
	const date = Date.parse(headers.date ?? '');
	return Number.isNaN(date) ? undefined : date - Date.now();
}

/** Returns the milliseconds until the limit resets by Procore's clock, because the local one can be wrong by minutes. */
function untilReset(headers: Headers, ahead = aheadBy(headers) ?? 0): number | undefined {
	const reset = seconds(headers['x-rate-limit-reset']);
	return reset === undefined ? undefined : Math.max(0, reset * 1000 - Date.now() - ahead);
}

/**
 * Returns how many milliseconds to wait after a 429 or 503: the later of `Retry-After` and `X-Rate-Limit-Reset`, because
 * Procore's pages disagree about which one applies [RATE-WAIT]. Undefined if the response has neither.
 */
export function requestedWait(headers: Headers): number | undefined {
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
 * Keeps one account within Procore's rate limits. Each response says how many requests are left in the window that is
 * closest to its limit (`X-Rate-Limit-*`) [RATE-HEADERS]. If none are left, requests wait for the reset instead of
 * causing a 429.
 */
export class RateBudget {
	private left = Infinity;

	private limit = Infinity;

	private resetAt = 0;

	private pausedUntil = 0;

	/** The best estimate so far, see {@link aheadBy}. */
	private ahead: number | undefined;

	private inFlight = 0;

	/** Waits until a request can be sent, for at most `maxWaitMs`. */
	async take(maxWaitMs: number): Promise<void> {
		const giveUpAt = Date.now() + maxWaitMs;
		for (;;) {
			const now = Date.now();
			if (now >= this.resetAt && this.left <= 0) this.left = this.limit;
			const free = Math.max(this.pausedUntil, this.left > 0 ? 0 : this.resetAt);
			// If the reset is too far away, the request is sent anyway: the 429 says how long to wait.
			if (now >= free || now >= giveUpAt || free - now > maxWaitMs) break;
			await sleep(Math.min(free, giveUpAt) - now);
		}
		this.left -= 1;
		this.inFlight += 1;
	}

	/** Ends a request and reads the limits from its response; a dropped connection has no headers. */
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

	/** Delays all requests of the account by `ms` after a 429 or 503. */
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

/** Returns the budget of an account, which all its requests in this process share. */
export function rateBudget(account: string): RateBudget {
	const known = budgets.get(account);
	if (known) return known;
	if (budgets.size >= MAX_BUDGETS) budgets.clear();
	const budget = new RateBudget();
	budgets.set(account, budget);
	return budget;
}
