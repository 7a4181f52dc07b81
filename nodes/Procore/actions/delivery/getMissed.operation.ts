import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { findMissed, inUlidOrder } from '../../delivery/missed';
import { deliveryFilters } from '../../descriptions/delivery';
import { listProperties } from '../../descriptions/list';
import type { PickRequest } from '../../dedupe/pick-new';
import { eventKey, type ReadEvent } from '../../model/event';
import type { BatchOperation, OperationItem } from '../operation';
import { selectedHooks } from './hooks';

export const description: INodeProperties[] = [
	...listProperties('delivery', 'getMissed'),
	deliveryFilters('getMissed'),
];

/** What an item asks for, read to the end; nothing is noted as given yet. */
async function missedOf(item: OperationItem): Promise<PickRequest<IDataObject>> {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const filter = item.deliveryFilter();
	const limit = item.limit();
	const missed: ReadEvent[] = [];
	for (const { id } of await selectedHooks(item)) {
		missed.push(...(await findMissed(webhooks, scope, id, filter)));
	}
	return {
		limit,
		things: inUlidOrder(missed).map(({ event, raw }) => ({
			key: eventKey(event),
			thing: item.output({ model: event, raw }),
		})),
	};
}

/** Reads for every item first: events are noted as given only once it is sure that they come out. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const read = await runConcurrently(items, missedOf);
	if (!run.continuesOnFail && read.some(({ ok }) => !ok)) {
		return read.map((each) => (each.ok ? { ok: true, value: [] } : each));
	}
	const nothing: PickRequest<IDataObject> = { things: [], limit: 0 };
	const picked = await run.takeNew(read.map((each) => (each.ok ? each.value : nothing)));
	return read.map((each, index) => (each.ok ? { ok: true, value: picked[index] ?? [] } : each));
};
