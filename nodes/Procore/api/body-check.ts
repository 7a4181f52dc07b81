import { isJsonObject, text, type JsonObject, type JsonValue } from '../model/json';

/** Whether a body has the form that a request expects. */
export type BodyCheck = (body: JsonValue) => boolean;

/** An object or a list: the least that every answer with a body is. */
export const isObjectOrList: BodyCheck = (body) => typeof body === 'object' && body !== null;

/** No body. Procore answers a DELETE with none, old Rails with one space. */
export const isEmptyBody: BodyCheck = (body) => typeof body === 'string' && body.trim() === '';

/** Expects no body, but lets JSON pass. */
export const isEmptyOrJson: BodyCheck = (body) =>
	isEmptyBody(body) || body === null || isObjectOrList(body);

/** Whether a row or a thing has an id; nothing can be read or deleted again without one. */
export function hasId(thing: unknown): thing is JsonObject {
	return isJsonObject(thing) && text(thing.id) !== '';
}

/** Whether a row has a text or a number under one of these keys, without which it tells nothing. */
export function hasText(...keys: readonly string[]): (row: unknown) => row is JsonObject {
	return (row): row is JsonObject => isJsonObject(row) && keys.some((key) => text(row[key]) !== '');
}

/** Whether what an answer gives as its rows is a list of objects. An empty list may also be null, as in `{"data": null}`. */
export function isRows(
	rows: unknown,
	isRow: (row: unknown) => boolean = isJsonObject,
): rows is JsonObject[] | null {
	if (isJsonObject(rows)) return rows.data === null;
	return rows === null || (Array.isArray(rows) && rows.every((row) => isRow(row)));
}
