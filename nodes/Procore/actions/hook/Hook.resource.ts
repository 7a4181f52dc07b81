import type { INodeProperties } from 'n8n-workflow';

import * as check from './check.operation';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as update from './update.operation';
import * as upsert from './upsert.operation';

export const operations = {
	check: check.execute,
	create: { prepare: create.prepare },
	delete: { prepare: remove.prepare },
	get: get.execute,
	getAll: getAll.execute,
	update: { prepare: update.prepare },
	upsert: { prepare: upsert.prepare },
};

/** Not n8n's usual words for an upsert, which say "record": in this node, that is something else. */
const UPSERT = 'Create the hook of a namespace, or update it if it already exists (upsert)';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['hook'] } },
		options: [
			{
				name: 'Check Health',
				value: 'check',
				action: 'Check health of hooks',
				description:
					'Find hooks that are disabled, misconfigured, stuck or failing, one item per hook',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create hook',
				description:
					'Create a hook that delivers events to a URL. Add subscriptions to select the events.',
			},
			{
				name: 'Create or Update',
				value: 'upsert',
				action: 'Create or update hook',
				description: UPSERT,
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete hook',
				description: 'Remove a hook and its subscriptions',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get hook',
				description: 'Retrieve a hook',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many hooks',
				description: 'List the hooks of a company or project',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update hook',
				description: "Change a hook's URL, secret, namespace, payload version or status",
			},
		],
		default: 'getAll',
	},
];

export const fields: INodeProperties[] = [
	...check.description,
	...create.description,
	...remove.description,
	...upsert.description,
	...get.description,
	...getAll.description,
	...update.description,
];
