import { jsonObjects, text, type JsonObject, type JsonValue } from '../model/json';
import type { ProcoreRequest, ProcoreResponse, Transport } from './transport';

/** One page of a list; `status` is that of the answer, which may be one that the request accepts besides 2xx. */
export interface Page {
	readonly status: number;
	readonly rows: JsonObject[];
	readonly isLast: boolean;
}

/** Whether more follows: by `Link`, else by `Total`, else because the page was full. */
function hasNext({ headers }: ProcoreResponse, seen: number, rows: number, asked: number): boolean {
	if (headers.link !== undefined) return /rel="?next"?/i.test(headers.link);
	const total = Number(headers.total ?? NaN);
	if (Number.isFinite(total)) return seen < total;
	// A server may give smaller pages than asked for, and says so in `Per-Page`.
	return rows >= (Number(headers['per-page']) || asked);
}

/**
 * Reads a list page by page. The number of the next page is counted here: the address in `Link` is never followed,
 * so that no answer can send a token elsewhere.
 *
 * @param perPage the largest page that the endpoint takes.
 * @param rowsOf finds the rows in a body: `data` on v2.0, the body itself on v1.x.
 * @param firstPage where to begin, counted from 1.
 * @throws ProcoreFailure where a page cannot be read.
 */
export async function* pages(
	transport: Pick<Transport, 'request'>,
	request: ProcoreRequest,
	perPage: number,
	rowsOf: (body: JsonValue) => unknown,
	firstPage = 1,
): AsyncGenerator<Page> {
	let seen = (firstPage - 1) * perPage;
	let before: string | undefined;
	for (let page = firstPage; ; page += 1) {
		const response = await transport.request({
			...request,
			query: { ...request.query, page, per_page: perPage },
		});
		const rows = jsonObjects(rowsOf(response.body));
		seen += rows.length;
		const first = rows[0] === undefined ? undefined : JSON.stringify(rows[0]);
		// A server that does not know `page` would give the first one for ever.
		if (first !== undefined && first === before) return;
		before = first;
		const isLast = rows.length === 0 || !hasNext(response, seen, rows.length, perPage);
		yield { status: response.status, rows, isLast };
		if (isLast) return;
	}
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
