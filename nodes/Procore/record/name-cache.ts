import { TimedCache } from '../api/timed-cache';

/** Names rarely change, and a workflow that runs for each event must not read them each time. */
const KEPT_FOR_MS = 600_000;

/** Of each kind, for all accounts of a process; a few hundred bytes each. */
const MAX_KEPT = 5000;

/** Returns what the ids stand for, and reads it first if that is not known yet. */
export type ReadOnce<T> = (ids: readonly string[], read: () => Promise<T>) => Promise<T>;

/**
 * One kind of name, as this process has read it in the last ten minutes. What an account cannot access is kept, too, or it
 * would be requested for each event.
 */
export class NameCache<T> {
	private readonly shared: TimedCache<T>;

	/** @param now milliseconds since 1970. */
	constructor(now: () => number = Date.now) {
		this.shared = new TimedCache(KEPT_FOR_MS, MAX_KEPT, now);
	}

	/** Begins a run of a node, in which nothing is read twice, however long it takes. */
	forRun(accountKey: string): ReadOnce<T> {
		const own = new TimedCache<T>(Infinity, MAX_KEPT);
		return async (ids, read) => {
			const key = JSON.stringify([accountKey, ...ids]);
			return await own.get(key, async () => await this.shared.get(key, read));
		};
	}
}
