import { jsonObjects, text, type JsonObject } from '../model/json';
import { isRows } from './body-check';
import { readPage, type ListClient } from './page-size';
import type { ProcoreRequest } from './request';

/** Maximum rows per page of a list that is paged by keys [V1-DELIVERIES-PAGE]. */
const LARGEST = 100;

/**
 * Reads a list of v1.0 that is paged by keys (`page_size`, `page_start`): each page starts after the last id of the previous
 * one.
 *
 * @param afterId of a row; only those after it are read.
 * @throws ProcoreFailure if a page cannot be read or is not a list of objects.
 */
export async function* keysetPages(
	client: ListClient,
	request: ProcoreRequest,
	afterId?: string,
): AsyncGenerator<{ status: number; rows: JsonObject[] }> {
	const checked: ProcoreRequest = { expects: (body) => isRows(body), ...request };
	let start = afterId;
	for (;;) {
		const { response, size } = await readPage(client, checked, LARGEST, (rows) => ({
			page_size: rows,
			page_start: start,
		}));
		const rows = jsonObjects(response.body);
		yield { status: response.status, rows };
		const last = text(rows.at(-1)?.id);
		// If the rows have no id (the schema in the reference has none), the next page cannot be requested
		// [V1-DELIVERIES-ROW-ID].
		if (rows.length < size || last === '' || last === start) return;
		start = last;
	}
}
