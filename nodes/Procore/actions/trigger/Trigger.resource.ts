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
				action: 'Create trigger',
				description: 'Subscribe a hook to an event',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete trigger',
				description: 'Unsubscribe a hook from an event',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many triggers',
				description: 'List the triggers of a hook',
			},
			{
				name: 'Sync',
				value: 'sync',
				action: 'Sync triggers',
				description: "Replace a hook's triggers with exactly the selected events",
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
