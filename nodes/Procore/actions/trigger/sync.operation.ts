import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import type { TriggerOwner } from '../../api/webhooks-api';
import { describeScope, type Scope } from '../../model/scope';
import {
	subscriptionKey,
	subscriptionText,
	type RefusedSubscription,
	type Subscription,
} from '../../model/trigger';
import { planTriggers } from '../../hook/plan-triggers';
import { parseSubscriptions } from '../../hook/subscriptions';
import { withSuggestions } from '../../hook/suggestions';
import { syncTriggers } from '../../hook/sync-triggers';
import { DEFAULT_PAYLOAD_VERSION } from '../../model/payload-version';
import { dryRunProperty, isDryRun, wouldBe } from '../dry-run';
import type { WriteOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { EVENT_LIST_DEPENDENCIES, hookPayloadVersion, triggerOwner } from './trigger-parameters';

const show = { resource: ['trigger'], operation: ['sync'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Event Names or IDs',
		name: 'events',
		type: 'multiOptions',
		default: [],
		required: true,
		displayOptions: { show },
		typeOptions: { loadOptionsMethod: 'getEvents', loadOptionsDependsOn: EVENT_LIST_DEPENDENCIES },
		hint: 'With an expression, use an array or comma-separated text, e.g. RFIs:create, RFIs:update',
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	dryRunProperty(show),
];

/** The triggers that were changed, or that a dry run would change. */
interface SyncResult {
	readonly added: readonly Subscription[];
	readonly removed: readonly Subscription[];
	readonly kept: readonly Subscription[];
	readonly refused: readonly RefusedSubscription[];
}

/** @throws NodeOperationError if no event is selected, or one does not have the format `Resource:event`. */
function wantedEvents(item: OperationItem): Subscription[] {
	const entries = item.list('events');
	if (entries.length === 0) {
		throw item.refuse(
			'No event selected. Select at least one in Event Names or IDs. To stop all events, delete or disable the hook.',
		);
	}
	return parseSubscriptions(entries, 'Event Names or IDs', (message) => item.refuse(message));
}

/** Creates the error for events that Procore refused, with suggestions. */
async function refusedError(
	item: OperationItem,
	scope: Scope,
	hook: TriggerOwner,
	{ refused, added }: SyncResult,
): Promise<NodeOperationError> {
	const version = await hookPayloadVersion(item, scope, hook);
	const explained = await withSuggestions(item.procore.webhooks, scope, version, refused);
	const lines = explained.map((each) => `${subscriptionText(each)} (${each.reason})`);
	const state =
		added.length === 0
			? 'The subscriptions were not changed.'
			: `No subscription was removed, but these could not be rolled back: ${added.map(subscriptionText).join(', ')}.`;
	return item.refuse(
		`Could not sync the subscriptions of ${hook.id === '' ? 'the new hook' : `hook ${hook.id}`}. Procore rejected these events for ${describeScope(scope)}: ${lines.join('; ')}. ${state} Select events from the list.`,
	);
}

/** Returns the hook to sync. In a dry run, the id is empty for a hook that does not exist yet. */
function selectedHook(item: OperationItem, dryRun: boolean): TriggerOwner {
	if (!dryRun || item.text('hookId') !== '') return triggerOwner(item);
	return { id: '', payload_version: DEFAULT_PAYLOAD_VERSION };
}

async function plan(
	item: OperationItem,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
): Promise<SyncResult> {
	const planned = await planTriggers(item.procore.webhooks, scope, hook, wanted);
	// A dry run added nothing that must be rolled back.
	return planned.refused.length > 0 ? { ...planned, added: [] } : planned;
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const dryRun = isDryRun(item);
	const hook = selectedHook(item, dryRun);
	const wanted = wantedEvents(item);
	return async () => {
		const outcome = dryRun
			? await plan(item, scope, hook, wanted)
			: await syncTriggers(item.procore.webhooks, scope, hook, wanted);
		if (outcome.refused.length > 0) throw await refusedError(item, scope, hook, outcome);
		const texts = new Map(wanted.map((each) => [subscriptionKey(each), subscriptionText(each)]));
		const events = (triggers: readonly Subscription[]) =>
			triggers.map((each) => texts.get(subscriptionKey(each)) ?? subscriptionText(each));
		const json = {
			hook_id: hook.id || null,
			added: events(outcome.added),
			removed: events(outcome.removed),
			kept: events(outcome.kept),
		};
		return [dryRun ? wouldBe(json) : json];
	};
};
