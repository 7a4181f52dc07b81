import type { Procore } from '../api';

/** The part of an hourly rate limit that safety checks may use. The rest is for workflows. */
const CHECK_SHARE = 1 / 5;

/** The part that they may use while scopes have no hook yet. */
const SET_UP_SHARE = 1 / 2;

/** The requests that a new hook and its triggers take at most. */
const SET_UP_REQUESTS = 4;

/** What is done in a scope: its hook is inspected, or it gets its first one. */
export type UpkeepTask = 'check' | 'setUp';

/**
 * Keeps the work on many hooks within a part of the hourly rate limit. What does not fit is left to the next safety check.
 *
 * Procore shows the hourly limit only when it is nearly used up. Until then, checks assume the default limit, and set-ups
 * go on.
 */
export class Upkeep {
	/** Requests that running tasks might still send. */
	private reserved = 0;

	constructor(
		private readonly procore: Pick<Procore, 'transport' | 'webhooks'>,
		private readonly companyId: string,
	) {}

	/** Runs work on a scope. Returns undefined if it would take too many requests. */
	async run<T>(task: UpkeepTask, work: () => Promise<T>): Promise<T | undefined> {
		const { transport, webhooks } = this.procore;
		const cost = task === 'setUp' ? SET_UP_REQUESTS : webhooks.requestsPerCheck;
		const left =
			task === 'setUp'
				? transport.upkeepLeft(this.companyId, SET_UP_SHARE, Infinity)
				: transport.upkeepLeft(this.companyId, CHECK_SHARE);
		if (left - this.reserved < cost) return undefined;
		this.reserved += cost;
		try {
			return await work();
		} finally {
			this.reserved -= cost;
		}
	}

	/** The number of hours in which so many hooks are checked once, at least 1. */
	hoursForRound(hooks: number): number {
		const { transport, webhooks } = this.procore;
		const perHour = transport.hourlyShare(this.companyId, CHECK_SHARE);
		return Math.max(1, Math.ceil((hooks * webhooks.requestsPerCheck) / perHour));
	}
}
