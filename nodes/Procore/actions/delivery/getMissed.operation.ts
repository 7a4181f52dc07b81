import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { findMissed, inUlidOrder } from '../../delivery/missed';
import { listProperties } from '../list-parameters';
import type { PickRequest } from '../../dedupe/pick-new';
import { eventKey, type ReadEvent } from '../../model/event';
import type { BatchOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { deliveryFilter, filtersProperty } from './delivery-filters';
import { selectedHooks } from './selected-hooks';

export const description: INodeProperties[] = [
	...listProperties('delivery', 'getMissed'),
	filtersProperty('getMissed'),
];

/** Reads the missed events that an item requests. Does not record them as returned yet. */
async function readMissed(item: OperationItem): Promise<PickRequest<IDataObject>> {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const filter = deliveryFilter(item);
	const limit = item.limit();
	const missed: ReadEvent[] = [];
	for (const { id } of await selectedHooks(item)) {
		missed.push(...(await findMissed(webhooks, scope, id, filter)));
	}
	return {
		limit,
		candidates: inUlidOrder(missed).map(({ event, raw }) => ({
			key: eventKey(event),
			value: item.output({ model: event, raw }),
		})),
	};
}

/** Reads for all items first, so that events are only recorded as returned once it is certain that they are output. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const read = await runConcurrently(items, readMissed);
	if (!run.continuesOnFail && read.some(({ ok }) => !ok)) {
		return read.map((each) => (each.ok ? { ok: true, value: [] } : each));
	}
	const none: PickRequest<IDataObject> = { candidates: [], limit: 0 };
	const picked = await run.pickNew(read.map((each) => (each.ok ? each.value : none)));
	return read.map((each, index) =>
		each.ok ? { ok: true, value: picked[index]?.taken ?? [] } : each,
	);
};
