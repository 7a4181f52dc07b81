/** What {@link parseJson} gives. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** An object of Procore's that nobody has looked into yet. */
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

/** Where a string of JSON ends: behind its closing quote. */
function endOfString(source: string, start: number): number {
	for (let quote = source.indexOf('"', start + 1); ; quote = source.indexOf('"', quote + 1)) {
		let escapes = 0;
		while (source[quote - 1 - escapes] === '\\') escapes += 1;
		if (escapes % 2 === 0) return quote + 1;
	}
}

/**
 * Puts integers beyond 2^53 between quotes, where they are no part of a string. Strings are leapt over: a pattern that
 * goes through one of many megabytes overflows the engine's stack.
 *
 * @param source JSON that has been parsed: every string in it has an end.
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
 * Parses JSON without losing a digit: an integer beyond 2^53 comes back as a string, everything else as `JSON.parse`
 * would give it. Procore's event ids have 19 digits (webhook payloads v2.0 and v3.0, deliveries of API v1.0).
 *
 * @returns undefined where the text is no JSON.
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
