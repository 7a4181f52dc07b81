import type { INode, IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { NOTHING_UNDELIVERED, type Undelivered } from '../api/undelivered';
import { inspect } from '../hook/inspect';
import { forEachScope, listFailures, type ScopeFailure } from '../hook/per-scope';
import { reconcile } from '../hook/reconcile';
import { removeHooks } from '../hook/removal';
import type { OwnHook } from '../hook/stored-state';
import type { DesiredHook } from '../hook/desired-hook';
import type { Hook } from '../model/hook';
import { describeScope, scopeKey, type Scope } from '../model/scope';
import { undeliveredQuery, type RecoveryState } from './recovery';
import { countRefused } from './refused-deliveries';

/** What was found in one scope. */
export interface ScopeCheck {
	readonly hook: OwnHook;
	/** What was repaired, in words; empty where nothing was wrong. */
	readonly repaired: string;
	readonly undelivered: Undelivered;
}

/** What a check works with, the same in every scope. */
export interface Check {
	readonly procore: Procore;
	readonly node: INode;
	readonly desired: DesiredHook;
	readonly depth: 'count' | 'full';
	/** Undefined if nothing is to be recovered. */
	readonly recovery: RecoveryState | undefined;
}

/** Gives a hook its secret again that looks as wanted and whose events are answered 401 all the same. */
async function repairRefused(
	procore: Procore,
	scope: Scope,
	{ id }: Hook,
	{ authorization }: DesiredHook,
): Promise<string> {
	const refused = await countRefused(procore, scope, id);
	if (refused === 0) return '';
	await procore.webhooks.updateHook(scope, id, { authorization });
	return `was answered 401 at its own address (${refused} deliveries of the last hour), was given its secret again`;
}

async function repair(
	{ procore, node, desired, depth }: Check,
	scope: Scope,
): Promise<{ hookId: string; repaired: string }> {
	const found = await inspect(procore.webhooks, scope, desired, depth);
	if (found.state === 'inSync') {
		const repaired =
			depth === 'full' ? await repairRefused(procore, scope, found.hook, desired) : '';
		return { hookId: found.hook.id, repaired };
	}
	const { hooks, failures } = await reconcile(procore.webhooks, node, [scope], desired, {
		onFailure: 'keep',
	});
	const [failed] = failures;
	if (failed) throw failed.failure;
	return {
		hookId: hooks[0]?.hookId ?? '',
		repaired:
			found.state === 'missing' ? 'was missing' : `differed in ${found.differences.join(', ')}`,
	};
}

async function checkScope(check: Check, scope: Scope, deadline: number): Promise<ScopeCheck> {
	const { procore, recovery } = check;
	const { hookId, repaired } = await repair(check, scope);
	const undelivered =
		recovery === undefined
			? NOTHING_UNDELIVERED
			: await procore.webhooks.listUndelivered(
					scope,
					hookId,
					undeliveredQuery(recovery, scope, Date.now(), deadline),
				);
	return { hook: { scope, hookId }, repaired, undelivered };
}

/** What came of looking at the scopes; one for which there was no time is in neither list. */
export interface Findings {
	readonly checked: ScopeCheck[];
	readonly failures: ScopeFailure[];
}

/**
 * Repairs the hook of every scope and reads what it could not deliver.
 *
 * @param deadline milliseconds since 1970 after which no further scope is begun and no further page of deliveries read.
 */
export async function checkScopes(
	check: Check,
	scopes: readonly Scope[],
	deadline: number,
): Promise<Findings> {
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		return Date.now() > deadline ? undefined : await checkScope(check, scope, deadline);
	});
	return { checked: results.filter((result) => result !== undefined), failures };
}

/** Says in n8n's log what was repaired, and what could not be looked at. */
export function logFindings({ logger }: IPollFunctions, { checked, failures }: Findings): void {
	for (const { hook, repaired } of checked) {
		if (repaired === '') continue;
		logger.info(
			`Procore Trigger: the hook of ${describeScope(hook.scope)} ${repaired} and is right again.`,
		);
	}
	if (failures.length > 0) {
		logger.warn(
			`Procore Trigger: the safety check could not look at everything and tries again at the next. ${listFailures(failures)}`,
		);
	}
}

/**
 * The hooks that the node has from now on: a scope that could not be looked at keeps its own, one that is no longer
 * wanted (a closed project) loses it.
 */
export async function currentHooks(
	{ logger }: IPollFunctions,
	{ procore, desired }: Check,
	remembered: readonly OwnHook[],
	checked: readonly ScopeCheck[],
	scopes: readonly Scope[],
): Promise<OwnHook[]> {
	const hooks = new Map(
		[...remembered, ...checked.map(({ hook }) => hook)].map((hook) => [scopeKey(hook.scope), hook]),
	);
	const wantedKeys = new Set(scopes.map(scopeKey));
	const closed = [...hooks.values()]
		.map(({ scope }) => scope)
		.filter((scope) => !wantedKeys.has(scopeKey(scope)));
	const left = await removeHooks(procore.webhooks, closed, desired);
	if (left.length > 0) {
		logger.warn(
			`Procore Trigger: hooks that are no longer wanted could not be removed; the next safety check tries again. ${listFailures(left)}`,
		);
	}
	const leftKeys = new Set(left.map(({ scope }) => scopeKey(scope)));
	return [...hooks]
		.filter(([key]) => wantedKeys.has(key) || leftKeys.has(key))
		.map(([, hook]) => hook);
}
