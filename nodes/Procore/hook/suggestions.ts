import { settle } from '../api/concurrency';
import type { WebhooksApi } from '../api/webhooks-api';
import type { PayloadVersion } from '../model/payload-version';
import type { Scope } from '../model/scope';
import {
	includesEventType,
	type RefusedSubscription,
	type Subscription,
	type WebhookResource,
} from '../model/trigger';
import { nearestName } from '../model/nearest-name';

/** What to subscribe to instead of something that is not offered; undefined if nothing is near, or if it is offered. */
export function suggestionFor(
	{ resource_name, event_type }: Subscription,
	resources: readonly WebhookResource[],
): string | undefined {
	const known = resources.find(({ name }) => name === resource_name);
	if (known) {
		// Without any the generation cannot list them, and every one may be right.
		return known.events.length === 0 || includesEventType(known.events, event_type)
			? undefined
			: `${resource_name} has only ${known.events.join(', ')}`;
	}
	const names = resources.map(({ name }) => name);
	const nearest = nearestName(resource_name, names);
	return nearest === undefined ? undefined : `did you mean ${nearest}`;
}

/** What a scope offers; nothing where it cannot be read, since it only betters a message. */
export async function offeredResources(
	api: WebhooksApi,
	scope: Scope,
	payloadVersion: PayloadVersion,
): Promise<WebhookResource[]> {
	const read = await settle(async () => await api.listResources(scope, payloadVersion));
	return read.ok ? read.value.map(({ model }) => model) : [];
}

/** The refusals, each with what to subscribe to instead at the end of its reason. */
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
