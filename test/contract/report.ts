import { stringify } from 'lossless-json';

import { TOPICS, assumption } from './assumptions';
import type { EndpointForm, ErrorBody } from './forms';
import type { State, Verdict } from './verdicts';

const STATES: Readonly<Record<State, string>> = {
	confirmed: 'confirmed',
	contradicted: 'CONTRADICTED',
	notTestable: 'not testable',
};

const MOST_JSON = 300;

/** What a run found. Contains nothing of the account. */
export interface Report {
	/** The day of the run, `2026-11-27`. */
	readonly day: string;
	readonly environment: string;
	readonly requests: number;
	/** What the run lacked, in words. */
	readonly lacked: readonly string[];
	readonly verdicts: readonly Verdict[];
	readonly endpoints: readonly EndpointForm[];
	readonly errors: readonly ErrorBody[];
	readonly notes: readonly string[];
}

function count(verdicts: readonly Verdict[], state: State): number {
	return verdicts.filter((verdict) => verdict.state === state).length;
}

function cell(text: string): string {
	return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** JSON for a cell, cut if it is long. */
function code(value: unknown): string {
	const json = cell(stringify(value) ?? '');
	return `\`${json.length > MOST_JSON ? `${json.slice(0, MOST_JSON)}…` : json}\``;
}

/** The numbers of a report in one sentence. */
export function summary({ verdicts, requests }: Report): string {
	const numbers = (['confirmed', 'contradicted', 'notTestable'] as const).map(
		(state) => `${count(verdicts, state)} ${STATES[state].toLowerCase()}`,
	);
	return `${verdicts.length} assumptions: ${numbers.join(', ')} (${requests} requests).`;
}

/** The report as a table for the terminal: contradictions first, and at the end what could not be tested. */
export function terminalTable(report: Report): string {
	const order: readonly State[] = ['contradicted', 'confirmed', 'notTestable'];
	const width = Math.max(...report.verdicts.map(({ id }) => id.length));
	const lines = order.flatMap((state) =>
		report.verdicts
			.filter((verdict) => verdict.state === state)
			.flatMap(({ id, note }) => {
				const line = `${STATES[state].padEnd(12)}  ${id.padEnd(width)}  ${note}`;
				const assumed = `${' '.repeat(width + 16)}assumed: ${assumption(id).assumes}`;
				return state === 'contradicted' ? [line, assumed] : [line];
			}),
	);
	return [...lines, '', summary(report)].join('\n');
}

function verdictRow({ id, state, note, response }: Verdict): string {
	const answer = response === undefined ? '' : ` ${code(response)}`;
	const cells = [
		`\`${id}\``,
		STATES[state],
		cell(assumption(id).assumes),
		`${cell(note)}${answer}`,
	];
	return `| ${cells.join(' | ')} |`;
}

/** The report as a page. */
export function markdownReport(report: Report): string {
	const byId = new Map(report.verdicts.map((verdict) => [verdict.id, verdict]));
	const sections = TOPICS.flatMap(({ title, assumptions }) => [
		`## ${title}`,
		'',
		'| Id | Result | Assumption | What came |',
		'| --- | --- | --- | --- |',
		...assumptions.flatMap(({ id }) => {
			const verdict = byId.get(id);
			return verdict === undefined ? [] : [verdictRow(verdict)];
		}),
		'',
	]);
	const endpoints = report.endpoints.map(
		({ method, path, status, count: times, form }) =>
			`| ${method} | \`${path}\` | ${status ?? ''} | ${times} | \`${cell(form).slice(0, 300)}\` |`,
	);
	return [
		'# What a run against Procore found',
		'',
		`${report.day}, environment ${report.environment}. ${summary(report)}`,
		...(report.lacked.length === 0 ? [] : ['', `Without ${report.lacked.join(', ')}.`]),
		'',
		...sections,
		'## Notes',
		'',
		...report.notes.map((note) => `- ${note}`),
		'',
		'## Error bodies',
		'',
		'| Status | Times | Body |',
		'| --- | --- | --- |',
		...report.errors.map(
			({ status, count: times, body }) => `| ${status} | ${times} | ${code(body)} |`,
		),
		'',
		'## Endpoints',
		'',
		'| Method | Path | Status | Times | Form of the body |',
		'| --- | --- | --- | --- | --- |',
		...endpoints,
		'',
	].join('\n');
}

/** What became of a run, as its exit code needs it. */
interface Ending {
	readonly report: Report;
	readonly leftOver: readonly string[];
	readonly isInterrupted: boolean;
	readonly endedEarly: readonly string[];
}

/**
 * The exit code of a run: 0 if everything that can be tested is confirmed, 1 if something is contradicted, 2 if the run did
 * not come to its end or could not delete something.
 */
export function exitCode({ report, leftOver, isInterrupted, endedEarly }: Ending): 0 | 1 | 2 {
	if (leftOver.length > 0 || isInterrupted) return 2;
	if (report.verdicts.some(({ state }) => state === 'contradicted')) return 1;
	return endedEarly.length > 0 ? 2 : 0;
}
