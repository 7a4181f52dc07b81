import { isJsonObject, jsonObjects, text, type JsonObject, type JsonValue } from '../model/json';

/**
 * Removes the envelope of a response: API v2.x puts records and lists into `data`, and so does v1.0 for Budget Changes. A
 * record can have its own field `data`, but then it also has an `id` [RECORD-FORMS].
 */
export function unwrap(body: JsonValue): JsonValue {
	if (!isJsonObject(body) || body.id !== undefined) return body;
	return body.data ?? body;
}

/** Returns the record in the response of a show endpoint; undefined if there is none. */
export function shownRecord(body: JsonValue): JsonObject | undefined {
	const record = unwrap(body);
	return isJsonObject(record) ? record : undefined;
}

/**
 * Returns the records with this id in the field `rowKey`. Filters again, because a list might not support the filter of the
 * request [LIST-FILTERS-IGNORED].
 *
 * @param rowsIn the field of a row that contains the records, if they are nested.
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

/** Returns the only record, or the current one of several revisions; undefined if none is marked as current. */
export function currentRevision(rows: readonly JsonObject[]): JsonObject | undefined {
	return rows.length === 1 ? rows[0] : rows.find(({ current }) => current === true);
}
