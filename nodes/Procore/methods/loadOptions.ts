import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { openProcore, type Procore } from '../api';
import { settle } from '../api/concurrency';
import { messageOf, ProcoreFailure } from '../api/failure';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';
import {
	eventTypeKey,
	isUsualEventType,
	subscriptionText,
	USUAL_EVENT_TYPES,
} from '../model/trigger';
import {
	availableResources,
	deliverableResources,
	describe,
	resourceOptions,
} from './available-resources';
import { eventLabel } from './event-label';
import { requireCompany, panelValue } from './panel';
import { projectOptions } from './project-search';

const NO_DIRECTORY =
	"This account can't read the directory of the company. Enter the IDs in Users Not Listed (IDs) instead.";

/**
 * When n8n is still selecting the credential of a new node, it reads the lists without one, and doesn't read them again if the
 * credential is there before the response (2.41, `loadRemoteParameterOptions` of ParameterInput.vue).
 */
const NO_CREDENTIAL =
	'n8n read this list before a credential was selected. Select one; if there is one already, choose Refresh List in the menu ⋮ of this field.';

/**
 * Lists options. If they cannot be read, the only option is the reason: for an error, the field shows "Error fetching options"
 * and has the reason in the tooltip of an icon, which a node that was just added does not show (n8n 2.41 and 1.123,
 * `hideIssues` of ParameterInput.vue).
 *
 * @param parameter what the options are for; `&` stands for the collection that contains it.
 * @throws the reason if something is selected in the parameter, because n8n would call that "not supported".
 */
async function optionsOf(
	context: ILoadOptionsFunctions,
	parameter: string,
	read: (procore: Procore) => Promise<INodePropertyOptions[]>,
): Promise<INodePropertyOptions[]> {
	const result = await settle(async () => {
		const node = context.getNode();
		if (Object.keys(node.credentials ?? {}).length === 0) throw refusal(node, NO_CREDENTIAL);
		return await read(await openProcore(context));
	});
	if (result.ok) return result.value;
	if (severalValues(panelValue(context, parameter)).length > 0) throw result.failure;
	return [{ name: messageOf(result.failure), value: '' }];
}

/** Lists the active projects of the selected company. */
export async function getProjects(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, 'projectIds', async (procore) => {
		const companyId = requireCompany(this, procore);
		return projectOptions(await procore.directory.allProjects(companyId, { view: 'normal' }));
	});
}

/** Users that a list shows. A longer one takes the editor too long. */
const MAX_USERS = 2000;

/** Reads the users of the selected company, up to {@link MAX_USERS}. */
async function readUsers(
	context: ILoadOptionsFunctions,
	procore: Procore,
): Promise<INodePropertyOptions[]> {
	const options: INodePropertyOptions[] = [];
	for await (const users of procore.users.list(requireCompany(context, procore), '')) {
		for (const { model } of users) {
			const email = model.email_address === null ? '' : ` (${model.email_address})`;
			options.push({ name: `${model.name}${email}`, value: model.id });
		}
		if (options.length >= MAX_USERS) break;
	}
	return options.sort((left, right) => left.name.localeCompare(right.name));
}

/** Lists the users of the selected company by name. */
export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, '&users', async (procore) => {
		const read = await settle(async () => await readUsers(this, procore));
		if (read.ok) return read.value;
		const { failure } = read;
		if (!(failure instanceof ProcoreFailure) || !failure.isPermissionMissing) throw failure;
		return [{ name: NO_DIRECTORY, value: '' }];
	});
}

/** Lists the available events. */
export async function getEvents(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, 'events', async (procore) =>
		(await availableResources(this, procore)).flatMap((resource) =>
			resource.events.map((event) => ({
				name: eventLabel(resource, event),
				value: subscriptionText({ resource_name: resource.name, event_type: event }),
				description: describe(resource),
			})),
		),
	);
}

/** Lists the available resources. */
export async function getResources(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await optionsOf(
		this,
		'filters.resourceName',
		async (procore) => await resourceOptions(this, procore),
	);
}

function eventTypeOption(eventType: string): INodePropertyOptions {
	return { name: eventType.charAt(0).toUpperCase() + eventType.slice(1), value: eventType };
}

/** Lists the event types of the selected resource; the usual ones if it is not available or none is selected. */
export async function getEventTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const resourceName = panelValue(this, 'resourceName');
	return await optionsOf(this, 'eventType', async (procore) => {
		const resource = (await availableResources(this, procore)).find(
			({ name }) => name === resourceName,
		);
		return (resource?.events ?? USUAL_EVENT_TYPES).map(eventTypeOption);
	});
}

/** The resources that the description of an event type names. */
const NAMED_RESOURCES = 3;

/**
 * Lists the event types that deliveries can have, the usual ones first, then those that only some resources have. If a
 * resource is selected and available, only its own are added. If the resources cannot be listed, the usual ones are enough to
 * filter by.
 */
export async function getDeliveryEventTypes(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const resourceName = panelValue(this, 'filters.resourceName');
	return await optionsOf(this, 'filters.eventType', async (procore) => {
		const listed = await settle(async () => await deliverableResources(this, procore));
		const resources = listed.ok ? listed.value : [];
		const selected = resources.filter(({ name }) => name === resourceName);
		const others = new Map<string, { eventType: string; names: Set<string> }>();
		for (const { name, events } of selected.length > 0 ? selected : resources) {
			for (const eventType of events.filter((each) => !isUsualEventType(each))) {
				const key = eventTypeKey(eventType);
				const known = others.get(key) ?? { eventType, names: new Set() };
				others.set(key, { ...known, names: known.names.add(name) });
			}
		}
		return [
			...USUAL_EVENT_TYPES.map(eventTypeOption),
			...[...others.values()].map(({ eventType, names }) => ({
				...eventTypeOption(eventType),
				...(selected.length > 0 ? {} : { description: describeUsers([...names]) }),
			})),
		];
	});
}

/** Returns `Only for Document Revisions, Document Upload`. */
function describeUsers(names: readonly string[]): string {
	const more = names.length - NAMED_RESOURCES;
	const shown = names.slice(0, NAMED_RESOURCES).join(', ');
	return `Only for ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
