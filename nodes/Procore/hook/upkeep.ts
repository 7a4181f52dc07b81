import type { Procore } from '../api';

/** The part of an hourly rate limit that safety checks may use. The rest is for workflows. */
const GUARANTEED_SHARE = 1 / 5;

/** The part of it that they may use before hooks are left over whose check is due within the day. */
const CHECK_SHARE = 1 / 6;

/** The part that may be used once hooks are checked and records are compared, so that many hooks leave something for that. */
const RECONCILE_SHARE = 1 / 4;

/** The part that they may use while scopes have no hook yet. */
const SET_UP_SHARE = 1 / 2;

/** The requests that a new hook and its triggers take at most. */
const SET_UP_REQUESTS = 4;

/** The requests that the comparison of a list takes, unless something is missing. */
const RECONCILE_REQUESTS = 1;

/** What is asked about the rate limit and about the cost of a check. */
interface UpkeepProcore {
	readonly transport: Pick<Procore['transport'], 'upkeepLeft' | 'hourlyShare'>;
	readonly webhooks: Pick<Procore['webhooks'], 'requestsPerCheck'>;
}

/** What is done in a scope: its hook is inspected, it gets its first one, or its records are compared with its events. */
export type UpkeepTask = 'check' | 'setUp' | 'reconcile';

const SHARES = {
	check: CHECK_SHARE,
	setUp: SET_UP_SHARE,
	reconcile: RECONCILE_SHARE,
} as const satisfies Record<UpkeepTask, number>;

/**
 * Keeps the work on many hooks within a part of the hourly rate limit. What does not fit is left to the next safety check.
 * Procore shows the hourly limit only when it is nearly used up, so its default is assumed until
 * then [RATE-HOURLY].
 */
export class Upkeep {
	/** Requests that running tasks might still send. */
	private reserved = 0;
	private started = 0;

	/**
	 * @param guaranteed so many tasks may use what ordinary ones leave, so that the other workflows of the account cannot keep
	 *   this one from its work.
	 */
	constructor(
		private readonly procore: UpkeepProcore,
		private readonly companyId: string,
		private readonly guaranteed = 0,
	) {}

	/** Whether there are requests left for a task. */
	hasRoomFor(task: UpkeepTask): boolean {
		const share =
			this.started < this.guaranteed ? Math.max(GUARANTEED_SHARE, SHARES[task]) : SHARES[task];
		const left = this.procore.transport.upkeepLeft(this.companyId, share);
		return left - this.reserved >= this.costOf(task);
	}

	private costOf(task: UpkeepTask): number {
		if (task === 'setUp') return SET_UP_REQUESTS;
		return task === 'check' ? this.procore.webhooks.requestsPerCheck : RECONCILE_REQUESTS;
	}

	/** Runs work on a scope. Returns undefined if it would take too many requests. */
	async run<T>(task: UpkeepTask, work: () => Promise<T>): Promise<T | undefined> {
		if (!this.hasRoomFor(task)) return undefined;
		const cost = this.costOf(task);
		this.started += 1;
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
