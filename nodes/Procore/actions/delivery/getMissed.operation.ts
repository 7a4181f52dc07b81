import type { INodeProperties } from 'n8n-workflow';

import { findMissed, inUlidOrder } from '../../delivery/missed';
import { deliveryFilters } from '../../descriptions/delivery';
import { listProperties } from '../../descriptions/list';
import type { ReadEvent } from '../../model/event';
import type { Operation } from '../operation';
import { chosenHooks } from './hooks';

export const description: INodeProperties[] = [
	...listProperties('delivery', 'getMissed'),
	deliveryFilters('getMissed'),
];

export const execute: Operation = async (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const filter = item.deliveryFilter();
	const limit = item.limit();
	const missed: ReadEvent[] = [];
	for (const { id } of await chosenHooks(item)) {
		missed.push(...(await findMissed(webhooks, scope, id, filter)));
	}
	const events = await item.onlyNew(inUlidOrder(missed), limit);
	return events.map(({ event, raw }) => item.output({ model: event, raw }));
};
