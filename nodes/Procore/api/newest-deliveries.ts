import type { Delivery } from '../model/delivery';
import { positionOf } from '../model/event-position';
import { jsonObjects, type JsonValue } from '../model/json';
import type { Read } from '../model/read';
import { allPages, isNew } from './paging';
import { readPage, type ListClient } from './page-size';
import { readDeliveryV2 } from './read-delivery';
import type { ProcoreRequest } from './request';

/** With a smaller page size, the last page would contain too few deliveries. */
const SMALLEST_PAGE = 51;

/**
 * Returns the page size for which the last page has the most rows. With 301 rows and 100 rows per page, for example, it would
 * have only one.
 */
export function sizeForFullLastPage(total: number, largest: number): number {
	const lastRows = (size: number) => ((total - 1) % size) + 1;
	let best = largest;
	for (let size = largest - 1; size >= SMALLEST_PAGE; size -= 1) {
		if (lastRows(size) > lastRows(best)) best = size;
	}
	return best;
}

/** Whether the oldest deliveries come first. Procore does not document the order [DELIVERY-ORDER]. */
export function isOldestFirst(deliveries: ReadonlyArray<Read<Delivery>>): boolean {
	const positions = deliveries.flatMap(({ model: { event } }) =>
		event === null ? [] : [positionOf(event, NaN)],
	);
	const [first = '', last = ''] = [positions[0], positions.at(-1)];
	return first <= last;
}

/**
 * Reads the newest deliveries of a list on v2.0: its first page, which is the whole list for most hooks, and the last page of
 * a longer list. If only deliveries that wait are on that page, also asks for the one that they wait for. Without the
 * length of the list, reads all of it.
 *
 * @param request of the list, without a page.
 * @throws ProcoreFailure if a page cannot be read.
 */
export async function newestDeliveries(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
): Promise<Array<Read<Delivery>>> {
	const isUnread = isNew(new Set());
	const read = async (listRequest: ProcoreRequest, size: number, rowsBefore = 0) => {
		const { response } = await readPage(client, listRequest, size, (rows) => ({
			page: Math.floor(rowsBefore / rows) + 1,
			per_page: rows,
		}));
		const rows = response.status < 300 ? jsonObjects(rowsOf(response.body)) : [];
		return { rows, headers: response.headers };
	};
	const { rows, headers } = await read(request, perPage);
	const deliveries = rows.filter(isUnread).map(readDeliveryV2);
	const total = Number(headers.total ?? NaN);
	if (!Number.isFinite(total)) {
		if (rows.length < (Number(headers['per-page']) || perPage)) return deliveries;
		return (await allPages(client, request, perPage, rowsOf)).map(readDeliveryV2);
	}
	if (rows.length === 0 || rows.length >= total || !isOldestFirst(deliveries)) return deliveries;
	const size = sizeForFullLastPage(total, Math.min(perPage, rows.length));
	const last = (await read(request, size, total - 1)).rows;
	const query = { ...request.query, 'filter[status]': 'retrying' };
	const isWaiting = last.map(readDeliveryV2).every(({ model }) => model.status === 'enqueued');
	const blocking = isWaiting ? (await read({ ...request, query }, perPage)).rows : [];
	return [...deliveries, ...[...blocking, ...last].filter(isUnread).map(readDeliveryV2)];
}
