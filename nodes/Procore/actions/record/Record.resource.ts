import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';

export const operations = { get: { forAll: get.forAll } };

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
				description: 'Retrieve what an event is about: the RFI, the vendor, the submittal',
			},
		],
		default: 'get',
	},
];

export const fields: INodeProperties[] = [...get.description];
