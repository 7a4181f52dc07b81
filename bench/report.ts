import { plainTable } from '../test/harness/table';

/** One table of a report; the first row is the header. */
export interface Section {
	readonly title: string;
	/** What the figures are and how they were measured. */
	readonly text: string;
	readonly rows: readonly string[][];
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

/** Formats the whole report for the documentation. */
export function markdownReport(title: string, intro: string, sections: readonly Section[]): string {
	const parts = sections.map(
		({ title: heading, text, rows }) => `## ${heading}\n\n${text}\n\n${markdownTable(rows)}`,
	);
	return `${[`# ${title}`, intro, ...parts].join('\n\n')}\n`;
}
