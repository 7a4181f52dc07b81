import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('delivery', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results: IDataObject[] = [];
	for await (const rows of item.procore.webhooks.deliveries(item.scope(), item.hookId(), {})) {
		results.push(...rows.map((row) => item.output(row)));
		if (results.length >= limit) break;
	}
	return results.slice(0, limit);
};
