import fc from 'fast-check';
import { stringify } from 'lossless-json';

import { PRIVATE_VALUE, tracesOf } from '../../contract/private-values';
import { Sanitizer } from '../../contract/sanitize';
import { RECORD_PATHS } from '../../contract/vocabulary';

/** 500 documents with ten values each. */
const DOCUMENTS = 500;
const VALUES = 10;
const SEED = 20261127;

const KEYS = [
	'name',
	'id',
	'login',
	'status',
	'code',
	'namespace',
	'data',
	'display_name',
	'api_version',
];

/** Every place in which a response or a request could have a value that must not be kept. */
const PLACES: ReadonlyArray<(sanitizer: Sanitizer, value: string) => unknown> = [
	...KEYS.map(
		(key) => (sanitizer: Sanitizer, text: string) =>
			sanitizer.body(JSON.stringify([{ [key]: text }])),
	),
	(sanitizer, text) => sanitizer.body(JSON.stringify({ [text]: { [`${text}_id`]: [text] } })),
	(sanitizer, text) =>
		sanitizer.body(JSON.stringify({ errors: [`Project ${text} does not exist`] })),
	(sanitizer, text) => sanitizer.body(JSON.stringify({ errors: { [text]: [`${text} is taken`] } })),
	(sanitizer, text) =>
		sanitizer.body(JSON.stringify({ error: { message: `"${text}"is invalid:${text}/${text}` } })),
	(sanitizer, text) => sanitizer.body(/^\d+$/.test(text) ? `{"code":${text},"id":-${text}}` : text),
	(sanitizer, text) => sanitizer.body(`{"data":[{"name":"${text}`),
	(sanitizer, text) =>
		sanitizer.body(`<html><title>${text}</title>${text}&nbsp;<b a="${text}">x</b>`),
	(sanitizer, text) => sanitizer.body(JSON.stringify(`Bearer ${text}`)),
	(sanitizer, text) =>
		sanitizer.body(JSON.stringify({ destination_headers: { Authorization: text } })),
	(sanitizer, text) =>
		sanitizer.body(JSON.stringify({ Authorization: `*****${text.slice(0, 40)}` })),
	(sanitizer, text) =>
		sanitizer.url(`/rest/v2.0/companies/${encodeURIComponent(text)}/webhooks/hooks`),
	(sanitizer, text) =>
		sanitizer.url(`https://${encodeURIComponent(text)}.example/a?b=${text}#${text}`),
	(sanitizer, text) =>
		sanitizer.url(`https://user:${encodeURIComponent(text)}@api.procore.com/rest`),
	(sanitizer, text) =>
		sanitizer.url(`/rest?${encodeURIComponent(text)}=${encodeURIComponent(text)}`),
	(sanitizer, text) => sanitizer.headers({ [text]: text, 'user-agent': `Faraday ${text}` }),
	(sanitizer, text) =>
		sanitizer.headers({
			link: `<https://api.procore.com/rest?id=${text}>; rel="next"`,
			total: text,
			'set-cookie': `session=${text}`,
			'content-type': text,
			location: text,
			'x-rate-limit-reset': text,
			'x-complexity-score': text,
		}),
	(sanitizer, text) => [sanitizer.id(text), sanitizer.toolName(text), sanitizer.sentence(text)],
];

function written(output: unknown): string {
	return String(stringify(output)).toLowerCase();
}

describe('the sanitizer', () => {
	test('keeps nothing of 5,000 secrets, names, addresses and ids, wherever they are', () => {
		let values = 0;
		fc.assert(
			fc.property(fc.array(PRIVATE_VALUE, { minLength: VALUES, maxLength: VALUES }), (texts) => {
				const sanitizer = new Sanitizer();
				const output = texts
					.map((text) => PLACES.map((place) => written(place(sanitizer, text))))
					.flat();
				const everything = output.join('\n');
				for (const text of texts) {
					values += 1;
					for (const trace of tracesOf(text)) expect(everything).not.toContain(trace);
				}
			}),
			{ numRuns: DOCUMENTS, seed: SEED },
		);
		expect(values).toBeGreaterThanOrEqual(5000);
	});

	test('removes the secrets of the run even where they are made of known words', () => {
		const sanitizer = new Sanitizer(['access-denied']);
		expect(sanitizer.sentence('The access-denied token expired')).toBe('The [text] token expired');
	});

	test('replaces ids consistently, in bodies, paths and queries', () => {
		const sanitizer = new Sanitizer();
		const body = written(
			sanitizer.body('{"data":[{"id":"61840377","webhook_hook_id":61840377,"user_id":7710345}]}'),
		);
		expect(body).toBe('{"data":[{"id":"10000001","webhook_hook_id":10000001,"user_id":1000002}]}');
		expect(sanitizer.url('/rest/v2.0/companies/7710345/webhooks/hooks/61840377?page=2')).toBe(
			'/rest/v2.0/companies/1000002/webhooks/hooks/10000001?page=2',
		);
	});

	test('keeps the form of what it replaces', () => {
		const sanitizer = new Sanitizer();
		const body = {
			id: '01EDPD2J6SBY1163N77H95GW09',
			timestamp: '2026-11-17T15:42:09.123456Z',
			destination_headers: { Authorization: '*****k9Qz7' },
			destination_url: 'https://flows.larkspur.example:5678/webhook/5d0c/procore',
			login: 'dana@larkspur.example',
			name: 'Harbour Street Clinic',
			project_id: null,
			status: 'active',
			payload_version: 'v4.0',
		};
		expect(sanitizer.body(JSON.stringify(body))).toEqual({
			id: '01000000000000000000000001',
			timestamp: '2026-01-02T03:04:05.000000Z',
			destination_headers: { Authorization: '*****xxxxx' },
			destination_url: expect.stringMatching(
				/^https:\/\/host-1\.example:8443\/webhook\/[\w-]+\/procore$/,
			),
			login: 'person-1@mail.example',
			name: 'name-1',
			project_id: null,
			status: 'active',
			payload_version: 'v4.0',
		});
	});

	test.each([
		['{"errors":{"namespace":["has already been taken"]}}', 'has already been taken'],
		[
			'{"errors":["App is not connected to this company."]}',
			'App is not connected to this company.',
		],
		['{"error":{"code":"BAD_REQUEST","message":"It already exists"}}', 'It already exists'],
	])('keeps what an error of Procore says: %s', (body, sentence) => {
		expect(String(stringify(new Sanitizer().body(body)))).toContain(sentence);
	});

	test('keeps the headers that tell about limits and pages, and the program that sends events', () => {
		const headers = {
			'X-Rate-Limit-Remaining': '24',
			'X-Rate-Limit-Reset': '1764230400',
			Link: '<https://api.procore.com/rest/v2.0/companies/4501177/webhooks/resources?page=2>; rel="next"',
			'User-Agent': 'Faraday v2.7.4',
			'Content-Type': 'application/json; charset=utf-8',
		};
		expect(new Sanitizer().headers(headers)).toEqual({
			'x-rate-limit-remaining': '24',
			'x-rate-limit-reset': '##########',
			link: '<https://api.procore.com/rest/v2.0/companies/1000001/webhooks/resources?page=2>; rel="next"',
			'user-agent': 'Faraday v2.7.4',
			'content-type': 'application/json; charset=utf-8',
		});
	});

	test('keeps the paths of the records that the package reads, and replaces other long parts', () => {
		const asked = RECORD_PATHS.map((path) => path.replaceAll(/\{\w+\}/g, '4501177'));
		expect(asked.length).toBeGreaterThan(100);
		const sanitizer = new Sanitizer();
		const told = asked.map((path) => sanitizer.url(path));
		expect(told).toEqual(asked.map((path) => path.replaceAll('4501177', '1000001')));
		expect(sanitizer.url('/rest/v1.0/harbour_street_clinic_items')).not.toContain('harbour');
	});

	test('keeps the names of resources, and hides names of other things', () => {
		const sanitizer = new Sanitizer();
		expect(sanitizer.toolName('Purchase Order Contract Line Items')).toBe(
			'Purchase Order Contract Line Items',
		);
		expect(sanitizer.toolName('Asset Inspections')).toBe('Asset Inspections');
		expect(sanitizer.toolName('Harbour Street Clinic')).toBe('[text]');
	});
});
