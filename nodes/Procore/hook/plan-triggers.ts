import type { TriggerOwner, WebhooksApi } from '../api/webhooks-api';
import { payloadVersionOf } from '../model/payload-version';
import type { Scope } from '../model/scope';
import {
	includesEventType,
	isUsualEventType,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
	type WebhookResource,
} from '../model/trigger';
import { hookTriggers, withListedSpelling } from './hook-triggers';
import { compareTriggers } from './subscriptions';

/** What `syncTriggers` would do. */
export interface PlannedTriggers {
	readonly added: readonly Subscription[];
	readonly removed: readonly Trigger[];
	readonly kept: readonly Trigger[];
	/** If Procore would refuse anything, nothing would be changed. */
	readonly refused: readonly RefusedSubscription[];
}

/**
 * Whether Procore offers an event. v1.0 only lists create, update and delete, so another event type counts as offered unless
 * the resource lists such event types.
 */
function isOffered(
	{ resource_name, event_type }: Subscription,
	resources: readonly WebhookResource[],
): boolean {
	const known = resources.find(({ name }) => name === resource_name);
	if (known === undefined) return false;
	const { events } = known;
	const isOpen = !isUsualEventType(event_type) && events.every(isUsualEventType);
	return isOpen || events.length === 0 || includesEventType(events, event_type);
}

/** Returns the subscriptions that Procore does not list for the hook. */
async function notOffered(
	api: WebhooksApi,
	scope: Scope,
	{ id, namespace, payload_version }: TriggerOwner,
	subscriptions: readonly Subscription[],
): Promise<Subscription[]> {
	const version =
		payload_version ?? (await api.getHook(scope, id, namespace ?? '')).model.payload_version;
	const listed = await api.listResources(scope, payloadVersionOf(version));
	const resources = listed.map(({ model }) => model);
	return subscriptions.filter((each) => !isOffered(each, resources));
}

/**
 * Returns what `syncTriggers` would do, and what Procore would refuse, as far as its list of resources shows. Only reads.
 *
 * @param hook with an empty id, one that does not exist yet and so has no triggers.
 * @throws ProcoreFailure if the triggers of the hook, or what they can be, cannot be read.
 */
export async function planTriggers(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	subscriptions: readonly Subscription[],
): Promise<PlannedTriggers> {
	const wanted = await withListedSpelling(api, scope, hook, subscriptions);
	const triggers = hook.id === '' ? [] : await hookTriggers(api, scope, hook, wanted);
	const { missing, surplus, kept } = compareTriggers(
		wanted,
		triggers.map(({ model }) => model),
	);
	const refused = missing.length === 0 ? [] : await notOffered(api, scope, hook, missing);
	return {
		added: missing,
		removed: surplus,
		kept,
		refused: refused.map((each) => ({ ...each, reason: 'Procore does not list it here' })),
	};
}
