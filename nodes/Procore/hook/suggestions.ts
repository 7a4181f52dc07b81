import { settle } from '../api/concurrency';
import type { ProcoreFailure } from '../api/failure';
import type { TriggerOwner, WebhooksApi } from '../api/webhooks-api';
import { payloadVersionOf, type PayloadVersion } from '../model/payload-version';
import { describeScope, type Scope } from '../model/scope';
import type { HookDraft } from '../model/hook';
import {
	includesEventType,
	subscriptionText,
	type RefusedSubscription,
	type Subscription,
	type WebhookResource,
} from '../model/trigger';
import { nearestName } from '../model/nearest-name';

/** Suggests an alternative to a subscription that is not offered; undefined if there is none, or if it is offered. */
export function suggestionFor(
	{ resource_name, event_type }: Subscription,
	resources: readonly WebhookResource[],
): string | undefined {
	const known = resources.find(({ name }) => name === resource_name);
	if (known) {
		// An empty list means that this API version cannot list events, so any might be valid.
		return known.events.length === 0 || includesEventType(known.events, event_type)
			? undefined
			: `${resource_name} has only ${known.events.join(', ')}`;
	}
	const names = resources.map(({ name }) => name);
	const nearest = nearestName(resource_name, names);
	return nearest === undefined ? undefined : `did you mean ${nearest}`;
}

/** Lists what a scope offers; empty if that cannot be read, since it only improves a message. */
export async function offeredResources(
	api: WebhooksApi,
	scope: Scope,
	payloadVersion: PayloadVersion,
): Promise<WebhookResource[]> {
	const read = await settle(async () => await api.listResources(scope, payloadVersion));
	return read.ok ? read.value.map(({ model }) => model) : [];
}

/** Appends a suggestion to the reason of each refusal. */
export async function withSuggestions(
	api: WebhooksApi,
	scope: Scope,
	payloadVersion: PayloadVersion,
	refused: readonly RefusedSubscription[],
): Promise<RefusedSubscription[]> {
	if (refused.length === 0) return [];
	const resources = await offeredResources(api, scope, payloadVersion);
	return refused.map((refusal) => {
		const suggestion = suggestionFor(refusal, resources);
		return suggestion === undefined
			? refusal
			: { ...refusal, reason: `${refusal.reason}, ${suggestion}` };
	});
}

/**
 * Adds to Procore's refusal of a whole call, a 400 [TRIGGER-UNKNOWN], which of its events are not offered, and what to select
 * instead [BULK-ALL-REFUSED].
 *
 * @returns the failure unchanged if all of them are offered, or it is not a 400, or the offered ones cannot be read.
 */
export async function withUnofferedEvents(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
	failure: ProcoreFailure,
): Promise<ProcoreFailure> {
	if (failure.outcome.status !== 400) return failure;
	const offered = await settle(async () => {
		const version =
			hook.payload_version ??
			(await api.getHook(scope, hook.id, hook.namespace ?? '')).model.payload_version;
		return await offeredResources(api, scope, payloadVersionOf(version));
	});
	if (!offered.ok) return failure;
	const advice = wanted.flatMap((subscription) => {
		const suggestion = suggestionFor(subscription, offered.value);
		return suggestion === undefined ? [] : [`${subscriptionText(subscription)} (${suggestion})`];
	});
	if (advice.length === 0) return failure;
	return failure.withAdvice(
		`Not offered here: ${advice.join('; ')}. Select events from the list in Event Names or IDs.`,
	);
}

/** Explains which events Procore rejected for a scope, why, and what to select instead. */
export async function explainRefusals(
	api: WebhooksApi,
	scope: Scope,
	{ payload_version }: Pick<HookDraft, 'payload_version'>,
	refused: readonly RefusedSubscription[],
): Promise<string> {
	const explained = await withSuggestions(api, scope, payload_version, refused);
	const lines = explained.map(
		({ resource_name, event_type, reason }) => `${resource_name} ${event_type} (${reason})`,
	);
	return `Procore rejected these events for ${describeScope(scope)}: ${lines.join('; ')}. Select events from the list in Event Names or IDs.`;
}
