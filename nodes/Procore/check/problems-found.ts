import { messageOf, ProcoreFailure } from '../api/failure';
import { describeScope, scopeKey, type Scope } from '../model/scope';
import type { Problem } from './problem';
import type { CheckResults } from './repair';
import type { StalledQueue } from './stalled-queue';

/** Statuses that a later attempt might not get: a timeout, a rate limit. */
const TEMPORARY_STATUSES: readonly number[] = [408, 429];

/** The keys of problems that are not about one scope. */
const CHECK = 'check';
const HOOK = 'hook';
const PROJECTS = 'projects';
const RECOVERY = 'recovery';

/** The problems that a check found, and what it looked at. */
export interface CheckVerdict {
	readonly problems: readonly Problem[];
	/** Whether the check looked at what a problem is about, by {@link Problem.key}. */
	readonly isJudged: (key: string) => boolean;
}

function verdict(problems: readonly Problem[], keys: readonly string[]): CheckVerdict {
	const judged = new Set(keys);
	return { problems, isJudged: (key) => judged.has(key) };
}

function repairKey(scope: Scope): string {
	return `repair ${scopeKey(scope)}`;
}

function deliveryKey(scope: Scope): string {
	return `delivery ${scopeKey(scope)}`;
}

/** Whether another attempt would fail in the same way until somebody changes something. */
function isLasting(failure: unknown): boolean {
	if (!(failure instanceof ProcoreFailure)) return true;
	const { outcome } = failure;
	return (
		outcome.kind === 'refused' &&
		outcome.status < 500 &&
		!TEMPORARY_STATUSES.includes(outcome.status)
	);
}

/** The verdict of a check that failed as a whole. */
export function checkFailed(failure: unknown): CheckVerdict {
	const problem = {
		key: CHECK,
		sentence: `The safety check of the hooks failed twice in a row, so they are not repaired and missed events are not recovered. ${messageOf(failure)}`,
		isCertain: false,
	};
	return verdict([problem], [CHECK]);
}

/** The verdict if a published workflow has no hook. */
export function hookMissing(): CheckVerdict {
	const problem = {
		key: HOOK,
		sentence:
			'The workflow is published but has no hook in Procore, so no event starts it. Unpublish the workflow and publish it again.',
		isCertain: true,
	};
	return verdict([problem], [CHECK, HOOK]);
}

/** The verdict if the account has lost its access, or the company has no projects any more. */
export function noProjectVisible(companyId: string): CheckVerdict {
	const problem = {
		key: PROJECTS,
		sentence: `This account no longer sees any active project in company ${companyId}, so its hooks are not checked. Give the account access, or unpublish the workflow to remove the hooks.`,
		isCertain: false,
	};
	return verdict([problem], [CHECK, HOOK, PROJECTS]);
}

/**
 * The verdict of a check that looked at hooks.
 *
 * @param details `notStarted`: the number of missed events for which n8n did not start the workflow. `isFirst`: whether
 *   this is the first check of the process. It might belong to an activation, which shows the same failure itself.
 */
export function problemsIn(
	{ checked, failures }: CheckResults,
	details: { url: string; notStarted: number; isFirst: boolean },
): CheckVerdict {
	const { url, notStarted, isFirst } = details;
	return verdict(
		[
			...failures.map(({ scope, failure }) => hookNotRepaired(scope, failure, !isFirst)),
			...checked.flatMap(({ hook: { scope }, stalled }) =>
				stalled === undefined ? [] : [eventsNotDelivered(scope, url, stalled)],
			),
			...(notStarted === 0 ? [] : [eventsNotRecovered(notStarted)]),
		],
		[
			...[CHECK, HOOK, PROJECTS, RECOVERY],
			...checked.flatMap(({ hook: { scope } }) => [repairKey(scope), deliveryKey(scope)]),
			...failures.map(({ scope }) => repairKey(scope)),
		],
	);
}

function hookNotRepaired(scope: Scope, failure: unknown, canBeCertain: boolean): Problem {
	return {
		key: repairKey(scope),
		sentence: `The hook of ${describeScope(scope)} could not be checked or repaired. ${messageOf(failure)}`,
		isCertain: canBeCertain && isLasting(failure),
	};
}

function eventsNotDelivered(
	scope: Scope,
	url: string,
	{ since, lastResult }: StalledQueue,
): Problem {
	return {
		key: deliveryKey(scope),
		sentence: `Procore has not delivered events of ${describeScope(scope)} since ${since} (last result: ${lastResult}). Check that ${url} can be reached from the internet.`,
		isCertain: true,
	};
}

function eventsNotRecovered(count: number): Problem {
	return {
		key: RECOVERY,
		sentence: `n8n did not start the workflow for ${count} missed events. The next safety check tries again; n8n's log has the reason.`,
		isCertain: true,
	};
}
