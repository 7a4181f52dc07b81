import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { Procore } from '../api';
import { settle } from '../api/concurrency';
import { PAYLOAD_VERSIONS, payloadVersionOf, type PayloadVersion } from '../model/payload-version';
import type { Scope } from '../model/scope';
import type { WebhookResource } from '../model/trigger';
import { resourceLabel } from './event-label';
import { findScope, panelId, panelValue, requireCompany } from './panel';

/** All projects of a company have the same events, so before one is selected, any of them can be queried. */
async function scopeToQuery(context: ILoadOptionsFunctions, procore: Procore): Promise<Scope> {
	const scope = findScope(context, procore);
	if (scope !== undefined) return scope;
	const companyId = requireCompany(context, procore);
	for await (const { projects } of procore.directory.projects(companyId)) {
		const [first] = projects;
		if (first) return { kind: 'project', companyId, projectId: first.model.id };
	}
	return { kind: 'company', companyId };
}

/** Returns the category and the tool of a resource. */
export function describe({ category, tool }: WebhookResource): string {
	return [category, tool].filter((word) => word !== '').join(' / ');
}

/** Returns the payload version of the selected hook, else of the panel. The available events depend on it. */
async function payloadVersionToQuery(
	context: ILoadOptionsFunctions,
	procore: Procore,
	scope: Scope,
): Promise<PayloadVersion> {
	const parameter = (name: string) => String(panelValue(context, name) ?? '');
	const hookId = panelId(context, panelValue(context, 'hookId'), 'Hook');
	if (hookId !== '') {
		try {
			const { model } = await procore.webhooks.getHook(scope, hookId, parameter('namespace'));
			return payloadVersionOf(model.payload_version);
		} catch {
			// The list is still useful for a hook that cannot be read.
		}
	}
	return payloadVersionOf(parameter('options.payloadVersion'));
}

/** Lists what the selected scope can subscribe to, sorted by label, which groups the resources of a tool. */
export async function availableResources(
	context: ILoadOptionsFunctions,
	procore: Procore,
): Promise<WebhookResource[]> {
	const scope = await scopeToQuery(context, procore);
	const payloadVersion = await payloadVersionToQuery(context, procore, scope);
	const resources = await procore.webhooks.listResources(scope, payloadVersion);
	return resources
		.map(({ model }) => model)
		.sort((left, right) => resourceLabel(left).localeCompare(resourceLabel(right)));
}

/**
 * Lists what the hooks of the selected scope can deliver. Without a selected hook, with every payload version that Procore
 * lists resources for, because the hooks of a scope can have different ones.
 */
export async function deliverableResources(
	context: ILoadOptionsFunctions,
	procore: Procore,
): Promise<WebhookResource[]> {
	if (panelId(context, panelValue(context, 'hookId'), 'Hook') !== '') {
		return await availableResources(context, procore);
	}
	const scope = await scopeToQuery(context, procore);
	const lists = await Promise.all(
		PAYLOAD_VERSIONS.map(
			async (version) =>
				await settle(async () => await procore.webhooks.listResources(scope, version)),
		),
	);
	return lists.flatMap((list) => (list.ok ? list.value : [])).map(({ model }) => model);
}

/** Lists the resources that the selected scope can subscribe to, as entries of a list. */
export async function resourceOptions(
	context: ILoadOptionsFunctions,
	procore: Procore,
): Promise<INodePropertyOptions[]> {
	return (await availableResources(context, procore)).map((resource) => ({
		name: resourceLabel(resource),
		value: resource.name,
		description: describe(resource),
	}));
}
