import { sleep, type IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { namespaceOf } from '../hook/activation';
import { nodeKey } from '../hook/node-key';
import { processState } from '../hook/process-state';
import { resolveScopes } from '../hook/scopes';
import type { TriggerPlace } from '../hook/settings';
import type { StoredState } from '../hook/stored-state';
import type { Scope } from '../model/scope';
import type { CheckProgress } from './progress';

/** The number of scopes that are searched for the node's hook. Unless somebody has deleted it, each has one. */
const MAX_SEARCHED = 3;

/** n8n abandons an activation after 84 seconds. */
const ACTIVATION_LASTS_MS = 90_000;

/** n8n starts the check that it runs beside an activation up to this long before the activation, on a busy machine. */
const AHEAD_OF_ACTIVATION_MS = 2_000;

/**
 * Returns the node's webhook URL as an activation in this process, or the stored state, knows it. n8n doesn't tell it to a
 * poll.
 *
 * @returns undefined if it is unknown; null if the stored state is a copy, so that the hooks belong to another n8n.
 */
export function knownUrl(
	context: IPollFunctions,
	stored: StoredState | undefined,
): string | null | undefined {
	const instance = context.getInstanceBaseUrl();
	const { address } = processState(nodeKey(context));
	if (address?.instance === instance) return address.url;
	if (stored === undefined) return undefined;
	return stored.instance === instance ? stored.url : null;
}

/**
 * Searches Procore for the node's webhook URL, which neither this process nor the stored state knows. n8n runs a check
 * while it activates the workflow, before there is a hook, so the first check never searches. With n8n's publication
 * service, it can be the second, after one that was due during the last deactivation. So no hook is missing while an
 * activation might be running.
 *
 * @returns undefined if it was not searched for; null if it was not found.
 */
export async function searchUrl(
	context: IPollFunctions,
	procore: Procore,
	place: TriggerPlace,
	progress: CheckProgress,
): Promise<string | null | undefined> {
	const node = processState(nodeKey(context));
	const isUnchanged = () => {
		const isSameStep = progress.stepsWithoutHook === node.lifecycleSteps;
		progress.stepsWithoutHook = node.lifecycleSteps;
		return isSameStep && Date.now() - node.activationBeganAt > ACTIVATION_LASTS_MS;
	};
	if (!isUnchanged()) return undefined;
	const url = await findUrlInProcore(context, procore, place);
	if (url !== undefined) return url;
	await sleep(AHEAD_OF_ACTIVATION_MS);
	if (!isUnchanged()) return undefined;
	context.logger.warn(
		'Procore Trigger: The workflow is published but has no hook in Procore, so no event starts it. n8n gave up publishing it, or lost its stored state. Unpublish the workflow and publish it again.',
	);
	return null;
}

/**
 * Finds the URL in the node's own hook by the webhook ID that the URL contains. A hook that delivers to another host
 * belongs to another n8n, which this one might be a copy of.
 */
async function findUrlInProcore(
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

/**
 * Returns the namespace whose hooks are listed; empty for every namespace. v2.0 lists the hooks of a company only by
 * namespace. A generated one is derived from the editor's address and n8n's default path, so the hook of an n8n that
 * receives webhooks at another address is not found.
 */
function namespaceToSearch(
	context: IPollFunctions,
	{ webhooks }: Procore,
	place: TriggerPlace,
	scope: Scope,
): string {
	if (scope.kind === 'project' || !webhooks.needsCompanyNamespace) return '';
	const base = context.getInstanceBaseUrl().replace(/\/$/, '');
	const defaultUrl = `${base}/webhook/${context.getNode().webhookId}/procore`;
	return namespaceOf(context, place, defaultUrl, false);
}
