import type { IHookFunctions } from 'n8n-workflow';

import { BRIEF_RETRIES, type RequestOptions } from '../api';
import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import { refusal } from '../api/refusal';
import type { Hook } from '../model/hook';
import { explainInvalidId } from '../model/id';
import { scopeKey, type Scope } from '../model/scope';
import { logOutOfReach, openActivation, unreachableReason, type Activation } from './activation';
import { isOwnHook, type HookLocator } from './desired-hook';
import { removeLeftoverTestHooks } from './leftover-test-hooks';
import { isTestHook, nodeKey } from './node-key';
import { forEachScope, listFailures, type ScopeFailure } from './per-scope';
import { noteTestListening, processState, takeHooksToKeep } from './process-state';
import { hooksInMissingProjects, resolveScopes, scopesFor } from './scopes';
import { clearStoredState, type OwnHook, type StoredState } from './stored-state';

/**
 * How long before the deadline the search for leftover test hooks ends: long enough for its last request to wait for the burst
 * limit, which a request without time to wait would exceed.
 */
const CLEAN_UP_MS = BRIEF_RETRIES.maxWait;

/**
 * Deletes this node's hooks, found by their namespace, so that their IDs need not be known. A hook that is gone counts as
 * deleted. So does one whose project or company answers 404, unless it is among the given ones: the project might only be
 * hidden from the account [ERROR-404-INVISIBLE] [PROJECT-DELETED-404].
 *
 * @param keep IDs of hooks that are not deleted.
 * @param known hooks that were created and must not be forgotten.
 * @returns the scopes where it failed.
 */
export async function removeHooks(
	api: WebhooksApi,
	scopes: readonly Scope[],
	locator: HookLocator,
	keep: ReadonlySet<string> = new Set(),
	known: readonly OwnHook[] = [],
): Promise<ScopeFailure[]> {
	const knownIds = new Map(known.map(({ scope, hookId }) => [scopeKey(scope), hookId]));
	const { failures } = await forEachScope(scopes, async (scope) => {
		const hooks = await hooksIn(api, scope, locator.namespace, knownIds.get(scopeKey(scope)));
		for (const hook of hooks) {
			if (isOwnHook(hook, locator) && !keep.has(hook.id)) await api.deleteHook(scope, hook.id);
		}
	});
	return failures;
}

async function hooksIn(
	api: WebhooksApi,
	scope: Scope,
	namespace: string,
	knownId: string | undefined,
): Promise<Hook[]> {
	const list = await settle(async () => await api.listHooks(scope, namespace));
	if (list.ok) return list.value.map(({ model }) => model);
	if (!(list.failure instanceof ProcoreFailure) || !list.failure.isNotFound) throw list.failure;
	if (knownId === undefined) return [];
	throw list.failure.withAdvice(
		`If the account of the credential has lost access, hook ${knownId} is still there: give the account access, then publish and unpublish the workflow, or delete the hook with Hook: Delete. If the ${scope.kind} was deleted in Procore, there is nothing to do.`,
	);
}

/** Removes hooks of the stored state, in the namespace and with the URL that they were created with. */
async function removeStoredHooks(
	{ procore, locator }: Activation,
	{ namespace, url }: StoredState,
	hooks: readonly OwnHook[],
): Promise<ScopeFailure[]> {
	const scopes = hooks.map(({ scope }) => scope);
	const earlier: HookLocator = {
		...locator,
		namespace,
		namespaceFrom: 'given',
		destination_url: url,
		ownIds: new Set(hooks.map(({ hookId }) => hookId)),
	};
	return await removeHooks(procore.webhooks, scopes, earlier, undefined, hooks);
}

/**
 * Removes hooks of an earlier activation that this one does not adopt, for example in a project that is no longer selected.
 */
async function removeStaleHooks(
	context: IHookFunctions,
	activation: Activation,
	stored: StoredState,
	scopes: readonly Scope[],
): Promise<void> {
	const adopted = new Set(
		stored.namespace === activation.locator.namespace ? scopes.map(scopeKey) : [],
	);
	const stale = stored.hooks.filter(({ scope }) => !adopted.has(scopeKey(scope)));
	const failures = await removeStoredHooks(activation, stored, stale);
	if (failures.length > 0) {
		context.logger.warn(
			`Procore Trigger: Could not remove hooks that the workflow no longer needs since it was published again. ${listFailures(failures)}`,
		);
	}
}

/**
 * Removes what earlier activations and tests have left, and logs what has to stay.
 *
 * @returns the hooks that are kept because their project might only be missing from the list.
 */
export async function cleanUp(
	context: IHookFunctions,
	activation: Activation,
	scopes: readonly Scope[],
	{ deadline = Infinity }: RequestOptions,
): Promise<OwnHook[]> {
	const { place, locator, isTest, stored } = activation;
	const isSameNamespace = stored?.namespace === locator.namespace;
	const missing =
		isSameNamespace && !isTest ? hooksInMissingProjects(place, stored.hooks, scopes) : [];
	if (stored) {
		const kept = [...scopes, ...missing.map(({ scope }) => scope)];
		await removeStaleHooks(context, activation, stored, kept);
	}
	if (!isTest) {
		await removeLeftoverTestHooks(context, activation, scopes, deadline - CLEAN_UP_MS);
	}
	logOutOfReach(context, activation);
	return missing;
}

/** Removes all hooks of a node. See `deleteHooks`. */
export async function removeNodeHooks(
	context: IHookFunctions,
	options: RequestOptions,
): Promise<boolean> {
	// Whatever happens to the hook, this process no longer listens.
	if (isTestHook(context)) noteTestListening(context, false);
	const activation = await openActivation(context, options);
	const { procore, place, locator, isTest, stored } = activation;
	// The stored state is about to be cleared, and nothing else knows these hooks.
	logOutOfReach(context, activation);
	// createHooks has refused this URL before it sent anything, so there is nothing to remove.
	if (stored === undefined && unreachableReason(activation) !== undefined) return true;
	const current = scopesFor(isTest, await resolveScopes(procore, place));
	const scopes = new Map(
		[...current, ...(stored?.hooks ?? []).map(({ scope }) => scope)].map((scope) => [
			scopeKey(scope),
			scope,
		]),
	);
	const hasCompany = explainInvalidId(place.companyId, 'Company') === undefined;
	if (scopes.size === 0 && place.scope === 'allProjects' && !isTest && hasCompany) {
		// Procore also returns an empty list to an account that has lost its access.
		context.logger.warn(
			`Procore Trigger: This account sees no active project in company ${place.companyId}, so no hook was removed. If there are hooks "${locator.namespace}", delete them with Hook: Delete.`,
		);
	}
	const hooksToKeep = takeHooksToKeep(context);
	const failures = await removeHooks(
		procore.webhooks,
		[...scopes.values()],
		locator,
		hooksToKeep,
		stored?.namespace === locator.namespace ? stored.hooks : [],
	);
	// The stored state might be older than the parameters.
	if (stored && stored.namespace !== locator.namespace) {
		failures.push(...(await removeStoredHooks(activation, stored, stored.hooks)));
	}
	if (failures.length > 0) {
		// The stored state is kept, so that the next activation adopts these hooks.
		throw refusal(
			context.getNode(),
			`Could not remove hooks from Procore. ${listFailures(failures)}`,
		);
	}
	if (isTest) processState(nodeKey(context)).mayHaveTestHook = scopes.size === 0;
	else await removeLeftoverTestHooks(context, activation, current);
	if (hooksToKeep.size === 0) clearStoredState(context.getWorkflowStaticData('node'), Date.now());
	return true;
}

/** Whether hooks stay in Procore while the workflow is out of service. */
export function keepsHook(context: IHookFunctions): boolean {
	return context.getNodeParameter('options.whenUnpublished', 'removeHook') === 'keepHook';
}
