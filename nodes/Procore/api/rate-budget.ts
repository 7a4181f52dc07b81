import { sleep } from 'n8n-workflow';

/** Response headers with names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** No response takes longer to arrive. A larger difference means that one of the clocks was changed. */
const MAX_CLOCK_SLACK_MS = 10_000;

/**
 * A limit that resets later is the hourly one. Procore's limit for short bursts resets after 10 seconds ("Handle Rate
 * Limits"), a sandbox had one of about 60 seconds, and both times of a response are rounded to seconds.
 */
const BURST_WINDOW_MS = 62_000;

const HOUR_MS = 3_600_000;

/**
 * A little less than an hour, so that an hourly check, which is never on the second, is not held up by the one before. The
 * rest is for requests that n8n repeats with a new token, which are not counted.
 */
const UPKEEP_WINDOW_MS = 57 * 60_000;

/** Procore's default. Responses usually show the burst limit, so the hourly one can stay unknown [RATE-HOURLY]. */
const DEFAULT_HOURLY_LIMIT = 600;

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

	/** The end of the window that the newest response was about, in Procore's seconds, and how many requests were left. */
	private newest = { reset: 0, left: Infinity };

	/** The hourly limit, once a response has shown it. */
	private hourlyLimit: number | undefined;

	/** Whether `left` and `resetAt` are those of the hourly limit. */
	private isHourlyNearest = false;

	/** Whether any response has shown a limit. A gateway might hide them. */
	private isLimited = false;

	/** When safety checks and set-ups sent requests in the last window, in milliseconds since 1970. */
	private readonly upkeep: number[] = [];

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

	/** Counts a request of a safety check or of a set-up that the next check can continue. */
	countUpkeep(): void {
		this.upkeep.push(Date.now());
	}

	/**
	 * Returns how many requests of the hourly limit are left for safety checks, which must leave most of it to workflows.
	 *
	 * @param share the part of the hourly limit that they may use, between 0 and 1.
	 */
	upkeepLeft(share: number): number {
		const now = Date.now();
		if (!this.isLimited) return Infinity;
		while ((this.upkeep[0] ?? now) <= now - UPKEEP_WINDOW_MS) this.upkeep.shift();
		const inWindow = Math.floor((this.hourlyShare(share) * UPKEEP_WINDOW_MS) / HOUR_MS);
		const allowed = inWindow - this.upkeep.length;
		const left = this.isHourlyNearest && now < this.resetAt ? this.left : Infinity;
		return Math.max(0, Math.min(allowed, left));
	}

	/**
	 * Returns how many requests an hour are a share of the limit. Assumes Procore's default if no response has shown it
	 * [RATE-HOURLY].
	 */
	hourlyShare(share: number): number {
		return Math.max(1, (this.hourlyLimit ?? DEFAULT_HOURLY_LIMIT) * share);
	}

	/** Ends a request and reads the limits from its response; a dropped connection has no headers. */
	release(headers: Headers = {}): void {
		this.inFlight -= 1;
		this.setClock(aheadBy(headers));
		const remaining = seconds(headers['x-rate-limit-remaining']);
		const reset = seconds(headers['x-rate-limit-reset']);
		const wait = untilReset(headers, this.ahead);
		if (remaining === undefined || reset === undefined || wait === undefined) return;
		// Responses overtake each other: within a window, the one with the fewest requests left is the newest.
		if (reset < this.newest.reset && wait === 0) {
			this.left = this.newest.left - this.inFlight;
			return;
		}
		const left = reset === this.newest.reset ? Math.min(remaining, this.newest.left) : remaining;
		this.newest = { reset, left };
		this.limit = Math.max(1, seconds(headers['x-rate-limit-limit']) ?? 1);
		this.isLimited = true;
		this.isHourlyNearest = wait > BURST_WINDOW_MS;
		if (this.isHourlyNearest) this.hourlyLimit = this.limit;
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
