import { isJsonObject, text, textOrNull, type JsonObject } from '../model/json';
import { normalizePayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import {
	eventTypeKey,
	includesEventType,
	isUsualEventType,
	triggerEventType,
	USUAL_EVENT_TYPES,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
	type WebhookResource,
} from '../model/trigger';
import { readErrorText } from './error-text';

function requestedEventTypes(requested: readonly Subscription[], resourceName: string): string[] {
	return requested
		.filter(({ resource_name }) => resource_name === resourceName)
		.map(({ event_type }) => event_type);
}

/**
 * Reads a trigger of either API version.
 *
 * @param requested the subscriptions of the request, if it created the trigger. They resolve an ambiguous event type.
 */
export function readTrigger(
	raw: JsonObject,
	requested: readonly Subscription[] = [],
): Read<Trigger> {
	const resourceName = text(raw.resource_name);
	const candidates = requestedEventTypes(requested, resourceName);
	return {
		model: {
			id: text(raw.id),
			hook_id: text(raw.webhook_hook_id),
			resource_name: resourceName,
			event_type: triggerEventType(text(raw.event_type), candidates),
			company_id: textOrNull(raw.company_id),
			project_id: textOrNull(raw.project_id),
		},
		raw,
	};
}

/** Reads an entry of a 207 response for a subscription that Procore refused. */
export function readRefusal(
	raw: JsonObject,
	requested: readonly Subscription[],
): RefusedSubscription {
	const trigger = isJsonObject(raw.trigger) ? raw.trigger : raw;
	const resourceName = text(trigger.resource_name);
	const candidates = requestedEventTypes(requested, resourceName);
	const eventType = triggerEventType(text(trigger.event_type), candidates);
	return {
		resource_name: resourceName,
		// The example in the v1.0 reference has only the resource [BULK-REFUSAL-NAMES-EVENT].
		event_type: eventType === '' ? (candidates[0] ?? '') : eventType,
		reason: readErrorText({ errors: raw.errors ?? raw.message ?? null }) || text(raw.code),
	};
}

/** Removes duplicate actions, keeps Procore's spelling, and puts the usual ones first. */
function eventTypesIn(actions: readonly string[]): string[] {
	const listed = new Map(actions.map((action) => [eventTypeKey(action), action]));
	listed.delete('');
	const usual = USUAL_EVENT_TYPES.flatMap((word) => listed.get(word) ?? []);
	return [...usual, ...[...listed.values()].filter((action) => !isUsualEventType(action))];
}

/** Reads a webhook resource of v2.0, which lists the event types that a hook can subscribe to. */
export function readResourceV2(raw: JsonObject): Read<WebhookResource> {
	const actions = Array.isArray(raw.actions) ? raw.actions.map((action) => text(action)) : [];
	return {
		model: {
			name: text(raw.name),
			category: text(raw.category),
			tool: text(raw.tool),
			payload_version: normalizePayloadVersion(text(raw.payload_version)),
			events: eventTypesIn(actions),
		},
		raw,
	};
}

/**
 * Reads a webhook resource of v1.0, which lists the usual event types that a hook can *not* subscribe to and calls the
 * name `tools`. Other event types are not listed, but an expression can still contain them [V1-RESOURCES-FORM]
 * [V1-UNUSUAL-EVENTS].
 */
export function readResourceV1(raw: JsonObject): Read<WebhookResource> {
	const except = Array.isArray(raw.except) ? raw.except.map((action) => text(action)) : [];
	return {
		model: {
			name: text(raw.tools),
			category: text(raw.product_category),
			tool: text(raw.tools),
			payload_version: normalizePayloadVersion(text(raw.api_version)),
			events: USUAL_EVENT_TYPES.filter((event) => !includesEventType(except, event)),
		},
		raw,
	};
}
