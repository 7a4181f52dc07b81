import { isJsonObject, text, type JsonObject, type JsonValue } from '../model/json';
import type { Answer } from './answer';
import { wordsOf } from './words';

/** Whether a body has the form that a request expects. */
export type Form = (body: JsonValue) => boolean;

/** An object or a list: the least that every answer with a body is. */
export const isJson: Form = (body) => typeof body === 'object' && body !== null;

/** No body. Procore answers a DELETE with none, old Rails with one space. */
export const isEmpty: Form = (body) => typeof body === 'string' && body.trim() === '';

/** Expects no body, but lets JSON pass. */
export const isNothing: Form = (body) => isEmpty(body) || body === null || isJson(body);

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

/** More of a page is not looked at for its title. */
const MAX_HEAD = 20_000;
const MAX_NAME = 100;

function short(words: string): string {
	return words.length > MAX_NAME ? `${words.slice(0, MAX_NAME)}…` : words;
}

function titleOf(page: string, secret: string | undefined): string {
	const lower = page.toLowerCase();
	const opening = lower.indexOf('<title');
	const start = opening === -1 ? -1 : lower.indexOf('>', opening);
	const end = start === -1 ? -1 : lower.indexOf('</title', start);
	return end === -1 ? '' : short(wordsOf(page.slice(start + 1, end), secret));
}

function describeText(type: string, body: string, secret: string | undefined): string {
	const start = body.slice(0, MAX_HEAD).trimStart();
	if (start === '') return 'with an empty body';
	if (type !== 'text/html' && !start.startsWith('<'))
		return `with ${type || 'text'} that is not a JSON object or list`;
	const title = titleOf(start, secret);
	return title === '' ? 'with an HTML page' : `with an HTML page titled "${title}"`;
}

function describeBody({ headers, body }: Answer, secret: string | undefined): string {
	const [declared = ''] = (headers['content-type'] ?? '').split(';', 1);
	const type = short(wordsOf(declared, secret)).toLowerCase();
	if (typeof body === 'string') return describeText(type, body, secret);
	if (Array.isArray(body)) return 'with a JSON list of another form';
	if (!isJsonObject(body)) return 'with a JSON value that is neither an object nor a list';
	const { errors = null, error = null } = body;
	const words = wordsOf({ errors, error }, secret);
	return `with a JSON object of another form${words === '' ? '' : ` (${words})`}`;
}

/**
 * Describes an answer that is not what was asked for, and who gave it: `api.procore.com answered 200 with an HTML page
 * titled "Sign in"`. Of a redirect, only the host is named: the address may hold a token.
 *
 * @param secret what must not be in it if the answer repeats it.
 */
export function describeAnswer(answer: Answer, apiUrl: string, secret?: string): string {
	const { status, headers } = answer;
	const said = `${new URL(apiUrl).host} answered ${status}`;
	if (status < 300 || status >= 400) return `${said} ${describeBody(answer, secret)}`;
	const { location = '' } = headers;
	const isAddress = location !== '' && URL.canParse(location, apiUrl);
	return `${said} and redirects${isAddress ? ` to ${short(new URL(location, apiUrl).host)}` : ''}`;
}
