import { jsonObjects, type JsonObject, type JsonValue } from '../model/json';
import { allPages, isNew } from './paging';
import { readPage, type ListClient } from './page-size';
import type { AcceptedResponse, ProcoreRequest } from './request';

/** A list whose rows the server returns in ascending order. */
interface AscendingList {
	/** Without a page. */
	readonly request: ProcoreRequest;
	/** The largest page that the endpoint allows. */
	readonly perPage: number;
	readonly rowsOf: (body: JsonValue) => unknown;
	/** Whether rows are in ascending order, which is not certain [DELIVERY-ORDER]. */
	readonly isAscending: (rows: readonly JsonObject[]) => boolean;
}

/**
 * Reads a list from its end, so that the newest rows need one or two requests, however long it is. Rows that are added
 * meanwhile move no page, and rows that disappear only repeat others, which are dropped.
 *
 * A list without a length, or in another order, is read completely.
 *
 * @param accept is called with the first response, whose status can be one that the request accepts.
 * @throws ProcoreFailure if a page cannot be read.
 */
export async function* newestFirst(
	client: ListClient,
	{ request, perPage, rowsOf, isAscending }: AscendingList,
	accept: (first: AcceptedResponse) => Promise<void>,
): AsyncGenerator<JsonObject[]> {
	const read = async (page: number, size: number) =>
		await readPage(client, request, size, (rows) => ({ page, per_page: rows }));
	const rowsIn = ({ status, body }: AcceptedResponse) =>
		status < 300 ? jsonObjects(rowsOf(body)) : [];
	const { response } = await read(1, perPage);
	await accept(response);
	const first = rowsIn(response);
	if (first.length === 0) return;
	const total = Number(response.headers.total ?? NaN);
	const isUnread = isNew(new Set());
	if (first.length >= total) {
		yield first.filter(isUnread).reverse();
		return;
	}
	const readWhole = async () => (await allPages(client, request, perPage, rowsOf)).reverse();
	if (!Number.isFinite(total) || !isAscending(first)) {
		yield await readWhole();
		return;
	}
	// The server may return smaller pages than requested.
	const size = first.length;
	for (let page = Math.ceil(total / size); page > 1; page -= 1) {
		const { response: next, size: readSize } = await read(page, size);
		const unread = rowsIn(next).filter(isUnread);
		// Pages of another size begin elsewhere. Without new rows, the length or the page is wrong.
		if (readSize !== size || unread.length === 0) {
			yield [...unread.reverse(), ...(await readWhole()).filter(isUnread)];
			return;
		}
		yield unread.reverse();
	}
	// Rows that moved to the first page meanwhile are on neither the one that was read nor the others.
	const again = rowsIn((await read(1, size)).response);
	yield [...first, ...again].filter(isUnread).reverse();
}
