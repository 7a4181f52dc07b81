/** A period, in milliseconds since 1970. Both ends belong to it. */
export interface TimeSpan {
	readonly from: number;
	readonly to: number;
}

const SECOND_MS = 1000;

function secondOf(time: number): number {
	return Math.floor(time / SECOND_MS) * SECOND_MS;
}

function secondAfter(time: number): number {
	return Math.ceil(time / SECOND_MS) * SECOND_MS;
}

/** Formats a time like the `updated_at` of a record, which has whole seconds: `2026-11-20T08:00:00Z`. */
export function isoSecond(time: number): string {
	return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/**
 * Formats a span for `filters[updated_at]`. Procore documents the form `FROM...TO`, in whole seconds of UTC, so the span is
 * widened to whole seconds [LIST-UPDATED-AT] [LIST-UPDATED-AT-ENDS].
 */
export function rangeOf({ from, to }: TimeSpan): string {
	return `${isoSecond(secondOf(from))}...${isoSecond(secondAfter(to))}`;
}

/** Whether a time, which might be rounded down to a second, is in a span. False for NaN. */
export function isInside(time: number, { from, to }: TimeSpan): boolean {
	return time >= secondOf(from) && time <= to;
}

/**
 * Divides a span at whole seconds. Neighbors share the second between them: Procore compares fractions that it does not
 * show, so a record that changed 0.5 seconds after a span would be missing from one that starts a second after it.
 *
 * @param now divides the time before it, because nothing has changed after it; the last part reaches to the end all the same.
 * @returns the span itself if it is too short.
 */
export function divide({ from, to }: TimeSpan, parts: number, now: number): TimeSpan[] {
	const end = now - from > 2 * SECOND_MS && now < to ? now : to;
	const cuts = new Set<number>();
	for (let part = 1; part < parts; part += 1) {
		const cut = secondOf(from + ((end - from) * part) / parts);
		if (cut > from && cut < to) cuts.add(cut);
	}
	const ends = [...cuts, to];
	return ends.map((until, index) => ({ from: ends[index - 1] ?? from, to: until }));
}
