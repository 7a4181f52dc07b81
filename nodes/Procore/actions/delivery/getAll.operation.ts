import type { INodeProperties } from 'n8n-workflow';

import { DeliveredEvents } from '../../delivery/events';
import { eventIdKey, matchesFilter, queryFor, type DeliveryFilter } from '../../delivery/filter';
import { compareNewestFirst, deliveryRow } from '../../delivery/row';
import type { Delivery } from '../../model/delivery';
import type { Read } from '../../model/read';
import { listProperties, shown } from '../list-parameters';
import type { Operation } from '../operation';
import type { OperationItem } from '../operation-item';
import {
	deliveryFilter,
	deliveryOrder,
	deliveryOutput,
	eventIdsFilter,
	filtersProperty,
	ORDERS,
	statusFilter,
} from './delivery-filters';

export const description: INodeProperties[] = [
	shown(deliveryOutput, { resource: ['delivery'], operation: ['getAll'] }),
	shown(deliveryOrder, { resource: ['delivery'], operation: ['getAll'] }),
	...listProperties('delivery', 'getAll'),
	filtersProperty('getAll', [eventIdsFilter, statusFilter]),
];

function readFilter(item: OperationItem): DeliveryFilter {
	const ids = item.list('filters.eventIds').map(eventIdKey);
	const filter = deliveryFilter(item);
	return ids.length === 0 ? filter : { ...filter, eventIds: new Set(ids) };
}

function newestFirst(left: Read<Delivery>, right: Read<Delivery>): number {
	return compareNewestFirst(left.model, right.model);
}

type Deliveries = AsyncGenerator<Array<Read<Delivery>>>;

/** Reads from the end of the list only if that spares requests. */
function readPages(item: OperationItem, filter: DeliveryFilter, isFromEnd: boolean): Deliveries {
	const { webhooks } = item.procore;
	const read = isFromEnd ? 'deliveriesNewestFirst' : 'deliveries';
	return webhooks[read](item.scope(), item.hookId(), queryFor(filter));
}

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const filter = readFilter(item);
	const order = item.oneOf('order', 'Order', ORDERS) ?? 'newest';
	const output = item.oneOf('output', 'Output', ['deliveries', 'events']);
	const deliveries: Array<Read<Delivery>> = [];
	const events = new DeliveredEvents(filter);
	const isFromEnd = order === 'newest' && limit !== Infinity;
	for await (const rows of readPages(item, filter, isFromEnd)) {
		const matching = rows.filter(({ model }) => matchesFilter(model, filter));
		if (order === 'newest') matching.sort(newestFirst);
		for (const row of matching) {
			if (output === 'events') events.add(row);
			else deliveries.push(row);
		}
		const isEnough = output === 'events' ? events.isEnough(limit) : deliveries.length >= limit;
		if (isEnough) break;
	}
	if (output === 'events') {
		return events.list(limit).map(({ event, raw }) => item.output({ model: event, raw }));
	}
	if (order === 'newest') deliveries.sort(newestFirst);
	return deliveries
		.slice(0, limit)
		.map(({ model, raw }) => item.output({ model: deliveryRow(model), raw }));
};
