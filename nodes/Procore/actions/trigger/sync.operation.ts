import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import type { TriggerOwner } from '../../api/webhooks-api';
import { describeScope, type Scope } from '../../model/scope';
import {
	subscriptionKey,
	subscriptionText,
	type Subscription,
	type Trigger,
} from '../../model/trigger';
import { eventsProperty } from '../../descriptions/subscription';
import { parseSubscriptions } from '../../hook/subscriptions';
import { withSuggestions } from '../../hook/suggestions';
import { syncTriggers, type SyncedTriggers } from '../../hook/sync-triggers';
import type { OperationItem, WriteOperation } from '../operation';
import { hookPayloadVersion, triggerOwner } from './fields';

export const description: INodeProperties[] = [
	eventsProperty({ resource: ['trigger'], operation: ['sync'] }),
];

/** @throws NodeOperationError where there is none, or one is not a `Resource:event`. */
function wantedEvents(item: OperationItem): Subscription[] {
	const entries = item.list('events');
	if (entries.length === 0) {
		throw item.refuse(
			'No event is chosen: choose at least one in Events. To hear nothing more, delete or disable the hook.',
		);
	}
	return parseSubscriptions(entries, 'Events', (message) => item.refuse(message));
}

/** The error of a sync that Procore refused a part of, with what to subscribe to instead. */
async function refusedError(
	item: OperationItem,
	scope: Scope,
	hook: TriggerOwner,
	{ refused, added }: SyncedTriggers,
): Promise<NodeOperationError> {
	const version = await hookPayloadVersion(item, scope, hook);
	const explained = await withSuggestions(item.procore.webhooks, scope, version, refused);
	const lines = explained.map((each) => `${subscriptionText(each)} (${each.reason})`);
	const left =
		added.length === 0
			? 'The triggers are as they were before.'
			: `No trigger was removed, but ${added.map(subscriptionText).join(', ')} could not be taken back.`;
	return item.refuse(
		`Could not sync the triggers of hook ${hook.id}. Procore does not let ${describeScope(scope)} subscribe to ${lines.join('; ')}. ${left} Choose events that are listed in Events.`,
	);
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const hook = triggerOwner(item);
	const wanted = wantedEvents(item);
	return async () => {
		const synced = await syncTriggers(item.procore.webhooks, scope, hook, wanted);
		if (synced.refused.length > 0) throw await refusedError(item, scope, hook, synced);
		const texts = new Map(wanted.map((each) => [subscriptionKey(each), subscriptionText(each)]));
		const events = (triggers: readonly Trigger[]) =>
			triggers.map((each) => texts.get(subscriptionKey(each)) ?? subscriptionText(each));
		return [
			{
				hook_id: hook.id,
				added: events(synced.added),
				removed: events(synced.removed),
				kept: events(synced.kept),
			},
		];
	};
};
