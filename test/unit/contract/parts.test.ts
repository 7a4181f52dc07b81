/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { parse } from 'lossless-json';

import { assumption } from '../../contract/assumptions';
import { differences, fixtureDifferences } from '../../contract/fixtures';
import { formOf } from '../../contract/forms';
import { Journal, PREFIX } from '../../contract/journal';
import { liveEnvOf, parseEnv } from '../../contract/live-env';
import { askOnTerminal, changeRequests, confirmProduction } from '../../contract/prompt';
import { markdownReport, terminalTable, type Report } from '../../contract/report';
import { Verdicts } from '../../contract/verdicts';
import { repositoryRoot } from '../../harness/paths';

const CONTRACT = join(repositoryRoot, 'test', 'contract');

const ENV = `
# a comment
PROCORE_CLIENT_ID = abc
PROCORE_CLIENT_SECRET="d e f"
PROCORE_COMPANY_ID=4501177
PROCORE_PROJECT_ID=902214
`;

describe('the env file', () => {
	test('is read with defaults for a developer sandbox', () => {
		expect(liveEnvOf(parseEnv(ENV))).toMatchObject({
			environment: 'sandbox',
			apiUrl: 'https://sandbox.procore.com',
			loginUrl: 'https://login-sandbox.procore.com',
			clientId: 'abc',
			clientSecret: 'd e f',
			grants: ['clientCredentials'],
			publicUrl: '',
			waitSeconds: 120,
		});
	});

	test('that lacks something is refused with everything that it lacks', () => {
		const read = () =>
			liveEnvOf(
				parseEnv('PROCORE_COMPANY_ID=a b\nPROCORE_GRANTS=password\nPROCORE_ENVIRONMENT=moon'),
			);
		expect(read).toThrow(/PROCORE_CLIENT_ID is empty/);
		expect(read).toThrow(/PROCORE_PROJECT_ID is empty/);
		expect(read).toThrow(/PROCORE_GRANTS takes/);
		expect(read).toThrow(/"a b" is not a valid Procore ID/);
		expect(read).toThrow(/PROCORE_API_URL/);
	});
});

describe('the template of the env file', () => {
	test('has every value that a run reads, and no other', () => {
		const template = readFileSync(join(CONTRACT, 'live.env.example'), 'utf8');
		const source = readFileSync(join(CONTRACT, 'live-env.ts'), 'utf8');
		const read = [...source.matchAll(/(?:text|required|port|id)\('([A-Z_]+)'/g)].map(
			([, name]) => `PROCORE_${name}`,
		);
		const urls = ['PROCORE_LOGIN_URL', 'PROCORE_API_URL'];
		expect([...parseEnv(template).keys()].sort()).toEqual([...new Set([...read, ...urls])].sort());
	});

	test('is ignored by git once it is filled in, like everything that a run writes', () => {
		const ignored = readFileSync(join(repositoryRoot, '.gitignore'), 'utf8').split('\n');
		expect(ignored).toEqual(
			expect.arrayContaining([
				...['live.env', '.contract-run', 'contract-report.md', 'contract-report.json'],
			]),
		);
	});
});

test('the responses that a run saves pass every part of npm run lint', () => {
	for (const file of ['.prettierignore', 'lint/cspell.json', 'lint/textlintignore'])
		expect(readFileSync(join(repositoryRoot, file), 'utf8')).toContain('test/fixtures');
});

describe('a run in production', () => {
	const env = liveEnvOf(parseEnv(`${ENV}PROCORE_ENVIRONMENT=production`));
	const typing = (text: string) => jest.fn(async () => await Promise.resolve(text));

	test('begins if the option is there and the company ID is typed', async () => {
		const ask = typing(' 4501177 ');
		await confirmProduction(env, true, ask);
		expect(ask).toHaveBeenCalledTimes(1);
	});

	test.each([
		['no option', false, '4501177', /Add --production/],
		['another ID', true, '902214', /not the company ID/],
		['nothing typed', true, '', /not the company ID/],
	])('does not begin with %s', async (_what, isAllowed, typed, message) => {
		await expect(confirmProduction(env, isAllowed, typing(typed))).rejects.toThrow(message);
	});

	test('is not confirmed for a sandbox', async () => {
		const ask = typing('');
		await confirmProduction(liveEnvOf(parseEnv(ENV)), false, ask);
		expect(ask).not.toHaveBeenCalled();
	});
});

describe('a person at the terminal', () => {
	test('is asked for each change of the record, with its number', async () => {
		const asked: string[] = [];
		const askForChange = changeRequests({ isTTY: true }, async (question) => {
			asked.push(question);
			return await Promise.resolve('');
		});
		await askForChange?.('RFIs');
		await askForChange?.('Submittals');
		expect(asked).toEqual([
			expect.stringMatching(/^Change 1: edit a record of RFIs .* press Enter: $/),
			expect.stringMatching(/^Change 2: edit a record of Submittals /),
		]);
	});

	test('is not asked if nobody is there, as in a CI job', () => {
		expect(changeRequests({})).toBeUndefined();
		expect(changeRequests({ isTTY: false })).toBeUndefined();
	});

	test('answers by typing a line, and with nothing at the end of the input', async () => {
		const [input, output] = [new PassThrough(), new PassThrough()];
		const typed = askOnTerminal('Type: ', { input, output });
		input.write('4501177\n');
		expect(await typed).toBe('4501177');
		expect(String(output.read())).toContain('Type: ');
		const closed = askOnTerminal('Type: ', { input: new PassThrough().end(), output });
		expect(await closed).toBe('');
	});
});

describe('verdicts', () => {
	const stateOf = (verdicts: Verdicts) =>
		verdicts.all().find(({ id }) => id === 'BULK-LIMIT')?.state;

	test('are contradictions as soon as one observation contradicts', () => {
		const verdicts = new Verdicts();
		expect(stateOf(verdicts)).toBe('notTestable');
		verdicts.add('BULK-LIMIT', { state: 'notTestable', note: 'Not yet.' });
		verdicts.add('BULK-LIMIT', { state: 'confirmed', note: 'status 413' });
		expect(stateOf(verdicts)).toBe('confirmed');
		verdicts.add('BULK-LIMIT', { state: 'contradicted', note: 'status 207' });
		verdicts.add('BULK-LIMIT', { state: 'confirmed', note: 'status 413' });
		expect(stateOf(verdicts)).toBe('contradicted');
	});

	test('survive being stored and restored', () => {
		const [first, second] = [new Verdicts(), new Verdicts()];
		first.add('BULK-LIMIT', { state: 'confirmed', note: 'status 413' });
		second.restore(JSON.parse(JSON.stringify({ ...first.toJson(), UNKNOWN: [] })));
		expect(second.all()).toEqual(first.all());
	});
});

describe('the journal', () => {
	let folder = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'procore-journal-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const open = { version: 'v2.0', scope: 'project', namespace: `${PREFIX}abc` } as const;

	test('keeps a namespace until as many hooks are deleted as were created', () => {
		const file = join(folder, 'deep', 'journal.json');
		const journal = new Journal(file, 'here');
		journal.begin(open);
		journal.begin(open);
		journal.end(open);
		expect(new Journal(file, 'here').open).toEqual([open]);
		journal.end(open);
		expect(new Journal(file, 'here').open).toEqual([]);
	});

	test('of another account is not used', () => {
		const file = join(folder, 'journal.json');
		new Journal(file, 'here').begin(open);
		expect(() => new Journal(file, 'there')).toThrow(/is about another account/);
	});

	test('never names a namespace that is not one of the check', () => {
		const file = join(folder, 'journal.json');
		new Journal(file, 'here').begin({ ...open, namespace: 'erp-sync' });
		expect(new Journal(file, 'here').open).toEqual([]);
	});
});

describe('forms', () => {
	test('tell the kinds of fields, and integers from other numbers', () => {
		const body = parse('{"data":[{"id":"1","count":2},{"id":"2","count":2.5}],"next":null}');
		expect(formOf(body)).toBe(
			'{data: [{id: string, count: integer} | {id: string, count: number}], next: null}',
		);
		expect(formOf('')).toBe('nothing');
	});

	test('of the emulator differ where Procore lacks a field or has another kind', () => {
		const real = parse('{"data":[{"id":"1","name":"a","extra":1}],"total":1}');
		const emulated = parse('{"data":[{"id":1,"name":null,"own":true}],"total":2}');
		expect(differences(real, emulated)).toEqual([
			'body.data[0].id is string in Procore, and number in the emulator',
			'body.data[0].own is only in the emulator',
		]);
	});

	describe('of saved responses', () => {
		const fixture = {
			file: 'a.json',
			method: 'GET',
			path: '/rest/{id}',
			status: 200,
			body: parse('{"id":"1"}'),
		};
		const sample = { headers: {}, body: parse('{"id":1}') };
		const endpoint = { method: 'GET', path: '/rest/{id}', status: 200, count: 1, form: '', sample };

		test('are compared with those of the emulator to the same request', () => {
			expect(fixtureDifferences([fixture], [endpoint])).toHaveLength(1);
			expect(fixtureDifferences([fixture], [{ ...endpoint, method: 'POST' }])).toEqual([]);
		});

		test('differ if the emulator never answers with their status', () => {
			const conflict = { ...fixture, status: 409 };
			expect(fixtureDifferences([conflict], [{ ...endpoint, status: 400 }, endpoint])).toEqual([
				'a.json: the emulator never answers 409 here, but 400 and 200',
			]);
		});

		test('do not differ if their status is one of the account, or the emulator lacks the endpoint', () => {
			expect(fixtureDifferences([{ ...fixture, status: 403 }], [endpoint])).toEqual([]);
			expect(fixtureDifferences([fixture], [{ ...endpoint, status: 404 }])).toEqual([]);
		});
	});
});

describe('the report', () => {
	const verdicts = new Verdicts();
	verdicts.add('BULK-LIMIT', {
		state: 'contradicted',
		note: '501 entries: status 207',
		response: { status: 207, body: { data: [] } },
	});
	const report: Report = {
		day: '2026-11-27',
		environment: 'sandbox',
		requests: 7,
		lacked: ['a public address (PROCORE_PUBLIC_URL)'],
		verdicts: verdicts.all(),
		endpoints: [],
		errors: [{ status: 422, count: 2, body: { errors: { status: ['is not a status'] } } }],
		notes: ['Only v4.0 has: nothing.'],
	};

	test('ends with contradictions on the terminal, with what they mean', () => {
		const { assumes, ifWrong } = assumption('BULK-LIMIT');
		const [found, assumed, meant, , numbers, more] = terminalTable(report).split('\n').slice(-6);
		expect(found).toMatch(/^CONTRADICTED {2}BULK-LIMIT +501 entries: status 207$/);
		expect(assumed?.trim()).toBe(`assumed: ${assumes}`);
		expect(meant?.trim()).toBe(`so: ${ifWrong}`);
		expect(numbers).toContain('1 contradicted');
		expect(more).toBe(
			'With what it lacked, a run tests more: a public address (PROCORE_PUBLIC_URL).',
		);
	});

	test('tells on the terminal once why assumptions could not be tested', () => {
		const lines = terminalTable(report).split('\n');
		const unchecked = lines.filter((line) => line.endsWith('This run did not check it.'));
		expect(unchecked).toEqual([expect.stringMatching(/^not testable {2}\d{2,} assumptions /)]);
		expect(lines.join('\n')).toMatch(/^not testable {2}RETRY-GIVE-UP /m);
	});

	test('begins with what contradictions mean, and where the code depends on them', () => {
		const uses = new Map([['BULK-LIMIT', ['nodes/Procore/api/webhooks-api.ts']]]);
		const [, section = ''] = markdownReport(report, uses).split(/^## /m);
		const { ifWrong } = assumption('BULK-LIMIT');
		expect(section).toMatch(/^What is contradicted\n/);
		expect(section).toContain(`501 entries: status 207 | ${ifWrong} | \`nodes/Procore/api/`);
		const calm = { ...report, verdicts: new Verdicts().all() };
		expect(markdownReport(calm, uses)).not.toContain('What is contradicted');
	});

	test('names each assumption once, what came, and what the run lacked', () => {
		const page = markdownReport(report);
		expect(page).toContain('Without a public address (PROCORE_PUBLIC_URL).');
		expect(page).toContain('| 422 | 2 | `{"errors":{"status":["is not a status"]}}` |');
		expect(page).toContain('501 entries: status 207 `{"status":207,"body":{"data":[]}}`');
		expect(page.match(/^\| `RETRY-GIVE-UP` \| not testable \|/gm)).toHaveLength(1);
	});
});
