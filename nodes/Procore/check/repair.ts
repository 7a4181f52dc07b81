import type { INode, IPollFunctions } from 'n8n-workflow';

import { BRIEF_RETRIES, type Procore } from '../api';
import { NOTHING_UNDELIVERED, type Undelivered } from '../api/undelivered';
import type { DesiredHook } from '../hook/desired-hook';
import { inspect } from '../hook/inspect';
import { forEachScope, listFailures, type ScopeFailure } from '../hook/per-scope';
import { reconcile } from '../hook/reconcile';
import { removeHooks } from '../hook/removal';
import type { Upkeep } from '../hook/upkeep';
import type { OwnHook } from '../hook/stored-state';
import { isRefused } from '../model/delivery';
import { describeScope, scopeKey, type Scope } from '../model/scope';
import { undeliveredQuery, type RecoveryState } from './recovery';
import { findStalledQueue, type StalledQueue } from './stalled-queue';

/** Procore waits at most an hour between two attempts, so a blocked queue shows within it [RETRY-GIVE-UP]. */
const LOOK_BACK_MS = 3_600_000;

/**
 * No scope is started later than this before the deadline: in time for a request that waits for the burst limit, which a
 * request without time to wait would exceed.
 */
const BURST_WAIT_MS = BRIEF_RETRIES.maxWait;

/** The number of pages of deliveries that are searched for a 401; an exact count is not needed. */
const MAX_PAGES = 3;

/** What a check needs in every scope. */
export interface Check {
	readonly procore: Procore;
	readonly node: INode;
	readonly desired: DesiredHook;
	readonly depth: 'count' | 'full';
	readonly upkeep: Upkeep;
	/** The scopes that have a hook, by {@link scopeKey}. */
	readonly withHook: ReadonlySet<string>;
	readonly acceptedSince: (scope: Scope) => string | undefined;
	readonly refusedSince: (scope: Scope, earliest: number) => number;
	/** Undefined if missed events are not recovered. */
	readonly recovery: RecoveryState | undefined;
}

/** The outcome in one scope. */
export interface ScopeCheck {
	readonly hook: OwnHook;
	/** What was repaired, for the log; empty if nothing was wrong. */
	readonly repaired: string;
	readonly undelivered: Undelivered;
	/** Undefined if Procore delivers events, as far as the check can tell. */
	readonly stalled: StalledQueue | undefined;
}

/** The outcome in all scopes. One for which there was no time, or no request within the rate limit, is in neither list. */
export interface CheckResults {
	readonly checked: ScopeCheck[];
	readonly failures: ScopeFailure[];
}

/**
 * Repairs the hook of every scope and reads the events that it could not deliver.
 *
 * @param deadline milliseconds since 1970, after which no further page of deliveries is read. {@link BURST_WAIT_MS} before it,
 *   the last scope is started.
 */
export async function checkScopes(
	check: Check,
	scopes: readonly Scope[],
	deadline: number,
): Promise<CheckResults> {
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		if (Date.now() > deadline - BURST_WAIT_MS) return undefined;
		const task = check.withHook.has(scopeKey(scope)) ? 'check' : 'setUp';
		return await check.upkeep.run(task, async () => await checkScope(check, scope, deadline));
	});
	return { checked: results.filter((result) => result !== undefined), failures };
}

async function checkScope(check: Check, scope: Scope, deadline: number): Promise<ScopeCheck> {
	const { procore, recovery } = check;
	const { hookId, repaired } = await repair(check, scope);
	const startedAt = Date.now();
	const undelivered =
		recovery === undefined
			? NOTHING_UNDELIVERED
			: await procore.webhooks.listUndelivered(
					scope,
					hookId,
					undeliveredQuery(recovery, scope, startedAt, deadline, check.acceptedSince(scope)),
				);
	const openFrom = recovery === undefined ? 'unread' : undelivered.openFrom;
	const stalled = await findStalledQueue(procore, scope, hookId, openFrom, startedAt);
	const done = { hook: { scope, hookId }, undelivered, stalled };
	if (repaired !== '') return { ...done, repaired };
	const since = check.refusedSince(scope, startedAt - LOOK_BACK_MS);
	const isSuspicious =
		check.depth === 'full' ||
		Date.parse(undelivered.refusedAt ?? '') >= since ||
		stalled?.isRefused === true;
	return { ...done, repaired: isSuspicious ? await repairRefused(check, done.hook, since) : '' };
}

async function repair(
	{ procore, node, desired, depth }: Check,
	scope: Scope,
): Promise<{ hookId: string; repaired: string }> {
	const found = await inspect(procore.webhooks, scope, desired, depth);
	if (found.state === 'inSync') return { hookId: found.hook.id, repaired: '' };
	const { hooks, failures } = await reconcile(procore.webhooks, node, [scope], desired, {
		onFailure: 'keep',
	});
	const [failed] = failures;
	if (failed) throw failed.failure;
	return {
		hookId: hooks[0]?.hookId ?? '',
		repaired: found.state === 'missing' ? 'missing' : found.differences.join(', '),
	};
}

/**
 * Sends the secret again to a hook that seems to have it, but whose deliveries are answered 401. Either its secret only has
 * the same ending, or something in front of n8n asks for a login.
 *
 * @param since milliseconds since 1970.
 */
async function repairRefused(
	{ procore: { webhooks }, desired: { authorization } }: Check,
	{ scope, hookId }: OwnHook,
	since: number,
): Promise<string> {
	const query = { since: new Date(since).toISOString() };
	let refused = 0;
	let pages = 0;
	for await (const deliveries of webhooks.deliveries(scope, hookId, query)) {
		refused += deliveries.filter(
			({ model }) => isRefused(model) && Date.parse(model.completed_at ?? '') >= since,
		).length;
		pages += 1;
		if (pages >= MAX_PAGES) break;
	}
	if (refused === 0) return '';
	await webhooks.updateHook(scope, hookId, { authorization });
	return `secret sent again; deliveries answered 401 in the last hour: ${refused}`;
}

/** Logs what was repaired, and what could not be checked. */
export function logResults({ logger }: IPollFunctions, { checked, failures }: CheckResults): void {
	for (const { hook, repaired } of checked) {
		if (repaired === '') continue;
		logger.info(
			`Procore Trigger: Repaired the hook of ${describeScope(hook.scope)} (${repaired}).`,
		);
	}
	if (failures.length > 0) {
		logger.warn(
			`Procore Trigger: The safety check could not check every hook; will retry next time. ${listFailures(failures)}`,
		);
	}
}

/**
 * Removes the hooks of scopes that need none any more, for example of closed projects.
 *
 * @returns the remaining hooks. A scope that could not be checked keeps its stored one.
 */
export async function removeSurplusHooks(
	{ logger }: IPollFunctions,
	{ procore, desired }: Check,
	stored: readonly OwnHook[],
	checked: readonly ScopeCheck[],
	scopes: readonly Scope[],
): Promise<OwnHook[]> {
	const hooks = new Map(
		[...stored, ...checked.map(({ hook }) => hook)].map((hook) => [scopeKey(hook.scope), hook]),
	);
	const keysInUse = new Set(scopes.map(scopeKey));
	const surplus = [...hooks.values()]
		.map(({ scope }) => scope)
		.filter((scope) => !keysInUse.has(scopeKey(scope)));
	const failures = await removeHooks(procore.webhooks, surplus, desired);
	if (failures.length > 0) {
		logger.warn(
			`Procore Trigger: Could not remove hooks that are no longer needed; will retry at the next safety check. ${listFailures(failures)}`,
		);
	}
	const failedKeys = new Set(failures.map(({ scope }) => scopeKey(scope)));
	return [...hooks]
		.filter(([key]) => keysInUse.has(key) || failedKeys.has(key))
		.map(([, hook]) => hook);
}

/** Logs how far a check came that left hooks to the next one. */
export function logProgress(
	{ logger }: IPollFunctions,
	upkeep: Upkeep,
	{ checked, failures }: CheckResults,
	{ all, withHook }: { all: number; withHook: number },
): void {
	const done = checked.length + failures.length;
	if (done === all) return;
	const lacking = withHook < all ? ` ${all - withHook} projects have no hook yet.` : '';
	logger.info(
		`Procore Trigger: Checked ${done} of ${all} hooks; the next safety check will continue.${lacking} Within the rate limit, it takes about ${upkeep.hoursForRound(all)} hours to check all of them.`,
	);
}
