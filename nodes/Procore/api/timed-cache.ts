import { settle } from './concurrency';

interface Entry<T> {
	/** Milliseconds since 1970. */
	readonly readAt: number;
	readonly value: Promise<T>;
}

/** Keeps what was read for a while, and shares a read among those who need it at the same time. Keeps no failure. */
export class TimedCache<T> {
	private readonly entries = new Map<string, Entry<T>>();

	/**
	 * @param maxAgeMs how long a value is kept, in milliseconds from the start of its read.
	 * @param capacity how many values are kept. One more, and all are dropped, since deleting single ones costs more than a
	 *   few repeated reads.
	 */
	constructor(
		private readonly maxAgeMs: number,
		private readonly capacity: number,
		private readonly now: () => number = Date.now,
	) {}

	/** @throws what `read` throws. */
	async get(key: string, read: () => Promise<T>): Promise<T> {
		const known = this.entries.get(key);
		if (known !== undefined && this.now() - known.readAt < this.maxAgeMs) return await known.value;
		if (known === undefined && this.entries.size >= this.capacity) this.entries.clear();
		const entry = { readAt: this.now(), value: read() };
		this.entries.set(key, entry);
		const result = await settle(async () => await entry.value);
		if (result.ok) return result.value;
		if (this.entries.get(key) === entry) this.entries.delete(key);
		throw result.failure;
	}
}
