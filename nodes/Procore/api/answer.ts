import { isJsonObject, parseJson, text, type JsonValue } from '../model/json';
import type { ProcoreAnswer } from './failure';
import type { Headers } from './rate-budget';
import { wordsOf } from './words';

/** What came back for one try of a request. */
export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	/** Parsed with every digit kept; the text where it is no JSON; empty text where there is none. */
	readonly body: JsonValue;
}

function readBody(body: unknown): JsonValue {
	if (typeof body !== 'string') return text(body);
	const parsed = parseJson(body);
	return parsed === undefined ? body : parsed;
}

/** The answer in what n8n's helper gives: status, headers by lower-case names, and the body with every digit kept. */
export function readResponse(response: unknown): Answer {
	const { statusCode, headers, body }: Record<string, unknown> =
		typeof response === 'object' && response !== null ? { ...response } : {};
	const entries = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
	return {
		status: Number(statusCode),
		headers: Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), text(value)])),
		body: readBody(body),
	};
}

/** What n8n's helper threw, and what that was made of, the outermost first. */
function chainOf(thrown: unknown): Array<Record<string, unknown>> {
	const chain: Array<Record<string, unknown>> = [];
	for (let link = thrown; link instanceof Error && chain.length < 5; link = link.cause) {
		chain.push({ ...link, message: link.message });
	}
	return chain;
}

/** The answer that n8n threw although it is one to read; undefined for a 401 and where there was none. */
export function answerIn(thrown: unknown): Answer | undefined {
	const response = chainOf(thrown)
		.map((link) => link.response)
		.find(isJsonObject);
	if (response === undefined || Number(response.status) === 401) return undefined;
	const { status: statusCode, headers, data: body } = response;
	return readResponse({ statusCode, headers, body });
}

/** n8n's helper throws for a 401 that survived a new token, for a missing token, and where no answer came. */
export function readThrown(
	thrown: unknown,
	secret: string | undefined,
): { answer: ProcoreAnswer; words: string } {
	const chain = chainOf(thrown);
	const first = (name: string) => chain.map((link) => link[name]).find((value) => value);
	const response = first('response');
	const status = isJsonObject(response)
		? Number(response.status)
		: Number(first('httpCode') ?? NaN);
	if (status === 401) {
		const body = isJsonObject(response) ? readBody(response.data) : '';
		return { answer: { kind: 'refused', status }, words: wordsOf(body, secret) };
	}
	// Before a request is sent n8n may miss the token, or Procore may refuse to give one (EAUTH). That the login host
	// gave no good answer is no refusal.
	const message = chain.map((link) => text(link.message)).join(' ');
	const codes = chain.map((link) => text(link.code));
	const words = wordsOf(text(chain.at(-1)?.message), secret);
	const lacksToken = /invalid_client|reconnect|not connected|without access token/i.test(message);
	if (codes.includes('EAUTH') || lacksToken) {
		return { answer: { kind: 'refused', status: 401 }, words };
	}
	const systemCode = codes.find((code) => /^E[A-Z]{5,}$/.test(code) && code !== 'ESTATUS');
	return { answer: { kind: 'unknown', status: null }, words: systemCode ?? words };
}
