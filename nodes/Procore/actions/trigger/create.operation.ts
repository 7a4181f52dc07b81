import type { INodeProperties } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { ProcoreFailure } from '../../api/failure';
import { subscriptionKey, type Subscription } from '../../model/trigger';
import { simplifyProperty } from '../../descriptions/shared';
import { hookTriggers, withListedSpelling } from '../../hook/hook-triggers';
import { offeredResources, suggestionFor } from '../../hook/suggestions';
import { writeOnce } from '../../hook/write-once';
import { shown } from '../list-parameters';
import type { WriteOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { resourceLocator } from '../resource-locator';
import { EVENT_LIST_DEPENDENCIES, hookPayloadVersion, triggerOwner } from './trigger-parameters';

const show = { resource: ['trigger'], operation: ['create'] };

export const description: INodeProperties[] = [
	{
		...shown(resourceLocator('searchResources'), show),
		description: 'Resource to subscribe the hook to',
	},
	{
		displayName: 'Event Type Name or ID',
		name: 'eventType',
		type: 'options',
		default: '',
		required: true,
		displayOptions: { show },
		typeOptions: {
			loadOptionsMethod: 'getEventTypes',
			loadOptionsDependsOn: [...EVENT_LIST_DEPENDENCIES, 'resourceName.value'],
		},
		description:
			'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	shown(simplifyProperty, show),
];

/** @throws NodeOperationError if the resource or the event is not selected. */
function readSubscription(item: OperationItem): Subscription {
	const resourceName = item.text('resourceName');
	if (resourceName === '') throw item.refuse('No resource selected. Select one in Resource Name.');
	const eventType = item.text('eventType');
	if (eventType === '')
		throw item.refuse('No event selected. Select one in Event Type Name or ID.');
	return { resource_name: resourceName, event_type: eventType };
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const hook = triggerOwner(item);
	const requested = readSubscription(item);
	return async () => {
		const [wanted = requested] = await withListedSpelling(webhooks, scope, hook, [requested]);
		const key = subscriptionKey(wanted);
		const find = async () => {
			const triggers = await hookTriggers(webhooks, scope, hook, [wanted]);
			return triggers.find(({ model }) => subscriptionKey(model) === key);
		};
		const creation = await settle(
			async () =>
				await writeOnce(async () => await webhooks.createTrigger(scope, hook, wanted), find),
		);
		if (creation.ok) return [item.output(creation.value.value)];
		const { failure } = creation;
		if (!(failure instanceof ProcoreFailure) || failure.outcome.status !== 400) throw failure;
		const version = await hookPayloadVersion(item, scope, hook);
		const suggestion = suggestionFor(wanted, await offeredResources(webhooks, scope, version));
		if (suggestion === undefined) throw failure;
		throw failure.withAdvice(`Select an event that Procore offers here (${suggestion}).`);
	};
};
