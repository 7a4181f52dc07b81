import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';

export const operations = { getAll: getAll.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['webhookResource'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many resources that hooks can subscribe to',
				description: 'List the resources a hook in this scope can subscribe to',
			},
		],
		default: 'getAll',
	},
];

export const fields: INodeProperties[] = [...getAll.description];
