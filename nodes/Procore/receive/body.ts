import { readEvent, type ReadEvent } from '../model/event';
import { isJsonObject, parseJson } from '../model/json';

/** What an authenticated request brought. */
export type ReceivedBody =
	| { readonly kind: 'event'; readonly read: ReadEvent }
	/** `explanation` says what was not understood: sizes and names of keys, no content. */
	| { readonly kind: 'unknownJson'; readonly explanation: string }
	| { readonly kind: 'notJson'; readonly explanation: string };

/** Keys that an explanation names, and characters of each. */
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

/** Reads the body of a request that has the right secret; its size is limited by n8n alone. */
export function readBody(body: Buffer): ReceivedBody {
	const json = parseJson(body.toString());
	const size = `${body.length} bytes`;
	if (json === undefined) return { kind: 'notJson', explanation: size };
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	return isJsonObject(json) && event !== undefined
		? { kind: 'event', read: { event, raw: json } }
		: { kind: 'unknownJson', explanation: `${size}, ${describe(json)}` };
}
