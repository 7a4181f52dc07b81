/** No resource name is longer. Longer text is ignored, because the cost is the product of both lengths. */
const LONGEST = 200;

/** Returns the Levenshtein distance. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const next = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

/** Returns the known resource name that is closest to an unknown one (`RFIs` for `RFI`); undefined if none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
	if (name.length > LONGEST) return undefined;
	const wanted = name.toLowerCase();
	const [best] = known
		.filter((candidate) => candidate.length <= LONGEST)
		.map((candidate) => ({ candidate, steps: distance(wanted, candidate.toLowerCase()) }))
		.sort((left, right) => left.steps - right.steps);
	return best && best.steps <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}
