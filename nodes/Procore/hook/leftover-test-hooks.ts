import type { IHookFunctions } from 'n8n-workflow';

import type { Hook } from '../model/hook';
import type { Scope } from '../model/scope';
import { namespaceOf, type Activation } from './activation';
import { isSameNode } from './namespace';
import { nodeKey } from './node-key';
import { forEachScope } from './per-scope';
import { processState, TEST_LASTS_MS } from './process-state';
import { scopesFor } from './scopes';

/** Procore dates the hooks, and n8n's clock might differ from its clock by minutes. */
const CLOCKS_DIFFER_MS = 300_000;

/**
 * Whether another main process of n8n might be listening with this hook, by the time of its last change. False on Webhooks API
 * v1.0, which does not tell: a hook that stays would be worse than a test that has to be repeated. So is the hook of a test
 * that has found one from before and changed nothing about it.
 */
function isNew({ created_at: created, updated_at: updated }: Hook, now: number): boolean {
	return now - Date.parse(updated ?? created ?? '') < TEST_LASTS_MS + CLOCKS_DIFFER_MS;
}

/**
 * Removes the test hook that was left behind by an n8n that was killed while it listened for a test event, or by a test of
 * this process whose hook Procore did not delete.
 *
 * The first search of a process removes every test hook of the node. Later ones are for a hook that another main process has
 * left: they leave new hooks alone, since that process might still be listening. To bound their cost, they search as many
 * scopes as a test listens in, and only if a test's time has passed since the last search. What is not done is left to the next
 * activation.
 *
 * @param deadline milliseconds since 1970, after which no further scope is searched.
 */
export async function removeLeftoverTestHooks(
	context: IHookFunctions,
	{ procore, place, locator }: Activation,
	scopes: readonly Scope[],
	deadline = Infinity,
): Promise<void> {
	const state = processState(nodeKey(context));
	const startedAt = Date.now();
	const isListening = () => Date.now() < state.listensUntil;
	if (isListening()) return;
	const isOwn = state.leftoversSearchedAt === undefined || state.mayHaveTestHook;
	if (!isOwn && startedAt - (state.leftoversSearchedAt ?? 0) < TEST_LASTS_MS) return;
	const { destination_url: url } = locator;
	const namespace = namespaceOf(context, place, url, true);
	const searched = scopesFor(true, scopes);
	if (searched.length === 0) return;
	const { results } = await forEachScope(searched, async (scope) => {
		if (Date.now() > deadline) return false;
		for (const { model } of await procore.webhooks.listHooks(scope, namespace)) {
			const isOfTest = model.namespace === namespace && model.destination_url !== url;
			if (!isOfTest || !isSameNode(model.destination_url, url)) continue;
			// A test might have started during the search.
			if (isListening()) return false;
			if (isOwn || !isNew(model, startedAt)) await procore.webhooks.deleteHook(scope, model.id);
		}
		return true;
	});
	if (isListening() || results.filter((isSearched) => isSearched).length < searched.length) return;
	state.leftoversSearchedAt = startedAt;
	state.mayHaveTestHook = false;
}
