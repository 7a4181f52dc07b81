import { isJsonObject } from '../model/json';
import { readErrorText } from './error-text';
import type { HttpResponse } from './http-response';

/** More of a page is not looked at for its title. */
const MAX_HTML_READ = 20_000;
const MAX_NAME = 100;

function short(words: string): string {
	return words.length > MAX_NAME ? `${words.slice(0, MAX_NAME)}…` : words;
}

function titleOf(page: string, secret: string | undefined): string {
	const lower = page.toLowerCase();
	const opening = lower.indexOf('<title');
	const start = opening === -1 ? -1 : lower.indexOf('>', opening);
	const end = start === -1 ? -1 : lower.indexOf('</title', start);
	return end === -1 ? '' : short(readErrorText(page.slice(start + 1, end), secret));
}

function describeText(type: string, body: string, secret: string | undefined): string {
	const start = body.slice(0, MAX_HTML_READ).trimStart();
	if (start === '') return 'with an empty body';
	if (type !== 'text/html' && !start.startsWith('<'))
		return `with ${type || 'text'} that is not a JSON object or list`;
	const title = titleOf(start, secret);
	return title === '' ? 'with an HTML page' : `with an HTML page titled "${title}"`;
}

function describeBody({ headers, body }: HttpResponse, secret: string | undefined): string {
	const [declared = ''] = (headers['content-type'] ?? '').split(';', 1);
	const type = short(readErrorText(declared, secret)).toLowerCase();
	if (typeof body === 'string') return describeText(type, body, secret);
	if (Array.isArray(body)) return 'with a JSON list of another form';
	if (!isJsonObject(body)) return 'with a JSON value that is neither an object nor a list';
	const { errors = null, error = null } = body;
	const words = readErrorText({ errors, error }, secret);
	return `with a JSON object of another form${words === '' ? '' : ` (${words})`}`;
}

/**
 * Describes an answer that is not what was asked for, and who gave it: `api.procore.com answered 200 with an HTML page
 * titled "Sign in"`. Of a redirect, only the host is named: the address may hold a token.
 *
 * @param secret what must not be in it if the answer repeats it.
 */
export function describeResponse(response: HttpResponse, apiUrl: string, secret?: string): string {
	const { status, headers } = response;
	const said = `${new URL(apiUrl).host} answered ${status}`;
	if (status < 300 || status >= 400) return `${said} ${describeBody(response, secret)}`;
	const { location = '' } = headers;
	const isAddress = location !== '' && URL.canParse(location, apiUrl);
	return `${said} and redirects${isAddress ? ` to ${short(new URL(location, apiUrl).host)}` : ''}`;
}
