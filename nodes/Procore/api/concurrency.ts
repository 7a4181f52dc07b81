/** The result of a piece of work: its value, or what it threw. */
export type Settled<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: unknown };

/**
 * Runs `work` on every item, at most `limit` at a time. The results are in the order of the items, and a failure does not
 * stop the other items.
 */
export async function settleAll<Item, T>(
	items: readonly Item[],
	limit: number,
	work: (item: Item, index: number) => Promise<T>,
): Promise<Array<Settled<T>>> {
	const results = new Array<Settled<T>>(items.length);
	const entries = items.entries();
	const lane = async () => {
		for (const [index, item] of entries) {
			results[index] = await settle(async () => await work(item, index));
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
	return results;
}

/** Waits for a piece of work and returns its failure as a value instead of throwing it. */
export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (failure) {
		return { ok: false, failure };
	}
}
