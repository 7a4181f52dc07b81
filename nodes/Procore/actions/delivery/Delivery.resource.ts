import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';
import * as getMissed from './getMissed.operation';
import * as summarize from './summarize.operation';

export const operations = {
	getAll: getAll.execute,
	getMissed: { executeAll: getMissed.executeAll },
	summarize: summarize.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['delivery'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many deliveries of hook',
				description: "List a hook's deliveries and their status",
			},
			{
				name: 'Get Missed Events',
				value: 'getMissed',
				action: 'Get undelivered events',
				description: 'Get events Procore failed to deliver. Each event is returned once per node.',
			},
			{
				name: 'Summarize',
				value: 'summarize',
				action: 'Summarize delivered and failed events',
				description: 'Summarize delivered and failed events, one item per hook',
			},
		],
		default: 'getAll',
	},
];

export const fields: INodeProperties[] = [
	...getAll.description,
	...getMissed.description,
	...summarize.description,
];
