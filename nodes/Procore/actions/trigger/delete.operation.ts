import type { INodeProperties } from 'n8n-workflow';

import { describeScope } from '../../model/scope';
import type { WriteOperation } from '../operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Trigger ID',
		name: 'triggerId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 55123901',
		displayOptions: { show: { resource: ['trigger'], operation: ['delete'] } },
		description: 'ID of the trigger to remove (see Get Many)',
	},
];

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const hookId = item.hookId();
	const id = item.id('triggerId', 'Trigger ID');
	if (id === '') throw item.refuse('No trigger is given: enter its ID in Trigger ID.');
	return async () => {
		if (await item.procore.webhooks.deleteTrigger(scope, hookId, id)) {
			return [{ deleted: true, id }];
		}
		throw item.refuse(
			`Could not delete trigger ${id}. Procore knows none with this ID on hook ${hookId} of ${describeScope(scope)}, or the account may not see it: check Trigger ID, Hook, Company and Project.`,
		);
	};
};
