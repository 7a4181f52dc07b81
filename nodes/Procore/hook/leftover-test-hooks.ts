import type { IHookFunctions } from 'n8n-workflow';

import type { Hook } from '../model/hook';
import type { Scope } from '../model/scope';
import { namespaceOf, type Activation } from './activation';
import { isSameNode } from './namespace';
import { nodeKey } from './node-key';
import { forEachScope } from './per-scope';
import { processState, TEST_LASTS_MS } from './process-state';

/** The number of scopes that are searched. Each costs a request, and a test listens in few. */
const MAX_SEARCHED = 20;

/**
 * Whether another main process of n8n might be listening with this hook, by the time of its last change. False on Webhooks API
 * v1.0, which does not tell: a hook that stays would be worse than a test that has to be repeated.
 */
function isNew({ created_at: created, updated_at: updated }: Hook, now: number): boolean {
	return now - Date.parse(updated ?? created ?? '') < TEST_LASTS_MS;
}

/**
 * Removes the test hook that was left behind by an n8n that was killed while it listened for a test event, or by a test of
 * this process whose hook Procore did not delete.
 *
 * The first search of a process removes every test hook of the node. Later ones are for a hook that another main process has
 * left: they leave new hooks alone, since that process might still be listening, and therefore have nothing to find before a
 * test's time has passed since the last search. That bounds their cost. What is not done is left to the next activation.
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
	if (startedAt < state.listensUntil) return;
	const isOwn = state.leftoversSearchedAt === undefined || state.mayHaveTestHook;
	if (!isOwn && startedAt - (state.leftoversSearchedAt ?? 0) < TEST_LASTS_MS) return;
	const { destination_url: url } = locator;
	const namespace = namespaceOf(context, place, url, true);
	const searched = scopes.slice(0, MAX_SEARCHED);
	const { results } = await forEachScope(searched, async (scope) => {
		if (Date.now() > deadline) return false;
		for (const { model } of await procore.webhooks.listHooks(scope, namespace)) {
			const isOfTest = model.namespace === namespace && model.destination_url !== url;
			if (!isOfTest || !isSameNode(model.destination_url, url)) continue;
			if (isOwn || !isNew(model, startedAt)) await procore.webhooks.deleteHook(scope, model.id);
		}
		return true;
	});
	if (results.filter((isSearched) => isSearched).length < searched.length) return;
	state.leftoversSearchedAt = startedAt;
	state.mayHaveTestHook = false;
}
