import type { Delivery } from '../model/delivery';
import { positionOf } from '../model/event-position';
import { jsonObjects, type JsonValue } from '../model/json';
import type { Read } from '../model/read';
import { readPage, type ListClient } from './page-size';
import { readDeliveryV2 } from './read-delivery';
import type { ProcoreRequest } from './request';

/** Below this, the last page of a list would be too small a part of it. */
const SMALLEST_PAGE = 51;

/**
 * The page size with which the last page of a list is as full as possible: with 301 rows and 100 rows a page, it would
 * have one.
 */
export function sizeForFullLastPage(total: number, largest: number): number {
	const lastRows = (size: number) => ((total - 1) % size) + 1;
	let best = largest;
	for (let size = largest - 1; size >= SMALLEST_PAGE; size -= 1) {
		if (lastRows(size) > lastRows(best)) best = size;
	}
	return best;
}

/** Whether the oldest deliveries come first. In which order Procore lists them is not documented. */
function isOldestFirst(deliveries: ReadonlyArray<Read<Delivery>>): boolean {
	const positions = deliveries.flatMap(({ model: { event } }) =>
		event === null ? [] : [positionOf(event, NaN)],
	);
	const [first = '', last = ''] = [positions[0], positions.at(-1)];
	return first <= last;
}

/**
 * Reads the newest deliveries of a list on v2.0: its first page, which is all there is of most hooks, and of a longer list
 * the last page too. If only waiting deliveries stand there, asks for the one that they wait for.
 *
 * @param request of the list, without a page.
 * @returns undefined if the list has more pages and does not say how many: then it has to be read to its end.
 * @throws ProcoreFailure if a page cannot be read.
 */
export async function newestDeliveries(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
): Promise<Array<Read<Delivery>> | undefined> {
	const read = async (asked: ProcoreRequest, size: number, rowsBefore = 0) => {
		const { response } = await readPage(client, asked, size, (rows) => ({
			page: Math.floor(rowsBefore / rows) + 1,
			per_page: rows,
		}));
		const rows = response.status < 300 ? jsonObjects(rowsOf(response.body)) : [];
		return { deliveries: rows.map(readDeliveryV2), headers: response.headers };
	};
	const { deliveries, headers } = await read(request, perPage);
	const total = Number(headers.total ?? NaN);
	if (!Number.isFinite(total)) {
		const isFull = deliveries.length >= (Number(headers['per-page']) || perPage);
		return isFull ? undefined : deliveries;
	}
	if (deliveries.length === 0 || deliveries.length >= total) return deliveries;
	if (!isOldestFirst(deliveries)) return deliveries;
	const size = sizeForFullLastPage(total, Math.min(perPage, deliveries.length));
	const last = (await read(request, size, total - 1)).deliveries;
	const query = { ...request.query, 'filter[status]': 'retrying' };
	const head = last.every(isEnqueued)
		? (await read({ ...request, query }, perPage)).deliveries
		: [];
	return [...deliveries, ...head, ...last];
}

function isEnqueued({ model }: Read<Delivery>): boolean {
	return model.status === 'enqueued';
}
