/** What {@link parseJson} gives. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** An object of Procore's that nobody has looked into yet. */
export interface JsonObject {
	[key: string]: JsonValue;
}

/** A request body; `bigint` is sent as a JSON number with every digit. */
export type JsonBody =
	| string
	| number
	| bigint
	| boolean
	| null
	| readonly JsonBody[]
	| { readonly [key: string]: JsonBody };

// In runs, not character by character: the engine's stack would end at a text of some ten megabytes.
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MAY_EXCEED_SAFE_INTEGER = /\d{16}/;
const BIGINT_MARK = '\u0000bigint:';

function parseOrUndefined(source: string): JsonValue | undefined {
	try {
		const parsed: JsonValue = JSON.parse(source);
		return parsed;
	} catch {
		return undefined;
	}
}

/**
 * Parses JSON without losing a digit: an integer beyond 2^53 comes back as a string, everything else as `JSON.parse`
 * would give it. Procore's event ids have 19 digits (webhook payloads v2.0 and v3.0, deliveries of API v1.0).
 *
 * @returns undefined where the text is no JSON.
 */
export function parseJson(source: string): JsonValue | undefined {
	const parsed = parseOrUndefined(source);
	if (parsed === undefined || !MAY_EXCEED_SAFE_INTEGER.test(source)) return parsed;
	// Only text that has just been proven to be JSON is quoted: the pattern cannot run astray in it.
	const quoted = source.replace(STRING_OR_NUMBER, (token) =>
		/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
	);
	return parseOrUndefined(quoted);
}

/** Serializes a request body; see {@link JsonBody}. */
export function toJson(body: JsonBody): string {
	const json = JSON.stringify(body, (_key, value: JsonBody) =>
		typeof value === 'bigint' ? `${BIGINT_MARK}${value}` : value,
	);
	return json.replace(/"\\u0000bigint:(-?\d+)"/g, '$1');
}

/** Whether a value is an object and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rows of a list, or none where the value is no list. Entries that are no objects are left out. */
export function jsonObjects(value: unknown): JsonObject[] {
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Text as it is, a number in digits, and null for everything else, empty text included. */
export function textOrNull(value: unknown): string | null {
	if (typeof value === 'string') return value === '' ? null : value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	return null;
}

/** {@link textOrNull}, with empty text for what is absent. */
export function text(value: unknown): string {
	return textOrNull(value) ?? '';
}

/** The value where it is an object, else an empty one. */
export function jsonObject(value: unknown): JsonObject {
	return isJsonObject(value) ? value : {};
}

/** A list of ids, each with all its digits. */
export function idList(value: unknown): string[] {
	return Array.isArray(value) ? value.map((id) => text(id)) : [];
}
