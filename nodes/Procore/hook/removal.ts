import type { IHookFunctions } from 'n8n-workflow';

import type { RequestOptions } from '../api';
import { settleAll } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { scopeKey, type Scope } from '../model/scope';
import { namespaceOf, openActivation, unreachableReason, type Activation } from './activation';
import { listFailures, removeHooks, MAX_CONCURRENT_SCOPES, type Reconciliation } from './reconcile';
import { processState } from './process-state';
import { isSameNode } from './namespace';
import { nodeKey } from './node-key';
import { resolveScopes, scopesFor } from './settings';
import { clearStoredState, type StoredState, type OwnHook } from './stored-state';

/** n8n stops listening for a test event after two minutes; a bit more, since it does so at leisure. */
const TEST_LASTS_MS = 150_000;

/** In how many scopes the remains of a test are looked for: each costs a request, and a test listens in few. */
const MAX_SWEPT = 20;

/** Removes hooks that are remembered, under the namespace and the URL that they were made with. */
async function removeStoredHooks(
	{ procore, locator }: Activation,
	{ namespace, url }: StoredState,
	hooks: readonly OwnHook[],
): Promise<Reconciliation['failures']> {
	const scopes = hooks.map(({ scope }) => scope);
	return await removeHooks(procore.webhooks, scopes, {
		...locator,
		namespace,
		namespaceFrom: 'given',
		destination_url: url,
		ownIds: new Set(hooks.map(({ hookId }) => hookId)),
	});
}

/** Removes hooks of an earlier activation that this one does not take over, as those of a scope no longer chosen. */
export async function removeStaleHooks(
	context: IHookFunctions,
	activation: Activation,
	stored: StoredState,
	scopes: readonly Scope[],
): Promise<void> {
	const taken = new Set(
		stored.namespace === activation.locator.namespace ? scopes.map(scopeKey) : [],
	);
	const stale = stored.hooks.filter(({ scope }) => !taken.has(scopeKey(scope)));
	const failures = await removeStoredHooks(activation, stored, stale);
	if (failures.length > 0) {
		context.logger.warn(
			`Procore Trigger: hooks of an earlier activation could not be removed. ${listFailures(failures)}`,
		);
	}
}

/** Notes that the node's test hook is in use, so that an activation meanwhile leaves it alone. */
export function noteTestListening(context: IHookFunctions, isListening: boolean): void {
	processState(nodeKey(context)).listensUntil = isListening ? Date.now() + TEST_LASTS_MS : 0;
}

/**
 * Removes the test hook that an n8n left behind which was killed while it listened for a test event. Once a process is
 * enough for each node: what this process makes, it removes itself. What cannot be looked at is left to the next time.
 */
export async function removeLeftoverTestHooks(
	context: IHookFunctions,
	{ procore, place, locator }: Activation,
	scopes: readonly Scope[],
): Promise<void> {
	const state = processState(nodeKey(context));
	if (state.areLeftoversRemoved || Date.now() < state.listensUntil) return;
	const { destination_url: url } = locator;
	const namespace = namespaceOf(context, place, url, true);
	const results = await settleAll(
		scopes.slice(0, MAX_SWEPT),
		MAX_CONCURRENT_SCOPES,
		async (scope) => {
			for (const { model } of await procore.webhooks.listHooks(scope, namespace)) {
				const isOfTest = model.namespace === namespace && model.destination_url !== url;
				if (isOfTest && isSameNode(model.destination_url, url)) {
					await procore.webhooks.deleteHook(scope, model.id);
				}
			}
		},
	);
	state.areLeftoversRemoved = results.every(({ ok }) => ok);
}

/** @see deleteHooks */
export async function removeNodeHooks(
	context: IHookFunctions,
	conduct: RequestOptions,
): Promise<boolean> {
	const activation = await openActivation(context, conduct);
	const { procore, place, locator, isTest, stored } = activation;
	// Refused by createHooks before anything was sent: there is nothing to look for, under this URL least of all.
	if (stored === undefined && unreachableReason(activation) !== undefined) return true;
	const wanted = scopesFor(isTest, await resolveScopes(procore, place));
	const scopes = new Map(
		[...wanted, ...(stored?.hooks ?? []).map(({ scope }) => scope)].map((scope) => [
			scopeKey(scope),
			scope,
		]),
	);
	const failures = await removeHooks(procore.webhooks, [...scopes.values()], locator);
	// What is remembered may be older than the parameters, or of another time altogether.
	if (stored && stored.namespace !== locator.namespace) {
		failures.push(...(await removeStoredHooks(activation, stored, stored.hooks)));
	}
	if (failures.length > 0) {
		// Nothing is forgotten: the next activation finds these hooks and adopts them.
		throw refusal(
			context.getNode(),
			`Hooks could not be removed from Procore. ${listFailures(failures)}`,
		);
	}
	if (isTest) noteTestListening(context, false);
	else await removeLeftoverTestHooks(context, activation, wanted);
	clearStoredState(context.getWorkflowStaticData('node'));
	return true;
}
