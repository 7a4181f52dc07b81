import { isJsonObject } from '../model/json';
import { readErrorText } from './error-text';
import type { HttpResponse } from './http-response';

/** Characters of an HTML page that are searched for its title. */
const MAX_HTML_READ = 20_000;
const MAX_NAME_LENGTH = 100;

function shorten(name: string): string {
	return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

function titleOf(page: string, secret: string | undefined): string {
	const lower = page.toLowerCase();
	const opening = lower.indexOf('<title');
	const start = opening === -1 ? -1 : lower.indexOf('>', opening);
	const end = start === -1 ? -1 : lower.indexOf('</title', start);
	return end === -1 ? '' : shorten(readErrorText(page.slice(start + 1, end), secret));
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
	const type = shorten(readErrorText(declared, secret)).toLowerCase();
	if (typeof body === 'string') return describeText(type, body, secret);
	if (Array.isArray(body)) return 'with an unexpected JSON list';
	if (!isJsonObject(body)) return 'with a JSON value that is neither an object nor a list';
	const { errors = null, error = null } = body;
	const errorText = readErrorText({ errors, error }, secret);
	return `with an unexpected JSON object${errorText === '' ? '' : ` (${errorText})`}`;
}

/**
 * Describes a response that is not what was requested and who sent it, for example `api.procore.com answered 200 with an
 * HTML page titled "Sign in"`. For a redirect, names only the host, because the URL can contain a token.
 *
 * @param secret is masked if the response repeats it.
 */
export function describeResponse(response: HttpResponse, apiUrl: string, secret?: string): string {
	const { status, headers } = response;
	const sender = `${new URL(apiUrl).host} answered ${status}`;
	if (status < 300 || status >= 400) return `${sender} ${describeBody(response, secret)}`;
	const { location = '' } = headers;
	const isUrl = location !== '' && URL.canParse(location, apiUrl);
	return `${sender} and redirects${isUrl ? ` to ${shorten(new URL(location, apiUrl).host)}` : ''}`;
}
