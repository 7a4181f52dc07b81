import type { Fault } from '../../../emulator/control-client';
import type { Generation } from '../harness';

type Effect = Fault['effect'];

/** Must not appear in an error, an item or a log line, although the response contains it. */
export interface Echo {
	readonly accessToken: string;
}

/** A response that is not from Procore, or does not match the request. */
export interface HostileAnswer {
	readonly name: AnswerName;
	readonly effect: (echo: Echo) => Effect;
}

function html(status: number, { accessToken }: Echo): Effect {
	return {
		kind: 'status',
		status,
		headers: { 'Content-Type': 'text/html; charset=utf-8' },
		body: `<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1><pre>Authorization: Bearer ${accessToken}</pre></body></html>`,
	};
}

/** JSON text sent unchanged, not reformatted by the emulator or a client. */
function json(body: string): () => Effect {
	return () => ({
		kind: 'status',
		status: 200,
		headers: { 'Content-Type': 'application/json' },
		body,
	});
}

function status(code: number): () => Effect {
	return () => ({ kind: 'status', status: code, body: { errors: [`Answer ${code}`] } });
}

/** Every unexpected response by name. */
const EFFECTS = {
	'an HTML page with status 200': (echo: Echo) => html(200, echo),
	'an empty body with status 200': () => ({ kind: 'status', status: 200 }) as const,
	'the text "ok"': json('"ok"'),
	'the JSON null': json('null'),
	'an empty object': json('{}'),
	'an object that nobody asked for': json('{"message":"You have to sign in"}'),
	'an empty list': json('[]'),
	'a list of rows without an ID': json('[{"name":"Sign in"}]'),
	'an empty envelope': json('{"data":null}'),
	'an envelope with an empty list': json('{"data":[]}'),
	'an envelope with an empty object': json('{"data":{}}'),
	'an envelope with rows without an ID': json('{"data":[{"name":"Sign in"}]}'),
	'a redirect to a login page': () => ({ kind: 'redirect' }) as const,
	'404': status(404),
	'404 with an HTML page': (echo: Echo) => html(404, echo),
	'410': status(410),
	'500': status(500),
} satisfies Record<string, (echo: Echo) => Effect>;

export type AnswerName = keyof typeof EFFECTS;

function isAnswerName(name: string): name is AnswerName {
	return Object.hasOwn(EFFECTS, name);
}

/** The responses that every entry point is tested with. */
export const HOSTILE_ANSWERS: readonly HostileAnswer[] = Object.keys(EFFECTS)
	.filter(isAnswerName)
	.map((name) => ({ name, effect: EFFECTS[name] }));

/** Responses that mean "there is none" for a list, on Procore's API v1.x and v2.0. */
const EMPTY_V1: readonly AnswerName[] = ['an empty list', 'the JSON null', 'an empty envelope'];
const EMPTY_V2: readonly AnswerName[] = ['an empty envelope', 'an envelope with an empty list'];

/** The same for lists of webhooks. */
export function isEmptyList(name: AnswerName, version: Generation): boolean {
	return (version === 'v1.0' ? EMPTY_V1 : EMPTY_V2).includes(name);
}

/** The same for companies and projects, which are v1.x lists whatever the credential says. */
export function isEmptyDirectory(name: AnswerName): boolean {
	return isEmptyList(name, 'v1.0');
}

/** A v2.0 list whose rows only have a name, like the list of webhook resources. */
export function isListOfNames(name: AnswerName, version: Generation): boolean {
	return version === 'v2.0' && name === 'an envelope with rows without an ID';
}

/** One of each kind, for tests that fail after each request of an operation. */
export const MIDWAY_ANSWERS: readonly HostileAnswer[] = HOSTILE_ANSWERS.filter(({ name }) =>
	['an HTML page with status 200', 'an empty object', 'an empty list', '404', '500'].includes(name),
);
