import { isJsonObject, jsonObjects, text, type JsonObject, type JsonValue } from '../model/json';

/**
 * What is inside the envelope of an answer: API v2.x puts records and lists under `data`, as does v1.0 for Budget Changes.
 * A record may have a field `data` of its own, then beside its `id`.
 */
export function unwrap(body: JsonValue): JsonValue {
	if (!isJsonObject(body) || body.id !== undefined) return body;
	return body.data ?? body;
}

/** The record of an answer that shows one; undefined where it holds none. */
export function shownRecord(body: JsonValue): JsonObject | undefined {
	const record = unwrap(body);
	return isJsonObject(record) ? record : undefined;
}

/**
 * The records with this id in the field `rowKey`. Filters are not relied on: what a list leaves unfiltered, or filters by
 * something else, is dropped here.
 *
 * @param rowsIn the field of a row that holds the records, if they are part of the rows.
 */
export function rowsOf(
	rows: unknown,
	rowKey: string,
	recordId: string,
	rowsIn?: string,
): JsonObject[] {
	const all = jsonObjects(rows);
	const records = rowsIn === undefined ? all : all.flatMap((row) => jsonObjects(row[rowsIn]));
	return records.filter((record) => text(record[rowKey]) === recordId);
}

/** Of several revisions of one thing the current one; undefined where none is marked so. */
export function currentRevision(rows: readonly JsonObject[]): JsonObject | undefined {
	return rows.length === 1 ? rows[0] : rows.find(({ current }) => current === true);
}
