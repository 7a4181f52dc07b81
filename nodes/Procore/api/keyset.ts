import { jsonObjects, text, type JsonObject } from '../model/json';
import { isRows } from './body-check';
import { readPage, type ListClient } from './page-size';
import type { ProcoreRequest } from './transport';

/** The largest page of a list that is paged by keys. */
const LARGEST = 100;

/**
 * Reads a list of v1.0 that is paged by keys (`page_size`, `page_start`): each page begins after the last id of the one
 * before.
 *
 * @throws ProcoreFailure if a page cannot be read, or is not a list of objects.
 */
export async function* keysetPages(
	client: ListClient,
	request: ProcoreRequest,
): AsyncGenerator<{ status: number; rows: JsonObject[] }> {
	const asked: ProcoreRequest = { expects: (body) => isRows(body), ...request };
	let start: string | undefined;
	for (;;) {
		const { response, size } = await readPage(client, asked, LARGEST, (rows) => ({
			page_size: rows,
			page_start: start,
		}));
		const rows = jsonObjects(response.body);
		yield { status: response.status, rows };
		const last = text(rows.at(-1)?.id);
		// Without an id on the rows (the reference's schema has none) there is no next page to ask for.
		if (rows.length < size || last === '' || last === start) return;
		start = last;
	}
}
