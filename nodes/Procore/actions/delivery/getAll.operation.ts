import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { matchesFilter, queryFor } from '../../delivery/filter';
import { deliveryFilters, statusFilter } from '../../descriptions/delivery';
import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	...listProperties('delivery', 'getAll'),
	deliveryFilters('getAll', [statusFilter]),
];

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const filter = item.deliveryFilter();
	const pages = item.procore.webhooks.deliveries(item.scope(), item.hookId(), queryFor(filter));
	const results: IDataObject[] = [];
	for await (const rows of pages) {
		const wanted = rows.filter(({ model }) => matchesFilter(model, filter));
		results.push(...wanted.map((row) => item.output(row)));
		if (results.length >= limit) break;
	}
	return results.slice(0, limit);
};
