import { NodeApiError } from 'n8n-workflow';

import { ProcoreFailure } from '../../nodes/Procore/api/failure';
import { readErrorText } from '../../nodes/Procore/api/error-text';
import { jsonObjects, parseJson, text } from '../../nodes/Procore/model/json';
import { fixtureText } from './support/fixtures';
import { NODE, failure } from './support/node';

interface Answer {
	name: string;
	status: number;
	body: unknown;
}

const ANSWERS: Answer[] = jsonObjects(parseJson(fixtureText('errors'))).map((answer) => ({
	name: text(answer.case),
	status: Number(answer.status),
	body: answer.body,
}));

/** Procore's text and the advice for every documented response. */
const EXPECTED: Record<string, [words: string, advice: RegExp]> = {
	'hook create, namespace already used in this scope (v2-style envelope)': [
		'Namespace has already been taken',
		/choose another namespace/,
	],
	'hook create, namespace already used in this scope (v1-style errors map)': [
		'namespace has already been taken',
		/choose another namespace/,
	],
	'trigger create, same resource and event already on the hook': [
		'Trigger already exists',
		/It already exists/,
	],
	'field validation map': [
		'destination_url must be a valid HTTPS URL',
		/Correct the values named above/,
	],
	'v1 bulk over 500 items': ['Too many triggers in one request', /Send less/],
	'v1 hook create or update server error': ['Internal Server Error', /again in a few minutes/],
	'expired token, Procore flat errors string': ['The access token is invalid', /connect it again/],
	'expired token, schema from the API specification': ['Unauthorized', /connect it again/],
	'app not installed in the company': [
		'App is not connected to this company.',
		/Install the app in this company/,
	],
	'missing company header (text start documented; status and wrapper not)': [
		'Missing Procore-Company-Id header!',
		/No company selected/,
	],
	'hook id unknown or hidden': ['Not found', /check the ID, the company and the project/],
	'business rule': ['assignees required', /Correct the values named above/],
	'spike or hourly limit': [
		'You have surpassed the max number of requests for an hour. Please wait until your limit resets.',
		/Try again later/,
	],
	'heavy load': ['Service Unavailable', /Try again later/],
	'gateway html': ['502 Bad Gateway', /again in a few minutes/],
	'refresh token already used': ['The refresh token is invalid', /connect it again/],
};

test.each([
	'Client authentication failed (e.g., unknown client, no client authentication included)',
	'invalid_client',
])('a wrong client id or secret is named: %s', (errorText) => {
	const outcome = { kind: 'refused', status: 401 } as const;
	expect(new ProcoreFailure(NODE, 'list the hooks', outcome, errorText).message).toMatch(
		/Client ID or Client Secret is wrong, or belongs to another environment\./,
	);
});

test('every documented response has an expectation', () => {
	expect(ANSWERS.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(ANSWERS)('$status $name', ({ name, status, body }) => {
	const [words, advice] = EXPECTED[name] ?? ['', /$^/];

	test('is read into text', () => {
		expect(readErrorText(body)).toBe(words);
	});

	test('becomes a message that says what was asked, what Procore said, and what to do', () => {
		const error = new ProcoreFailure(
			NODE,
			'create a hook in project 902214',
			{ kind: 'refused', status },
			readErrorText(body),
		);
		expect(error.message).toMatch(/^Could not create a hook in project 902214\. /);
		expect(error.message).toContain(`Procore answered ${status}: ${words.replace(/[.!]$/, '')}. `);
		expect(error.message).toMatch(advice);
		expect(error.message).toMatch(/\.$/);
		expect(error.message).not.toMatch(/\.\.|!\./);
		expect(error.httpCode).toBe(String(status));
		expect(error).toBeInstanceOf(NodeApiError);
	});
});

describe('readErrorText', () => {
	test.each<[string, unknown, string]>([
		['an empty body', '', ''],
		['null', null, ''],
		['nothing', undefined, ''],
		['an empty object', {}, ''],
		['an empty list', { errors: [] }, ''],
		['several sentences', { errors: ['One.', 'Two.'] }, 'One.; Two.'],
		['the same sentence twice', { errors: ['One', 'One'] }, 'One'],
		[
			'several fields',
			{ errors: { a: ['is bad', 'is long'], b: 'is odd' } },
			'a is bad; a is long; b is odd',
		],
		['objects in a list', { errors: [{ message: 'One' }, { code: 'X' }] }, 'One'],
		['details beside a message', { error: { message: 'Bad', details: ['a', 'b'] } }, 'Bad; a; b'],
		['a message alone', { message: 'Sorry' }, 'Sorry'],
		['a reason alone', { code: 403, message: null, reason: 'No permission' }, 'No permission'],
		['an OAuth2 error without description', { error: 'invalid_client' }, 'invalid_client'],
		[
			'an OAuth2 error with one',
			{ error: 'invalid_client', error_description: 'Unknown' },
			'Unknown',
		],
		['a list', ['One', { message: 'Two' }], 'One; Two'],
		['plain text over lines', 'Not\n  today\t', 'Not today'],
		[
			'html with script and style',
			'<style>a{}</style><script>let x = 1;</script><p>Busy</p>',
			'Busy',
		],
		['markup in a message', { message: '<b>Busy</b>' }, 'Busy'],
		['numbers', { errors: { limit: 500 } }, 'limit 500'],
	])('reads %s', (_case, body, expected) => {
		expect(readErrorText(body)).toBe(expected);
	});

	test('mentions a permission as well as the word Forbidden', () => {
		const body = {
			code: 403,
			message: 'Forbidden',
			reason: 'Your app needs the Webhooks API permission',
		};
		expect(readErrorText(body)).toContain('Webhooks API permission');
	});

	test('shortens long text', () => {
		expect(readErrorText('x '.repeat(5000))).toHaveLength(300);
		expect(readErrorText({ errors: ['y'.repeat(5000)] })).toHaveLength(300);
	});

	test('masks a secret before it shortens the text', () => {
		const repeated = 'key-of-the-hook-k9Qz7';
		expect(readErrorText(`${'x'.repeat(290)} ${repeated}`, repeated)).toMatch(/x \*{5}$/);
	});

	test.each(['Bearer c0ffee0123456789', 'Basic dXNlcjpwYXNz', 'bearer c0ffee0123456789'])(
		'masks %s',
		(secret) => {
			for (const body of [`got ${secret}, sorry`, { errors: { destination_headers: [secret] } }]) {
				const words = readErrorText(body);
				expect(words).not.toContain(secret.split(' ')[1]);
				expect(words).toContain('*****');
			}
		},
	);
});

describe('ProcoreFailure', () => {
	test.each<[number | null, RegExp]>([
		[400, /Correct the values named above/],
		[401, /Open the Procore credential in n8n and connect it again/],
		[403, /permission "Webhooks API" at level Standard/],
		[404, /can't access it/],
		[408, /again in a few minutes/],
		[409, /Correct the values named above/],
		[413, /Send less/],
		[422, /Correct the values named above/],
		[429, /Try again later/],
		[500, /again in a few minutes/],
		[502, /again in a few minutes/],
		[503, /Try again later/],
		[504, /again in a few minutes/],
		[null, /Check that n8n can reach it/],
	])('says what to do for a status %p without text', (status, advice) => {
		expect(failure({ kind: 'unknown', status }).message).toMatch(advice);
	});

	test('says for both grant types whose access to check if a permission is missing', () => {
		const { message } = failure({ kind: 'refused', status: 403 });
		expect(message).toContain('Give the app the permission "Webhooks API" at level Standard');
		expect(message).toMatch(/the user who connected.* with Client Credentials, the app's service/);
	});

	test('says that there was no response, and why', () => {
		const { message } = failure({ kind: 'unknown', status: null }, 'ECONNREFUSED');
		expect(message).toBe(
			'Could not do what was asked. Procore did not respond (ECONNREFUSED). Check that n8n can reach it and that Environment in the credential is correct, then try again.',
		);
	});

	test.each(['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'ECONNRESET'])(
		"replaces n8n's stock message for %s",
		(code) => {
			const { message } = failure({ kind: 'unknown', status: null }, code);
			expect(message).toContain(`did not respond (${code})`);
		},
	);

	test('recognizes a taken namespace in both forms, and nothing else', () => {
		const isTaken = (status: number | null, words: string) =>
			failure(status === null ? { kind: 'unknown', status } : { kind: 'refused', status }, words)
				.isNamespaceTaken;
		expect(isTaken(400, 'Namespace has already been taken')).toBe(true);
		expect(isTaken(400, 'namespace has already been taken')).toBe(true);
		expect(isTaken(422, 'Has already been taken')).toBe(true);
		expect(isTaken(400, 'Trigger already exists')).toBe(false);
		expect(isTaken(null, 'taken aback')).toBe(false);
	});

	test('recognizes what was not found', () => {
		expect(failure({ kind: 'refused', status: 404 }).isNotFound).toBe(true);
		expect(failure({ kind: 'refused', status: 403 }).isNotFound).toBe(false);
	});
});
