import catalogue from './catalogue.json';
import type { JsonObject } from './json';
import { USUAL_EVENT_TYPES } from './model';
import type { EventType, PayloadVersion, Scope } from './model';

export type Level = 'company' | 'project';

export interface WebhookResource {
	name: string;
	level: Level;
	events: EventType[];
	category: string;
	tool: string;
	v4Only: boolean;
}

// v4.0 hooks "can offer resource types missing from v2.0/v3.0" (guide to webhooks); the list is
// not published, so these names stand for it. The actions of Document Upload are documented (Document
// Management, "Events"); Document Revisions offers a usual and an unusual word that look alike [V4-CATALOGUE]
// [EVENT-TYPE-OPEN].
const V4_ONLY: WebhookResource[] = [
	{ name: 'Bid Board Projects', level: 'company', tool: 'Bid Board' },
	{ name: 'Estimating Projects', level: 'company', tool: 'Estimating' },
	{ name: 'Commitment Contracts', level: 'project', tool: 'Commitments' },
	{
		name: 'Document Upload',
		level: 'project',
		tool: 'Document Management',
		events: ['Created', 'Completed'],
	},
	{
		name: 'Document Revisions',
		level: 'project',
		tool: 'Document Management',
		events: ['create', 'Created', 'Completed'],
	},
].map((row) => ({
	name: row.name,
	level: row.level === 'company' ? 'company' : 'project',
	events: row.events ?? [...USUAL_EVENT_TYPES],
	category: row.level === 'company' ? 'Preconstruction' : 'Construction Financials',
	tool: row.tool,
	v4Only: true,
}));

export const RESOURCES: readonly WebhookResource[] = [
	...catalogue.map((row): WebhookResource => ({
		name: row.name,
		level: row.level === 'company' ? 'company' : 'project',
		events: row.events,
		category: row.category,
		tool: row.tool,
		v4Only: false,
	})),
	...V4_ONLY,
];

/** Finds a resource by its exact name. */
export function resourceNamed(name: string): WebhookResource | undefined {
	return RESOURCES.find((resource) => resource.name === name);
}

/**
 * A company hook can only subscribe to company-level resources; project tools need a hook in the project
 * [RESOURCES-SCOPE].
 */
export function resourcesFor(scope: Scope, format: PayloadVersion): WebhookResource[] {
	const level: Level = scope.projectId === null ? 'company' : 'project';
	return RESOURCES.filter(
		(resource) => resource.level === level && (!resource.v4Only || format === 'v4.0'),
	);
}

/** A resource as v2.0 lists it. */
export function resourceV2(resource: WebhookResource, format: PayloadVersion): JsonObject {
	return {
		category: resource.category,
		tool: resource.tool,
		name: resource.name,
		payload_version: format,
		actions: resource.events,
	};
}

/**
 * A resource as v1.0 lists it. `tools` contains the resource's name, and `except` the usual events that it does not
 * support: other actions have no place in it [V1-RESOURCES-FORM] [V1-UNUSUAL-EVENTS].
 */
export function resourceV1(resource: WebhookResource, apiVersion: string): JsonObject {
	return {
		api_version: apiVersion,
		product_category: resource.category,
		tools: resource.name,
		except: USUAL_EVENT_TYPES.filter((type) => !resource.events.includes(type)),
		create: null,
		update: null,
		delete: null,
	};
}

/** Whether any resource has such an action, with this spelling. */
export function isEventType(word: string): boolean {
	return RESOURCES.some(({ events }) => events.includes(word));
}
