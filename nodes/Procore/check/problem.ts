import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { isJsonObject, jsonObject, textOrNull } from '../model/json';

/** What a safety check found that it cannot repair. */
export interface Problem {
	/** Tells one problem from another, from check to check. */
	readonly key: string;
	/** What is wrong and what to do, complete without its context: it becomes the message of a failed execution. */
	readonly sentence: string;
	/** Whether one check is enough to be sure; otherwise the next one has to find the problem too. */
	readonly isCertain: boolean;
}

interface StandingProblem {
	readonly sentence: string;
	/** Checks in a row that found it. */
	readonly checks: number;
	/** Milliseconds since 1970; undefined if it has not been reported. */
	readonly reportedAt: number | undefined;
}

/** The problems that the last check left, by {@link Problem.key}. */
export type StandingProblems = ReadonlyMap<string, StandingProblem>;

/** What has to be said after a check. */
export interface Verdict {
	readonly standing: StandingProblems;
	/** Problems to report now. */
	readonly due: readonly Problem[];
	/** Sentences of reported problems that are over. */
	readonly over: readonly string[];
}

/** A problem that lasts is reported again after a day. */
const REMIND_AFTER_MS = 24 * 3_600_000;

/** A problem that is not certain has to be found by this many checks in a row. */
const CHECKS_TO_BE_SURE = 2;

/** More problems of one check are reported together. */
const MAX_REPORTS = 3;

/** Problems that are stored: with thousands of projects, a lost permission is one for each. */
const MAX_STORED = 1000;

const KEY = 'problems';

/** The property of an item that carries a problem from the safety check to the gate. */
const ITEM_KEY = 'procoreTriggerProblem';

/**
 * Compares what a check found with what the checks before it found.
 *
 * @param isJudged whether the check looked at what a problem is about; one that it did not look at stays as it is.
 * @param now milliseconds since 1970.
 */
export function judgeProblems(
	before: StandingProblems,
	found: readonly Problem[],
	isJudged: (key: string) => boolean,
	now: number,
): Verdict {
	const standing = new Map<string, StandingProblem>();
	const due: Problem[] = [];
	const over: string[] = [];
	for (const problem of found) {
		const known = before.get(problem.key);
		const checks = (known?.checks ?? 0) + 1;
		const isSure = problem.isCertain || checks >= CHECKS_TO_BE_SURE;
		const reportedAt = known?.reportedAt;
		// A clock that was set back must not silence a problem.
		const isDue =
			isSure && (reportedAt === undefined || Math.abs(now - reportedAt) >= REMIND_AFTER_MS);
		if (isDue) due.push(problem);
		standing.set(problem.key, {
			sentence: problem.sentence,
			checks,
			reportedAt: isDue ? now : reportedAt,
		});
	}
	for (const [key, problem] of before) {
		if (standing.has(key)) continue;
		if (!isJudged(key)) standing.set(key, problem);
		else if (problem.reportedAt !== undefined) over.push(problem.sentence);
	}
	return { standing, due, over };
}

/**
 * The sentences to report, one execution each. A permission that is lost in hundreds of projects is one report: each one
 * might wake somebody up.
 */
export function reportsOf(due: readonly Problem[]): string[] {
	const [first] = due;
	if (first === undefined || due.length <= MAX_REPORTS) return due.map(({ sentence }) => sentence);
	return [
		`The safety check of the hooks found ${due.length} problems, which n8n's log lists. The first one: ${first.sentence}`,
	];
}

/** The problems that the node's static data remembers. */
export function recallProblems(staticData: IDataObject): StandingProblems {
	return new Map(
		Object.entries(jsonObject(staticData[KEY])).flatMap(([key, value]) => {
			const { sentence, checks, reportedAt } = jsonObject(value);
			const text = textOrNull(sentence);
			if (text === null) return [];
			return [
				[
					key,
					{
						sentence: text,
						checks: typeof checks === 'number' ? checks : 0,
						reportedAt: typeof reportedAt === 'number' ? reportedAt : undefined,
					},
				],
			];
		}),
	);
}

/** Replaces the problems in the node's static data. n8n saves them when the check next starts an execution. */
export function rememberProblems(staticData: IDataObject, standing: StandingProblems): void {
	staticData[KEY] = Object.fromEntries(
		[...standing]
			.slice(0, MAX_STORED)
			.map(([key, { sentence, checks, reportedAt }]) => [
				key,
				{ sentence, checks, ...(reportedAt === undefined ? {} : { reportedAt }) },
			]),
	);
}

/** The item that makes the gate fail its execution with this sentence. */
export function problemItem(sentence: string): INodeExecutionData {
	return { json: { [ITEM_KEY]: sentence } };
}

/**
 * The sentence of a problem that an execution was started to report.
 *
 * @returns undefined if the items are events. No event has this property: an event is normalized, or Procore's own JSON.
 */
export function reportedProblem(items: readonly INodeExecutionData[]): string | undefined {
	const [item] = items;
	if (items.length !== 1 || !isJsonObject(item?.json)) return undefined;
	return textOrNull(item.json[ITEM_KEY]) ?? undefined;
}
