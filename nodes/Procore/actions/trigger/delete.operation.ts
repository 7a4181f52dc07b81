import type { INodeProperties } from 'n8n-workflow';

import { describeScope } from '../../model/scope';
import type { WriteOperation } from '../operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Subscription ID',
		name: 'triggerId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 55123901',
		displayOptions: { show: { resource: ['trigger'], operation: ['delete'] } },
		description: 'ID of the subscription (Procore: trigger) to remove, see Get Many',
	},
];

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const hookId = item.hookId();
	const id = item.id('triggerId', 'Subscription ID');
	if (id === '') throw item.refuse('Subscription ID is empty. Enter the ID of a subscription.');
	return async () => {
		if (await item.procore.webhooks.deleteTrigger(scope, hookId, id)) {
			return [{ deleted: true, id }];
		}
		throw item.refuse(
			`Could not delete subscription ${id}. It does not exist on hook ${hookId} of ${describeScope(scope)}, or this account can't access it. Check Subscription ID, Hook, Company and Project.`,
		);
	};
};
