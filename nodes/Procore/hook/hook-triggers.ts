import { settle } from '../api/concurrency';
import type { TriggerOwner, WebhooksApi } from '../api/webhooks-api';
import { payloadVersionOf } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import {
	findEventType,
	normalizeEventType,
	subscriptionKey,
	triggerEventType,
	USUAL_EVENT_TYPES,
	usualEventTypeOf,
	type Subscription,
	type Trigger,
	type WebhookResource,
} from '../model/trigger';

/**
 * Lists the event types that a hook can subscribe to, by resource name.
 *
 * @throws ProcoreFailure if the hook or the list cannot be read.
 */
async function offeredEventTypes(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
): Promise<Map<string, WebhookResource['events']>> {
	const version =
		hook.payload_version ??
		(await api.getHook(scope, hook.id, hook.namespace ?? '')).model.payload_version;
	const resources = await api.listResources(scope, payloadVersionOf(version));
	return new Map(resources.map(({ model }) => [model.name, model.events]));
}

/**
 * Lists the triggers of a hook. Resolves an event type that is the past tense of a usual one: `CREATED` is `created` if the
 * resource offers that event or it is wanted, and `create` if the resource only offers this one. Asks Procore what the
 * resource offers only if there is such a trigger.
 *
 * @param wanted the subscriptions that the triggers are compared with.
 * @throws ProcoreFailure if the triggers or the offered events cannot be read.
 */
export async function hookTriggers(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[] = [],
): Promise<Array<Read<Trigger>>> {
	const triggers = await api.listTriggers(scope, hook.id);
	const wantedKeys = new Set(wanted.map(subscriptionKey));
	const isUnclear = ({ model }: Read<Trigger>) =>
		usualEventTypeOf(model.event_type) !== undefined && !wantedKeys.has(subscriptionKey(model));
	if (!triggers.some(isUnclear)) return triggers;
	const offered = await offeredEventTypes(api, scope, hook);
	return triggers.map((trigger) => {
		if (!isUnclear(trigger)) return trigger;
		const { model, raw } = trigger;
		const candidates = offered.get(model.resource_name) ?? [];
		return { model: { ...model, event_type: triggerEventType(model.event_type, candidates) }, raw };
	});
}

/**
 * Spells subscriptions as Procore lists them, since it might not accept another case [EVENT-TYPE-CASE]. Asks Procore only
 * if an event type is not exactly `create`, `update` or `delete`. An event type that is not listed, or any if the list
 * cannot be read, is kept, or put in lower case if it is a usual one; Procore's refusal then names it.
 */
export async function withListedSpelling(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	subscriptions: readonly Subscription[],
): Promise<readonly Subscription[]> {
	const isPlain = ({ event_type }: Subscription) =>
		USUAL_EVENT_TYPES.some((usual) => usual === event_type);
	if (subscriptions.every(isPlain)) return subscriptions;
	const offered = await settle(async () => await offeredEventTypes(api, scope, hook));
	return subscriptions.map(({ resource_name, event_type }) => {
		const listed = offered.ok ? (offered.value.get(resource_name) ?? []) : [];
		return {
			resource_name,
			event_type: findEventType(listed, event_type) ?? normalizeEventType(event_type),
		};
	});
}
