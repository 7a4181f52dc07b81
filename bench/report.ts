import { plainTable } from '../test/harness/table';
import type { Spread } from './statistics';
import type { Goal } from './support';

/** One table of a report; the first row is the header. */
export interface Section {
	readonly title: string;
	/** What the figures are and how they were measured. */
	readonly text: string;
	readonly rows: readonly string[][];
}

/** What one part of the benchmark measured. */
export interface Part {
	readonly title: string;
	readonly sections: Section[];
	readonly goals: Goal[];
}

/** Formats a median with minimum and maximum. */
export function withSpread({ median, least, greatest }: Spread, digits: number): string {
	return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${greatest.toFixed(digits)})`;
}

/** A goal for the median of a ratio. */
export function atLeast(what: string, { median, least, greatest }: Spread, goal: number): Goal {
	return {
		what,
		measured: median.toFixed(2),
		goal: `at least ${goal}`,
		// A round without a result gives a ratio to zero.
		isMet: [median, least, greatest].every(Number.isFinite) && median >= goal,
	};
}

function markdownTable(rows: readonly string[][]): string {
	const [head = [], ...body] = rows;
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** Formats a section for the terminal. */
export function plainSection({ title, text, rows }: Section): string {
	return `\n${title}\n${text}\n${plainTable(rows)}`;
}

/** Formats a page for the documentation. */
export function markdownReport(title: string, intro: string, sections: readonly Section[]): string {
	const parts = sections.map(
		({ title: heading, text, rows }) => `## ${heading}\n\n${text}\n\n${markdownTable(rows)}`,
	);
	return `${[`# ${title}`, intro, ...parts].join('\n\n')}\n`;
}
