import catalogue from './catalogue.json';
import type { JsonObject } from './json';
import { EVENT_TYPES } from './model';
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

const ALL_EVENTS = [...EVENT_TYPES];

function isEventType(word: string): word is EventType {
	return ALL_EVENTS.some((type) => type === word);
}

// v4.0 hooks "can offer resource types missing from v2.0/v3.0" (guide to webhooks); the list is
// not published, so these three names stand for it.
const V4_ONLY: WebhookResource[] = [
	{ name: 'Bid Board Projects', level: 'company', tool: 'Bid Board' },
	{ name: 'Estimating Projects', level: 'company', tool: 'Estimating' },
	{ name: 'Commitment Contracts', level: 'project', tool: 'Commitments' },
].map((row) => ({
	name: row.name,
	level: row.level === 'company' ? 'company' : 'project',
	events: ALL_EVENTS,
	category: row.level === 'company' ? 'Preconstruction' : 'Construction Financials',
	tool: row.tool,
	v4Only: true,
}));

export const RESOURCES: readonly WebhookResource[] = [
	...catalogue.map((row): WebhookResource => ({
		name: row.name,
		level: row.level === 'company' ? 'company' : 'project',
		events: row.events.filter(isEventType),
		category: row.category,
		tool: row.tool,
		v4Only: false,
	})),
	...V4_ONLY,
];

/** The exact name counts. */
export function resourceNamed(name: string): WebhookResource | undefined {
	return RESOURCES.find((resource) => resource.name === name);
}

/** A company hook gets company-level resources only; project tools need a hook in the project. */
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

/** `tools` holds the resource's name, and `except` the events that may not be subscribed to. */
export function resourceV1(resource: WebhookResource, apiVersion: string): JsonObject {
	return {
		api_version: apiVersion,
		product_category: resource.category,
		tools: resource.name,
		except: ALL_EVENTS.filter((type) => !resource.events.includes(type)),
		create: null,
		update: null,
		delete: null,
	};
}

/** Undefined for a word that is no event type. */
export function asEventType(word: string): EventType | undefined {
	return isEventType(word) ? word : undefined;
}
