import { jsonObjects, text, type JsonObject, type JsonValue } from '../model/json';
import { isRows } from './body-check';
import { readPage, type ListClient } from './page-size';
import type { AcceptedResponse, ProcoreRequest } from './request';

/** One page of a list. `status` is a 2xx or another status that the request accepts. */
export interface Page {
	readonly status: number;
	readonly rows: JsonObject[];
	readonly isLast: boolean;
}

/** One response of a list, whose page can be smaller than a {@link Page}. */
export interface ListResponse extends Page {
	/** Whether the page ends where one of the requested size would end. */
	readonly isWhole: boolean;
	/** The length of the list; undefined if the server does not state it. */
	readonly total: number | undefined;
	readonly headers: AcceptedResponse['headers'];
}

function totalOf(headers: AcceptedResponse['headers']): number | undefined {
	const total = Number(headers.total ?? NaN);
	return Number.isFinite(total) ? total : undefined;
}

/** Whether another page follows, according to `Link`, else `Total`, else because the page is full [PAGE-HEADERS]. */
function hasNext(
	{ headers }: AcceptedResponse,
	seen: number,
	rows: number,
	requested: number,
): boolean {
	if (headers.link !== undefined) return /rel="?next"?/i.test(headers.link);
	const total = totalOf(headers);
	if (total !== undefined) return seen < total;
	// If the server returns smaller pages than requested, `Per-Page` says so.
	return rows >= (Number(headers['per-page']) || requested);
}

/** Reads a list like {@link pages}, but returns each page as the server does, possibly with fewer rows. */
export async function* responses(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
	firstPage = 1,
): AsyncGenerator<ListResponse> {
	/** Number of rows in front of the next request. */
	let offset = (firstPage - 1) * perPage;
	let seen = offset;
	/** The maximum page size that the server reported. */
	let cap = Infinity;
	let before: string | undefined;
	const checked: ProcoreRequest = { expects: (body) => isRows(rowsOf(body)), ...request };
	for (;;) {
		const { response, size } = await readPage(client, checked, perPage, (rows) => ({
			page: Math.floor(offset / Math.min(rows, cap)) + 1,
			per_page: rows,
		}));
		const page = Math.floor(offset / Math.min(size, cap)) + 1;
		// A page of another size does not always start where the last one ended.
		const skipped = offset % Math.min(size, cap);
		const isSuccess = response.status < 300;
		const rows = jsonObjects(isSuccess ? rowsOf(response.body) : null);
		const first = rows[0] === undefined ? undefined : JSON.stringify(rows[0]);
		// A server that ignores `page` would return the first page forever.
		if (first !== undefined && first === before) return;
		before = first;
		const given = Number(response.headers['per-page']);
		if (given > 0 && given < size) cap = Math.min(cap, given);
		offset = page * Math.min(size, cap);
		seen += rows.length - Math.min(skipped, rows.length);
		const isLast = rows.length === 0 || !hasNext(response, seen, rows.length, size);
		const isWhole = isLast || size === perPage || offset % perPage === 0;
		const { status, headers } = response;
		yield { status, rows: rows.slice(skipped), isLast, isWhole, total: totalOf(headers), headers };
		if (isLast) return;
	}
}

/**
 * Reads a list page by page. Counts the pages itself and never follows the URL in `Link`, so that no response can redirect a
 * token. Returned pages have up to `perPage` rows, even if the server can only build smaller ones.
 *
 * @param perPage the largest page that the endpoint allows.
 * @param rowsOf finds the rows in a body: `data` on v2.0, the body itself on v1.x.
 * @param firstPage counted from 1.
 * @throws ProcoreFailure if a page cannot be read or is not a list of objects.
 */
export async function* pages(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
	firstPage = 1,
): AsyncGenerator<Page> {
	let gathered: JsonObject[] = [];
	for await (const response of responses(client, request, perPage, rowsOf, firstPage)) {
		const { status, rows, isLast, isWhole } = response;
		gathered.push(...rows);
		if (!isWhole) continue;
		yield { status, rows: gathered, isLast };
		gathered = [];
	}
	if (gathered.length > 0) yield { status: 200, rows: gathered, isLast: true };
}

/**
 * Reads the rows of all {@link pages} without duplicates: a list that changes meanwhile can repeat a row on the next page
 * [LIST-SHIFTS].
 */
export async function allPages(...args: Parameters<typeof pages>): Promise<JsonObject[]> {
	const rows: JsonObject[] = [];
	const ids = new Set<string>();
	for await (const page of pages(...args)) rows.push(...page.rows.filter(isNew(ids)));
	return rows;
}

/** Returns a filter for rows whose id has not been seen before. A row without an id always passes. */
export function isNew(ids: Set<string>): (row: JsonObject) => boolean {
	return ({ id: raw }) => {
		const id = text(raw);
		if (id === '') return true;
		const before = ids.size;
		return ids.add(id).size > before;
	};
}
