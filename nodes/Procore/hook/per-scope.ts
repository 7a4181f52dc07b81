import { settleAll } from '../api/concurrency';
import { messageOf } from '../api/failure';
import { describeScope, type Scope } from '../model/scope';

/** How many scopes are worked on at the same time. */
export const MAX_CONCURRENT_SCOPES = 5;

/** A scope, and what its work threw. */
export interface ScopeFailure {
	readonly scope: Scope;
	readonly failure: unknown;
}

/** Results and failures, each in the order of the scopes. */
export interface ScopeResults<T> {
	readonly results: T[];
	readonly failures: ScopeFailure[];
}

/** Runs `work` for every scope with bounded concurrency. A scope that fails doesn't stop the others. */
export async function forEachScope<T>(
	scopes: readonly Scope[],
	work: (scope: Scope) => Promise<T>,
): Promise<ScopeResults<T>> {
	const settled = await settleAll(scopes, MAX_CONCURRENT_SCOPES, work);
	const outcome: ScopeResults<T> = { results: [], failures: [] };
	for (const [index, scope] of scopes.entries()) {
		const result = settled[index];
		if (result?.ok) outcome.results.push(result.value);
		else outcome.failures.push({ scope, failure: result?.failure });
	}
	return outcome;
}

/** The failures that a message names, because one reason usually applies to all of hundreds. */
const MAX_NAMED = 10;

/** `project 902214: reason. project 902377: reason.`, for messages and log lines. Each failure ends with a period. */
export function listFailures(failures: readonly ScopeFailure[]): string {
	const named = failures
		.slice(0, MAX_NAMED)
		.map(({ scope, failure }) => `${describeScope(scope)}: ${messageOf(failure)}`);
	const more = failures.length - named.length;
	return [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}
