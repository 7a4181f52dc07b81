import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';

export const operations = { get: { executeAll: get.executeAll } };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['record'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get the record of an event',
				description: 'Get the record an event refers to, such as an RFI, vendor or submittal',
			},
		],
		default: 'get',
	},
];

export const fields: INodeProperties[] = [...get.description];
