import { isJsonObject, parseJson, text, type JsonValue } from '../model/json';
import { readErrorText } from './error-text';
import type { FailureOutcome } from './failure';
import type { Headers } from './rate-budget';

/** The HTTP response to one attempt of a request. */
export interface HttpResponse {
	readonly status: number;
	readonly headers: Headers;
	/** JSON with every digit kept; the text if it is not JSON; an empty string if there is no body. */
	readonly body: JsonValue;
}

function readBody(body: unknown): JsonValue {
	if (typeof body !== 'string') return text(body);
	const parsed = parseJson(body);
	return parsed === undefined ? body : parsed;
}

/** Reads the full response that n8n's request helper returns; header names become lower case. */
export function readResponse(response: unknown): HttpResponse {
	const { statusCode, headers, body }: Record<string, unknown> =
		typeof response === 'object' && response !== null ? { ...response } : {};
	const entries = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
	return {
		status: Number(statusCode),
		headers: Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), text(value)])),
		body: readBody(body),
	};
}

/** Lists the fields of an error and of its causes, the outermost first. */
function causeChain(thrown: unknown): Array<Record<string, unknown>> {
	const chain: Array<Record<string, unknown>> = [];
	for (let link = thrown; link instanceof Error && chain.length < 5; link = link.cause) {
		chain.push({ ...link, message: link.message });
	}
	return chain;
}

/** Returns the response inside an error that n8n threw for it; undefined for a 401 and if there was no response. */
export function responseIn(thrown: unknown): HttpResponse | undefined {
	const response = causeChain(thrown)
		.map((link) => link.response)
		.find(isJsonObject);
	if (response === undefined || Number(response.status) === 401) return undefined;
	const { status: statusCode, headers, data: body } = response;
	return readResponse({ statusCode, headers, body });
}

/**
 * Reads what n8n's request helper threw: it throws for a 401 that a new token did not fix, for a missing token, and if
 * there was no response.
 */
export function readThrown(
	thrown: unknown,
	secret: string | undefined,
): { outcome: FailureOutcome; errorText: string } {
	const chain = causeChain(thrown);
	const first = (name: string) => chain.map((link) => link[name]).find((value) => value);
	const response = first('response');
	const status = isJsonObject(response)
		? Number(response.status)
		: Number(first('httpCode') ?? NaN);
	if (status === 401) {
		const body = isJsonObject(response) ? readBody(response.data) : '';
		return { outcome: { kind: 'refused', status }, errorText: readErrorText(body, secret) };
	}
	// Before it sends a request, n8n can lack a token, or Procore can reject the token request (EAUTH). An unusable
	// response of the login host is not a rejection.
	const message = chain.map((link) => text(link.message)).join(' ');
	const codes = chain.map((link) => text(link.code));
	const errorText = readErrorText(text(chain.at(-1)?.message), secret);
	const lacksToken = /invalid_client|reconnect|not connected|without access token/i.test(message);
	if (codes.includes('EAUTH') || lacksToken) {
		return { outcome: { kind: 'refused', status: 401 }, errorText };
	}
	const systemCode = codes.find((code) => /^E[A-Z]{5,}$/.test(code) && code !== 'ESTATUS');
	return { outcome: { kind: 'unknown', status: null }, errorText: systemCode ?? errorText };
}
