import type { IExecuteFunctions } from 'n8n-workflow';

/** Keys that n8n keeps at least; it rewrites the whole list at each call. */
const MIN_KEPT = 10_000;

/** Gives each thing to a workflow once, by n8n's own deduplication, which outlasts runs and restarts. */
export class OnceGate {
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * @param things in the order in which they are to be given; two with one key count as one.
	 * @param limit at most this many; those that do not fit stay new.
	 */
	async pick<T>(things: readonly T[], keyOf: (thing: T) => string, limit: number): Promise<T[]> {
		// n8n's helper reads and writes without a lock, and items run at the same time: one call after the other.
		const turn = this.last.then(async () => await this.take(things, keyOf, limit));
		this.last = turn.catch(() => undefined);
		return await turn;
	}

	private async take<T>(
		things: readonly T[],
		keyOf: (thing: T) => string,
		limit: number,
	): Promise<T[]> {
		const waiting = [...new Map(things.map((thing) => [keyOf(thing), thing]))];
		// What Procore still lists must not fall out of the memory, or it would come again.
		const options = {
			mode: 'entries',
			maxEntries: Math.max(MIN_KEPT, 2 * waiting.length),
		} as const;
		const taken: T[] = [];
		while (waiting.length > 0 && taken.length < limit) {
			const next = waiting.splice(0, Math.min(limit - taken.length, waiting.length));
			const { helpers } = this.context;
			const checked = await helpers.checkProcessedAndRecord(
				next.map(([key]) => key),
				'workflow',
				options,
			);
			const fresh = new Set(checked.new.map(String));
			taken.push(...next.filter(([key]) => fresh.has(key)).map(([, thing]) => thing));
		}
		return taken;
	}
}
