/** The value below which a share of the values lies; `sorted` in ascending order, `share` from 0 to 1. */
export function percentile(sorted: readonly number[], share: number): number {
	const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
	return sorted[index] ?? Number.NaN;
}

/** A median with the smallest and the largest value. */
export interface Spread {
	readonly median: number;
	readonly least: number;
	readonly greatest: number;
}

/** Returns median, smallest and largest value. */
export function spread(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? Number.NaN;
	const lower = sorted[middle - 1] ?? upper;
	return {
		median: sorted.length % 2 === 0 ? (lower + upper) / 2 : upper,
		least: sorted[0] ?? Number.NaN,
		greatest: sorted.at(-1) ?? Number.NaN,
	};
}
