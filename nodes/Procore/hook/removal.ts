import type { IHookFunctions } from 'n8n-workflow';

import type { Conduct } from '../api';
import { settleAll } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { scopeKey, type Scope } from '../model/scope';
import { namespaceOf, openActivation, unreachableReason, type Activation } from './activation';
import { listFailures, removeHooks, SCOPES_AT_ONCE, type Convergence } from './converge';
import { knowledgeOf } from './in-process';
import { isSameNode } from './namespace';
import { nodeKey } from './node-key';
import { resolveScopes, scopesFor } from './settings';
import { forget, type HookMemory, type OwnHook } from './stored-state';

/** n8n stops listening for a test event after two minutes; a bit more, since it does so at leisure. */
const TEST_LASTS_MS = 150_000;

/** In how many scopes the remains of a test are looked for: each costs a request, and a test listens in few. */
const MAX_SWEPT = 20;

/** Removes hooks that are remembered, under the namespace and the URL that they were made with. */
async function removeRemembered(
	{ procore, claim }: Activation,
	{ namespace, url }: HookMemory,
	hooks: readonly OwnHook[],
): Promise<Convergence['failures']> {
	const scopes = hooks.map(({ scope }) => scope);
	return await removeHooks(procore.webhooks, scopes, {
		...claim,
		namespace,
		namespaceFrom: 'given',
		destination_url: url,
		ownIds: new Set(hooks.map(({ hookId }) => hookId)),
	});
}

/** Removes hooks of an earlier activation that this one does not take over, as those of a scope no longer chosen. */
export async function removeStale(
	context: IHookFunctions,
	activation: Activation,
	memory: HookMemory,
	scopes: readonly Scope[],
): Promise<void> {
	const taken = new Set(
		memory.namespace === activation.claim.namespace ? scopes.map(scopeKey) : [],
	);
	const stale = memory.hooks.filter(({ scope }) => !taken.has(scopeKey(scope)));
	const failures = await removeRemembered(activation, memory, stale);
	if (failures.length > 0) {
		context.logger.warn(
			`Procore Trigger: hooks of an earlier activation could not be removed. ${listFailures(failures)}`,
		);
	}
}

/** Notes that the node's test hook is in use, so that an activation meanwhile leaves it alone. */
export function noteTest(context: IHookFunctions, isListening: boolean): void {
	knowledgeOf(nodeKey(context)).listensUntil = isListening ? Date.now() + TEST_LASTS_MS : 0;
}

/**
 * Removes the test hook that an n8n left behind which was killed while it listened for a test event. Once a process is
 * enough for each node: what this process makes, it removes itself. What cannot be looked at is left to the next time.
 */
export async function sweepTestHooks(
	context: IHookFunctions,
	{ procore, place, claim }: Activation,
	scopes: readonly Scope[],
): Promise<void> {
	const knowledge = knowledgeOf(nodeKey(context));
	if (knowledge.isSwept || Date.now() < knowledge.listensUntil) return;
	const { destination_url: url } = claim;
	const namespace = namespaceOf(context, place, url, true);
	const results = await settleAll(scopes.slice(0, MAX_SWEPT), SCOPES_AT_ONCE, async (scope) => {
		for (const { model } of await procore.webhooks.listHooks(scope, namespace)) {
			const isOfTest = model.namespace === namespace && model.destination_url !== url;
			if (isOfTest && isSameNode(model.destination_url, url)) {
				await procore.webhooks.deleteHook(scope, model.id);
			}
		}
	});
	knowledge.isSwept = results.every(({ ok }) => ok);
}

/** @see deleteHooks */
export async function removeNodeHooks(context: IHookFunctions, conduct: Conduct): Promise<boolean> {
	const activation = await openActivation(context, conduct);
	const { procore, place, claim, isTest, memory } = activation;
	// Refused by createHooks before anything was sent: there is nothing to look for, under this URL least of all.
	if (memory === undefined && unreachableReason(activation) !== undefined) return true;
	const wanted = scopesFor(isTest, await resolveScopes(procore, place));
	const scopes = new Map(
		[...wanted, ...(memory?.hooks ?? []).map(({ scope }) => scope)].map((scope) => [
			scopeKey(scope),
			scope,
		]),
	);
	const failures = await removeHooks(procore.webhooks, [...scopes.values()], claim);
	// What is remembered may be older than the parameters, or of another time altogether.
	if (memory && memory.namespace !== claim.namespace) {
		failures.push(...(await removeRemembered(activation, memory, memory.hooks)));
	}
	if (failures.length > 0) {
		// Nothing is forgotten: the next activation finds these hooks and adopts them.
		throw refusal(
			context.getNode(),
			`Hooks could not be removed from Procore. ${listFailures(failures)}`,
		);
	}
	if (isTest) noteTest(context, false);
	else await sweepTestHooks(context, activation, wanted);
	forget(context.getWorkflowStaticData('node'));
	return true;
}
