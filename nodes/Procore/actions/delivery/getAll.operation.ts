import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { DeliveredEvents } from '../../delivery/events';
import { eventIdKey, matchesFilter, queryFor, type DeliveryFilter } from '../../delivery/filter';
import { listProperties, shown } from '../list-parameters';
import type { Operation } from '../operation';
import type { OperationItem } from '../operation-item';
import {
	deliveryFilter,
	deliveryOutput,
	eventIdsFilter,
	filtersProperty,
	statusFilter,
} from './delivery-filters';

export const description: INodeProperties[] = [
	shown(deliveryOutput, { resource: ['delivery'], operation: ['getAll'] }),
	...listProperties('delivery', 'getAll'),
	filtersProperty('getAll', [eventIdsFilter, statusFilter]),
];

function readFilter(item: OperationItem): DeliveryFilter {
	const ids = item.list('filters.eventIds').map(eventIdKey);
	const filter = deliveryFilter(item);
	return ids.length === 0 ? filter : { ...filter, eventIds: new Set(ids) };
}

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const filter = readFilter(item);
	const output = item.oneOf('output', 'Output', ['deliveries', 'events']);
	const pages = item.procore.webhooks.deliveries(item.scope(), item.hookId(), queryFor(filter));
	const deliveries: IDataObject[] = [];
	const events = new DeliveredEvents(filter);
	for await (const rows of pages) {
		for (const row of rows.filter(({ model }) => matchesFilter(model, filter))) {
			if (output === 'events') events.add(row);
			else deliveries.push(item.output(row));
		}
		const isEnough = output === 'events' ? events.isEnough(limit) : deliveries.length >= limit;
		if (isEnough) break;
	}
	if (output !== 'events') return deliveries.slice(0, limit);
	return events.list(limit).map(({ event, raw }) => item.output({ model: event, raw }));
};
