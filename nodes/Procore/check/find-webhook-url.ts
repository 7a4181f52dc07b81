import type { IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { namespaceOf } from '../hook/activation';
import { resolveScopes } from '../hook/scopes';
import type { TriggerPlace } from '../hook/settings';
import type { Scope } from '../model/scope';

/** In how many scopes the node's hook is looked for: it has one in each, unless somebody has deleted it. */
const MAX_SEARCHED = 3;

/**
 * The namespace to list a scope's hooks under; empty text for every namespace. Hooks of a company on v2.0 can only be
 * listed under one. Where the node generates it, the address of the editor and n8n's usual path give the URL to generate
 * it from: an n8n that receives webhooks at another address is not found by this.
 */
function namespaceToSearch(
	context: IPollFunctions,
	{ webhooks }: Procore,
	place: TriggerPlace,
	scope: Scope,
): string {
	if (scope.kind === 'project' || !webhooks.needsCompanyNamespace) return '';
	const base = context.getInstanceBaseUrl().replace(/\/$/, '');
	const usual = `${base}/webhook/${context.getNode().webhookId}/procore`;
	return namespaceOf(context, place, usual, false);
}

/**
 * Finds the webhook URL of a node in its own hook in Procore, by the webhook id in the URL: for a check that has nothing
 * else to go by. A hook that delivers to another host counts as that of another n8n, which this one may be a copy of.
 */
export async function findWebhookUrl(
	context: IPollFunctions,
	procore: Procore,
	place: TriggerPlace,
): Promise<string | undefined> {
	const { webhookId } = context.getNode();
	if (webhookId === undefined) return undefined;
	const { host } = new URL(context.getInstanceBaseUrl());
	const scopes = await resolveScopes(procore, place);
	for (const scope of scopes.slice(0, MAX_SEARCHED)) {
		const namespace = namespaceToSearch(context, procore, place, scope);
		const found = (await procore.webhooks.listHooks(scope, namespace)).find(({ model }) => {
			const { destination_url: url } = model;
			return (
				URL.canParse(url) &&
				new URL(url).host === host &&
				new URL(url).pathname.endsWith(`/${webhookId}/procore`) &&
				model.namespace !== namespaceOf(context, place, url, true)
			);
		});
		if (found) return found.model.destination_url;
	}
	return undefined;
}
