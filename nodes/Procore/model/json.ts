/** The result of {@link parseJson}. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** An object from Procore that has not been validated. */
export interface JsonObject {
	[key: string]: JsonValue;
}

/** A request body. A `bigint` is sent as a JSON number with every digit, and a field that is undefined is not sent. */
export type JsonBody =
	| string
	| number
	| bigint
	| boolean
	| null
	| readonly JsonBody[]
	| { readonly [key: string]: JsonBody | undefined };

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
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

/** Returns the index after the closing quote of a JSON string. */
function endOfString(source: string, start: number): number {
	for (let quote = source.indexOf('"', start + 1); ; quote = source.indexOf('"', quote + 1)) {
		let escapes = 0;
		while (source[quote - 1 - escapes] === '\\') escapes += 1;
		if (escapes % 2 === 0) return quote + 1;
	}
}

/**
 * Quotes integers beyond 2^53. Skips string literals without a regular expression, which would overflow the stack on a string
 * of several megabytes.
 *
 * @param source valid JSON, so every string is terminated.
 */
function quoteLongIntegers(source: string): string {
	const pieces: string[] = [];
	for (let at = 0; at < source.length;) {
		const quote = source.indexOf('"', at);
		const end = quote === -1 ? source.length : quote;
		pieces.push(
			source.slice(at, end).replace(NUMBER, (token) => {
				const isLong = /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
				return isLong ? `"${token}"` : token;
			}),
		);
		at = quote === -1 ? end : endOfString(source, quote);
		pieces.push(source.slice(end, at));
	}
	return pieces.join('');
}

/**
 * Parses JSON without losing digits: an integer beyond 2^53 becomes a string, everything else is as with `JSON.parse`.
 * Procore's event ids have 19 digits (webhook payloads v2.0 and v3.0, deliveries of API v1.0) [EVENT-ID-DIGITS].
 *
 * @returns undefined if the text is not JSON.
 */
export function parseJson(source: string): JsonValue | undefined {
	const parsed = parseOrUndefined(source);
	if (parsed === undefined || !MAY_EXCEED_SAFE_INTEGER.test(source)) return parsed;
	return parseOrUndefined(quoteLongIntegers(source));
}

/** Serializes a request body; see {@link JsonBody}. */
export function toJson(body: JsonBody): string {
	const json = JSON.stringify(body, (_key, value: JsonBody) =>
		typeof value === 'bigint' ? `${BIGINT_MARK}${value}` : value,
	);
	return json.replace(/"\\u0000bigint:(-?\d+)"/g, '$1');
}

/** Whether a value is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the objects in a list and skips other entries; empty if the value is not a list. */
export function jsonObjects(value: unknown): JsonObject[] {
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Returns text unchanged and numbers as text; null for everything else, including empty text. */
export function textOrNull(value: unknown): string | null {
	if (typeof value === 'string') return value === '' ? null : value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	return null;
}

/** Like {@link textOrNull}, but with empty text instead of null. */
export function text(value: unknown): string {
	return textOrNull(value) ?? '';
}

/** Returns the value if it is an object, else an empty object. */
export function jsonObject(value: unknown): JsonObject {
	return isJsonObject(value) ? value : {};
}

/** Returns a list of ids as text; empty if the value is not a list. */
export function idList(value: unknown): string[] {
	return Array.isArray(value) ? value.map((id) => text(id)) : [];
}
