import type { INodeProperties } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { ProcoreFailure } from '../../api/failure';
import { subscriptionKey, type Subscription } from '../../model/trigger';
import { shown, simplifyProperty } from '../../descriptions/list';
import { subscriptionProperties } from '../../descriptions/subscription';
import { hookTriggers, withListedSpelling } from '../../hook/hook-triggers';
import { offeredResources, suggestionFor } from '../../hook/suggestions';
import { writeOnce } from '../../hook/write-once';
import type { OperationItem, WriteOperation } from '../operation';
import { hookPayloadVersion, triggerOwner } from './fields';

const show = { resource: ['trigger'], operation: ['create'] };

export const description: INodeProperties[] = [
	...subscriptionProperties(show),
	shown(simplifyProperty, show),
];

/** @throws NodeOperationError if the resource or the event is missing. */
function subscription(item: OperationItem): Subscription {
	const resourceName = item.text('resourceName');
	if (resourceName === '') throw item.refuse('No resource is chosen: choose one in Resource Name.');
	const eventType = item.text('eventType');
	if (eventType === '') throw item.refuse('No event is chosen: choose one in Event Type.');
	return { resource_name: resourceName, event_type: eventType };
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const hook = triggerOwner(item);
	const asked = subscription(item);
	return async () => {
		const [wanted = asked] = await withListedSpelling(webhooks, scope, hook, [asked]);
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
		throw failure.withAdvice(`Choose an event that Procore offers here (${suggestion}).`);
	};
};
