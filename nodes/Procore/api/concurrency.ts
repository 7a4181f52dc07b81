/** What became of a piece of work: its value, or what it threw. */
export type Settled<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: unknown };

/**
 * Runs `work` over `items`, at most `limit` at a time, and settles every one: the results stand in the order of the
 * items, and a failure stops no other item.
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

/** Waits for one piece of work and hands its failure back as a value. */
export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (failure) {
		return { ok: false, failure };
	}
}
