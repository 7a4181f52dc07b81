import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { openProcore, type Procore } from '../api';
import { settle } from '../api/concurrency';
import { payloadVersionOf, type PayloadVersion } from '../model/payload-version';
import type { Scope } from '../model/scope';
import {
	eventTypeKey,
	isUsualEventType,
	subscriptionText,
	USUAL_EVENT_TYPES,
	type WebhookResource,
} from '../model/trigger';
import {
	requireCompany,
	panelId,
	panelValue,
	COMPANY_MISSING,
	findCompany,
	findScope,
} from './panel';
import { projectChoices } from './project-search';

/** `RFIs created`; `Document Upload: Created` with an action of the resource's own, which then differs from `created`. */
function eventLabel(resourceName: string, eventType: string): string {
	return isUsualEventType(eventType)
		? `${resourceName} ${eventTypeKey(eventType)}d`
		: `${resourceName}: ${eventType}`;
}

/**
 * The choices that a company has. Where none is chosen, the only one says so: n8n puts "Error fetching options" in place
 * of the message of an error.
 */
async function choicesOf(
	context: ILoadOptionsFunctions,
	read: (procore: Procore) => Promise<INodePropertyOptions[]>,
): Promise<INodePropertyOptions[]> {
	const procore = await openProcore(context);
	if (findCompany(context, procore) === undefined) return [{ name: COMPANY_MISSING, value: '' }];
	return await read(procore);
}

/** Active projects of the chosen company, for a parameter that takes several. */
export async function getProjects(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, async (procore) => {
		const companyId = requireCompany(this, procore);
		return projectChoices(await procore.directory.allProjects(companyId, { view: 'normal' }));
	});
}

/** Projects of one company are offered the same events: each stands for all, also before one is chosen. */
async function scopeToAsk(context: ILoadOptionsFunctions, procore: Procore): Promise<Scope> {
	const scope = findScope(context, procore);
	if (scope !== undefined) return scope;
	const companyId = requireCompany(context, procore);
	for await (const { projects } of procore.directory.projects(companyId)) {
		const [first] = projects;
		if (first) return { kind: 'project', companyId, projectId: first.model.id };
	}
	return { kind: 'company', companyId };
}

function describe({ category, tool }: WebhookResource): string {
	return [category, tool].filter((word) => word !== '').join(' / ');
}

/** The payload version that the panel names, or that of the chosen hook; what is offered depends on it. */
async function payloadVersionToAsk(
	context: ILoadOptionsFunctions,
	procore: Procore,
	scope: Scope,
): Promise<PayloadVersion> {
	const parameter = (name: string) => String(panelValue(context, name) ?? '');
	const hookId = panelId(context, panelValue(context, 'hookId'), 'Hook');
	const hook =
		hookId === ''
			? undefined
			: await settle(
					async () => await procore.webhooks.getHook(scope, hookId, parameter('namespace')),
				);
	return payloadVersionOf(
		hook?.ok ? hook.value.model.payload_version : parameter('options.payloadVersion'),
	);
}

/** What the chosen scope may subscribe to, as Procore lists it now, in the order of the names. */
async function offered(
	context: ILoadOptionsFunctions,
	procore: Procore,
): Promise<WebhookResource[]> {
	const scope = await scopeToAsk(context, procore);
	const payloadVersion = await payloadVersionToAsk(context, procore, scope);
	const resources = await procore.webhooks.listResources(scope, payloadVersion);
	return resources
		.map(({ model }) => model)
		.sort((left, right) => left.name.localeCompare(right.name));
}

/** One entry for each resource and event that is offered. */
export async function getEvents(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, async (procore) =>
		(await offered(this, procore)).flatMap((resource) =>
			resource.events.map((event) => ({
				name: eventLabel(resource.name, event),
				value: subscriptionText({ resource_name: resource.name, event_type: event }),
				description: describe(resource),
			})),
		),
	);
}

/** One entry for each resource that is offered. */
export async function getResources(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, async (procore) =>
		(await offered(this, procore)).map((resource) => ({
			name: resource.name,
			value: resource.name,
			description: describe(resource),
		})),
	);
}

/** The events of the chosen resource; the usual ones if none is chosen, or one that is not offered. */
export async function getEventTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const chosen = this.getCurrentNodeParameter('resourceName');
	return await choicesOf(this, async (procore) => {
		const resource = (await offered(this, procore)).find(({ name }) => name === chosen);
		return (resource?.events ?? USUAL_EVENT_TYPES).map((event) => ({
			name: event.charAt(0).toUpperCase() + event.slice(1),
			value: event,
		}));
	});
}
