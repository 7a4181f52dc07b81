import type { INodeProperties } from 'n8n-workflow';

import { subscriptionKey, type Subscription } from '../../model/trigger';
import { eventsProperty } from '../../descriptions/subscription';
import { parseSubscriptions } from '../../hook/subscriptions';
import { withSuggestions } from '../../hook/suggestions';
import { syncTriggers } from '../../hook/sync-triggers';
import type { Operation, OperationItem } from '../operation';
import { hookPayloadVersion, triggerOwner } from './fields';

export const description: INodeProperties[] = [
	eventsProperty({ resource: ['trigger'], operation: ['sync'] }),
];

/** @throws NodeOperationError where there is none, or one is no `Resource:event`. */
function wantedEvents(item: OperationItem): Subscription[] {
	const entries = item.list('events');
	if (entries.length === 0) {
		throw item.refuse(
			'No event is chosen: choose at least one in Events. To hear nothing more, delete or disable the hook.',
		);
	}
	return parseSubscriptions(entries, 'Events', (message) => item.refuse(message));
}

export const execute: Operation = async (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const hook = triggerOwner(item);
	const { added, removed, kept, refused } = await syncTriggers(
		webhooks,
		scope,
		hook,
		wantedEvents(item),
	);
	const explained =
		refused.length === 0
			? []
			: await withSuggestions(
					webhooks,
					scope,
					await hookPayloadVersion(item, scope, hook),
					refused,
				);
	return [
		{
			hook_id: hook.id,
			added: added.map(subscriptionKey),
			removed: removed.map(subscriptionKey),
			kept: kept.map(subscriptionKey),
			refused: explained.map(({ reason, ...subscription }) => ({
				event: subscriptionKey(subscription),
				reason,
			})),
		},
	];
};
