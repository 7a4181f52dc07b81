import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { openProcore, type Procore } from '../api';
import {
	PAYLOAD_VERSIONS,
	subscriptionKey,
	type EventType,
	type Scope,
	type WebhookResource,
} from '../api/model';
import { chosenCompany, chosenScope } from './chosen';

const EVENT_WORDS: Readonly<Record<EventType, string>> = {
	create: 'created',
	update: 'updated',
	delete: 'deleted',
};

/** Active projects of the chosen company, for a parameter that takes several. */
export async function getProjects(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const procore = await openProcore(this);
	const projects = await procore.directory.allProjects(chosenCompany(this, procore));
	return projects.map(({ model }) => ({ name: model.display_name, value: model.id }));
}

/** Projects of one company are offered the same events: any of them stands for all. */
async function scopeToAsk(context: ILoadOptionsFunctions, procore: Procore): Promise<Scope> {
	if (context.getCurrentNodeParameter('scope') !== 'allProjects')
		return chosenScope(context, procore);
	const companyId = chosenCompany(context, procore);
	for await (const { projects } of procore.directory.projects(companyId)) {
		const [first] = projects;
		if (first) return { kind: 'project', companyId, projectId: first.model.id };
	}
	return { kind: 'company', companyId };
}

function describe({ category, tool }: WebhookResource): string {
	return [category, tool].filter((word) => word !== '').join(' / ');
}

/** What the chosen scope may subscribe to, as Procore lists it now, one entry for each resource and event. */
export async function getEvents(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const procore = await openProcore(this);
	const chosenVersion = this.getCurrentNodeParameter('options.payloadVersion');
	const payloadVersion = PAYLOAD_VERSIONS.find((known) => known === chosenVersion) ?? 'v2.0';
	const scope = await scopeToAsk(this, procore);
	const resources = await procore.webhooks.listResources(scope, payloadVersion);
	return resources
		.map(({ model }) => model)
		.sort((left, right) => left.name.localeCompare(right.name))
		.flatMap((resource) =>
			resource.events.map((event) => ({
				name: `${resource.name} ${EVENT_WORDS[event]}`,
				value: subscriptionKey({ resource_name: resource.name, event_type: event }),
				description: describe(resource),
			})),
		);
}
