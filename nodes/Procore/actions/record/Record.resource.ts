import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';
import * as getChanged from './getChanged.operation';
import * as getFiles from './getFiles.operation';

export const operations = {
	get: { executeAll: get.executeAll },
	getChanged: { executeAll: getChanged.executeAll },
	getFiles: { executeAll: getFiles.executeAll },
};

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
				action: 'Get record by ID or from event',
				description:
					'Get one record, such as an RFI, vendor or submittal: by resource name and ID, or the one that an event is about',
			},
			{
				name: 'Get Changed',
				value: 'getChanged',
				action: 'Get records changed since last run',
				description:
					'Get the records that changed since the last run or a given time, even without any webhook event',
			},
			{
				name: 'Get Files',
				value: 'getFiles',
				action: 'Download files of record',
				description: 'Download attachments of a record, a photo or the newest version of a file',
			},
		],
		default: 'get',
	},
];

export const fields: INodeProperties[] = [
	...get.description,
	...getChanged.description,
	...getFiles.description,
];
