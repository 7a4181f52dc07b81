import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations = { get: get.execute, getAll: getAll.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['user'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get user by ID',
				description: 'Retrieve the name and email address of a user, such as who made a change',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many users',
				description: "List or search the users in a company's directory",
			},
		],
		default: 'get',
	},
];

export const fields: INodeProperties[] = [...get.description, ...getAll.description];
