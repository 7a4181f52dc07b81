import { jsonObjects, text, type JsonObject, type JsonValue } from '../model/json';
import { isRows } from './body-check';
import { readPage, type ListClient } from './page-size';
import type { ProcoreRequest, AcceptedResponse } from './transport';

/** One page of a list; `status` is that of the answer, which may be one that the request accepts besides 2xx. */
export interface Page {
	readonly status: number;
	readonly rows: JsonObject[];
	readonly isLast: boolean;
}

/** Whether more follows: by `Link`, else by `Total`, else because the page was full. */
function hasNext(
	{ headers }: AcceptedResponse,
	seen: number,
	rows: number,
	asked: number,
): boolean {
	if (headers.link !== undefined) return /rel="?next"?/i.test(headers.link);
	const total = Number(headers.total ?? NaN);
	if (Number.isFinite(total)) return seen < total;
	// A server may give smaller pages than asked for, and says so in `Per-Page`.
	return rows >= (Number(headers['per-page']) || asked);
}

/** The pages as the server gives them; `isWhole` where one ends at a page of the size that was asked for. */
async function* serverPages(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
	firstPage: number,
): AsyncGenerator<Page & { readonly isWhole: boolean }> {
	/** Rows of the list that come before what is asked for next. */
	let offset = (firstPage - 1) * perPage;
	let seen = offset;
	/** What the server says it gives at most. */
	let cap = Infinity;
	let before: string | undefined;
	const asked: ProcoreRequest = { expects: (body) => isRows(rowsOf(body)), ...request };
	for (;;) {
		const { response, size } = await readPage(client, asked, perPage, (rows) => ({
			page: Math.floor(offset / Math.min(rows, cap)) + 1,
			per_page: rows,
		}));
		const page = Math.floor(offset / Math.min(size, cap)) + 1;
		// Pages of another size need not begin where the last one ended.
		const skipped = offset % Math.min(size, cap);
		const isSuccess = response.status < 300;
		const rows = jsonObjects(isSuccess ? rowsOf(response.body) : null);
		const first = rows[0] === undefined ? undefined : JSON.stringify(rows[0]);
		// A server that does not know `page` would give the first one for ever.
		if (first !== undefined && first === before) return;
		before = first;
		const given = Number(response.headers['per-page']);
		if (given > 0 && given < size) cap = Math.min(cap, given);
		offset = page * Math.min(size, cap);
		seen += rows.length - Math.min(skipped, rows.length);
		const isLast = rows.length === 0 || !hasNext(response, seen, rows.length, size);
		const isWhole = isLast || size === perPage || offset % perPage === 0;
		yield { status: response.status, rows: rows.slice(skipped), isLast, isWhole };
		if (isLast) return;
	}
}

/**
 * Reads a list page by page. The number of the next page is counted here: the address in `Link` is never followed,
 * so that no answer can send a token elsewhere. What comes has up to `perPage` rows, also where the server can only make
 * smaller pages.
 *
 * @param perPage the largest page that the endpoint takes.
 * @param rowsOf finds the rows in a body: `data` on v2.0, the body itself on v1.x.
 * @param firstPage where to begin, counted from 1.
 * @throws ProcoreFailure where a page cannot be read, or holds no list of objects.
 */
export async function* pages(
	client: ListClient,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
	firstPage = 1,
): AsyncGenerator<Page> {
	let gathered: JsonObject[] = [];
	for await (const { isWhole, ...page } of serverPages(
		client,
		request,
		perPage,
		rowsOf,
		firstPage,
	)) {
		gathered.push(...page.rows);
		if (!isWhole) continue;
		yield { ...page, rows: gathered };
		gathered = [];
	}
	if (gathered.length > 0) yield { status: 200, rows: gathered, isLast: true };
}

/** The rows of all {@link pages}, each once: a list that changes while it is read may give a row on two pages. */
export async function allPages(...args: Parameters<typeof pages>): Promise<JsonObject[]> {
	const rows: JsonObject[] = [];
	const ids = new Set<string>();
	for await (const page of pages(...args)) rows.push(...page.rows.filter(isNew(ids)));
	return rows;
}

/** Tells of each row whether its id has not been met before; a row without an id always counts as new. */
export function isNew(ids: Set<string>): (row: JsonObject) => boolean {
	return ({ id: raw }) => {
		const id = text(raw);
		if (id === '') return true;
		const before = ids.size;
		return ids.add(id).size > before;
	};
}
