import { isJsonObject, text, type JsonObject, type JsonValue } from '../model/json';

/** Checks whether the body of a response has the structure that a request expects. */
export type BodyCheck = (body: JsonValue) => boolean;

export const isObjectOrList: BodyCheck = (body) => typeof body === 'object' && body !== null;

/** Whether there is no body. Procore's response to a DELETE has none; old Rails versions send one space. */
export const isEmptyBody: BodyCheck = (body) => typeof body === 'string' && body.trim() === '';

export const isEmptyOrJson: BodyCheck = (body) =>
	isEmptyBody(body) || body === null || isObjectOrList(body);

/** Whether a value is an object with an id, without which it cannot be read or deleted again. */
export function hasId(value: unknown): value is JsonObject {
	return isJsonObject(value) && text(value.id) !== '';
}

/** Returns a check for objects that have text or a number in at least one of these fields. */
export function hasText(...keys: readonly string[]): (row: unknown) => row is JsonObject {
	return (row): row is JsonObject => isJsonObject(row) && keys.some((key) => text(row[key]) !== '');
}

/**
 * Whether a value is a list of objects. Procore also sends an empty list as null, for example `{"data": null}`
 * [EMPTY-LIST-NULL].
 */
export function isRows(
	rows: unknown,
	isRow: (row: unknown) => boolean = isJsonObject,
): rows is JsonObject[] | null {
	if (isJsonObject(rows)) return rows.data === null;
	return rows === null || (Array.isArray(rows) && rows.every((row) => isRow(row)));
}
