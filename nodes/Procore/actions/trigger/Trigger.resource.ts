import type { INodeProperties } from 'n8n-workflow';

import * as create from './create.operation';
import * as remove from './delete.operation';
import * as getAll from './getAll.operation';
import * as sync from './sync.operation';

export const operations = {
	create: { prepare: create.prepare },
	delete: { prepare: remove.prepare },
	getAll: getAll.execute,
	sync: { prepare: sync.prepare },
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['trigger'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Subscribe hook to event',
				description: 'Subscribe a hook to an event (create a trigger)',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Unsubscribe hook from event',
				description: 'Unsubscribe a hook from an event (delete a trigger)',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many subscriptions of hook',
				description: 'List the events that a hook is subscribed to (its triggers)',
			},
			{
				name: 'Sync',
				value: 'sync',
				action: 'Sync subscriptions of hook with selected events',
				description: 'Subscribe a hook to exactly the selected events',
			},
		],
		default: 'getAll',
	},
];

export const fields: INodeProperties[] = [
	...create.description,
	...remove.description,
	...getAll.description,
	...sync.description,
];
