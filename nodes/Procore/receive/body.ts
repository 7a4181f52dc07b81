import { readEvent, type ReadEvent } from '../model/event';
import { isJsonObject, parseJson, type JsonValue } from '../model/json';

/** The parsed body of an authenticated request. */
export type ReceivedBody =
	| { readonly kind: 'event'; readonly read: ReadEvent }
	/** `explanation` contains the size and the names of keys, but no content. */
	| { readonly kind: 'unknownJson'; readonly json: JsonValue; readonly explanation: string }
	| { readonly kind: 'notJson'; readonly explanation: string };

/** The number of keys that an explanation lists, and of characters of each. */
const MAX_KEYS = 20;
const MAX_KEY_LENGTH = 40;

function describeKeys(keys: readonly string[]): string {
	if (keys.length === 0) return 'an object without keys';
	const names = keys
		.slice(0, MAX_KEYS)
		.map((key) => key.slice(0, MAX_KEY_LENGTH).replace(/[^\w.-]/g, '?'));
	const more = keys.length > MAX_KEYS ? ` and ${keys.length - MAX_KEYS} more` : '';
	return `an object with the keys ${names.join(', ')}${more}`;
}

function describe(json: unknown): string {
	if (isJsonObject(json)) return describeKeys(Object.keys(json));
	if (Array.isArray(json)) return `a list of ${json.length}`;
	return json === null ? 'null' : `a ${typeof json}`;
}

/** Parses the body of an authenticated request, which is one event [SEND-JSON]. n8n limits its size. */
export function readBody(body: Buffer): ReceivedBody {
	const json = parseJson(body.toString());
	const size = `${body.length} bytes`;
	if (json === undefined) return { kind: 'notJson', explanation: size };
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	return isJsonObject(json) && event !== undefined
		? { kind: 'event', read: { event, raw: json } }
		: { kind: 'unknownJson', json, explanation: `${size}, ${describe(json)}` };
}
