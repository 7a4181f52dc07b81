/** Returns the day of an instant in UTC, shifted by whole days; undefined if the text is not an instant. */
export function filterDay(instant: string | undefined, shiftDays: number): string | undefined {
	const time = Date.parse(instant ?? '');
	if (Number.isNaN(time)) return undefined;
	return new Date(time + shiftDays * 86_400_000).toISOString().slice(0, 10);
}
