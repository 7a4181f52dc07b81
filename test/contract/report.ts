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
/** More assumptions than this with one reason are only counted on the terminal. */
const MOST_SAME = 3;

/** What a run found. Contains nothing of the account. */
export interface Report {
	/** The day of the run, `2026-11-27`. */
	readonly day: string;
	readonly environment: string;
	readonly requests: number;
	/** What the run lacked, in words, with the setting of the env file that gives it. */
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

/** The ids of verdicts with the same note, by that note. */
function idsByNote(verdicts: readonly Verdict[]): Map<string, string[]> {
	const groups = new Map<string, string[]>();
	for (const { id, note } of verdicts) groups.set(note, [...(groups.get(note) ?? []), id]);
	return groups;
}

/**
 * The report as a table for the terminal: what could not be tested, by the reason, and at the end, which a person sees
 * first, what is contradicted.
 */
export function terminalTable(report: Report): string {
	const width = Math.max(...report.verdicts.map(({ id }) => id.length));
	const indent = ' '.repeat(width + 16);
	const of = (state: State) => report.verdicts.filter((verdict) => verdict.state === state);
	const line = (state: State, id: string, note: string) =>
		`${STATES[state].padEnd(12)}  ${id.padEnd(width)}  ${note}`;
	const untested = [...idsByNote(of('notTestable'))].flatMap(([note, ids]) =>
		ids.length <= MOST_SAME
			? ids.map((id) => line('notTestable', id, note))
			: [line('notTestable', `${ids.length} assumptions`, note)],
	);
	const confirmed = of('confirmed').map(({ id, note }) => line('confirmed', id, note));
	const contradicted = of('contradicted').flatMap(({ id, note }) => {
		const { assumes, ifWrong } = assumption(id);
		return [
			line('contradicted', id, note),
			`${indent}assumed: ${assumes}`,
			`${indent}so: ${ifWrong}`,
		];
	});
	const lacked = report.lacked.join(', ');
	const more = lacked === '' ? [] : [`With what it lacked, a run tests more: ${lacked}.`];
	return [...untested, ...confirmed, ...contradicted, '', summary(report), ...more].join('\n');
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

/** What a contradiction means, and where the code depends on the assumption; nothing if there is none. */
function contradictions(
	{ verdicts }: Report,
	uses: ReadonlyMap<string, readonly string[]>,
): string[] {
	const rows = verdicts
		.filter(({ state }) => state === 'contradicted')
		.map(({ id, note }) => {
			const { assumes, ifWrong } = assumption(id);
			const files = (uses.get(id) ?? []).map((file) => `\`${file}\``).join(', ');
			return `| ${[`\`${id}\``, cell(assumes), cell(note), cell(ifWrong), files].join(' | ')} |`;
		});
	if (rows.length === 0) return [];
	return [
		'## What is contradicted',
		'',
		'| Id | Assumption | What came | What it means | Used in |',
		'| --- | --- | --- | --- | --- |',
		...rows,
		'',
	];
}

/**
 * The report as a page.
 *
 * @param uses the files that depend on each assumption, by its id.
 */
export function markdownReport(
	report: Report,
	uses: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
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
		...contradictions(report, uses),
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

/** The end of a run, as far as its exit code depends on it. */
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
