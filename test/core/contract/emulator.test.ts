/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSUMPTIONS, type AssumptionId } from '../../contract/assumptions';
import { fixtureDifferences, readFixtures } from '../../contract/fixtures';
import { EVENT_METHOD } from '../../contract/forms';
import type { LiveCheckResult } from '../../contract/live-check';
import { exitCode } from '../../contract/report';
import { RewritingProxy, type Rewrite } from '../../contract/rewriting-proxy';
import { STEPS } from '../../contract/steps';
import { repositoryRoot } from '../../harness/paths';
import { COMPANY, ContractScene, PROJECT, RFI, contradicted, stateOf } from './scene';

const scene = new ContractScene();
beforeAll(async () => await scene.start());
beforeEach(async () => await scene.reset());
afterAll(async () => await scene.stop());

const HOOK_PATH = /\/webhooks\/hooks$/;
const BULK = /\/triggers\/bulk$/;

/** Other words, other statuses and other forms than the emulator has, and what each must contradict. */
const FAULTS: ReadonlyArray<[what: string, rewrite: Rewrite, id: AssumptionId]> = [
	[
		'a taken namespace is refused with other words',
		({ body }) => ({ body: body.replaceAll('has already been taken', 'is in use') }),
		'NAMESPACE-TAKEN-TEXT',
	],
	[
		'a taken namespace is a 409',
		({ body }) => (body.includes('has already been taken') ? { status: 409 } : undefined),
		'NAMESPACE-UNIQUE',
	],
	[
		'a trigger that is there already is refused with other words',
		({ body }) => ({ body: body.replaceAll('already exists', 'is a duplicate') }),
		'TRIGGER-DUPLICATE',
	],
	[
		'triggers come back in the past tense',
		({ body }) => ({ body: body.replaceAll('"event_type":"CREATE"', '"event_type":"CREATED"') }),
		'EVENT-TYPE-UPPERCASE',
	],
	[
		'a new hook has an empty list of deliveries on v2.0',
		({ path, status }) =>
			/v2\.0.*\/deliveries/.test(path) && status === 404
				? { status: 200, body: '{"data":[]}' }
				: undefined,
		'DELIVERIES-404-EMPTY',
	],
	[
		'a bulk call of which nothing is accepted is a 400',
		({ method, path, sent, status }) =>
			method === 'POST' && BULK.test(path) && status === 207 && !sent.includes('},{')
				? { status: 400, body: '{"errors":["None"]}' }
				: undefined,
		'BULK-ALL-REFUSED',
	],
	[
		'a bulk call takes more than 500 entries',
		({ status }) => (status === 413 ? { status: 207, body: '{"data":[]}' } : undefined),
		'BULK-LIMIT',
	],
	[
		'company hooks are listed without a namespace',
		({ method, path, status }) =>
			method === 'GET' && /companies\/\d+\/webhooks\/hooks$/.test(path) && status === 400
				? { status: 200, body: '{"data":[]}' }
				: undefined,
		'V2-COMPANY-NAMESPACE',
	],
	[
		'/me has no login',
		({ path, body }) =>
			path.startsWith('/rest/v1.0/me')
				? { body: body.replace('"login"', '"user_name"') }
				: undefined,
		'ME-FORM',
	],
	[
		'an unknown hook is a 403',
		({ path, status }) =>
			/\/hooks\/1$/.test(path) && status === 404 ? { status: 403 } : undefined,
		'ERROR-404-INVISIBLE',
	],
	[
		'a missing company header is a 403',
		({ status, body }) =>
			status === 400 && body.includes('Missing Procore-Company-Id') ? { status: 403 } : undefined,
		'COMPANY-HEADER-MISSING',
	],
	[
		'an http destination is refused with a 422',
		({ method, path, sent, status }) =>
			method === 'POST' && HOOK_PATH.test(path) && sent.includes('"http://') && status === 400
				? { status: 422 }
				: undefined,
		'DESTINATION-HTTPS',
	],
	[
		'payload versions come back in another spelling',
		({ body }) => ({ body: body.replaceAll('"payload_version":"v2"', '"payload_version":"v2.0"') }),
		'PAYLOAD-VERSION-SPELLING',
	],
	[
		'answers have no rate limit headers',
		({ headers }) => ({
			headers: Object.fromEntries(
				Object.entries(headers).filter(([name]) => !name.startsWith('x-rate-limit')),
			),
		}),
		'RATE-HEADERS',
	],
	[
		'an invalid token is answered with a page',
		({ status }) => (status === 401 ? { body: '<html>Log in</html>' } : undefined),
		'ERROR-401-BODY',
	],
];

/** An answer with rows, to a request for one that is gone. */
const withRow: Rewrite = ({ method, path, status }) =>
	method === 'GET' && /\/hooks\/\d+\/triggers\b/.test(path) && status === 404
		? { status: 200, body: path.includes('v2.0') ? '{"data":[{"id":"5"}]}' : '[{"id":5}]' }
		: undefined;

/** The same, for which one step is enough. */
const FAULTS_OF_STEPS: ReadonlyArray<
	[what: string, step: string, rewrite: Rewrite, id: AssumptionId]
> = [
	[
		'pages of 1000 companies are refused',
		'account',
		({ path }) => (path.includes('per_page=1000') ? { status: 400 } : undefined),
		'V1-PAGE-SIZE',
	],
	[
		'a page of projects can be longer',
		'projects',
		({ path, headers }) =>
			path.includes('per_page=301') ? { headers: { ...headers, 'per-page': '301' } } : undefined,
		'PROJECTS-PAGE',
	],
	[
		'projects have no number',
		'projects',
		({ path, body }) =>
			path.startsWith('/rest/v1.1/projects')
				? { body: body.replaceAll('"project_number"', '"number"') }
				: undefined,
		'PROJECTS-COMPACT',
	],
	['the triggers of a deleted hook stay', 'deletions-of-hooks', withRow, 'HOOK-DELETE'],
	[
		'an update of a hook takes its triggers away',
		'changes-of-hooks',
		({ method, path }) =>
			method === 'GET' && /\/triggers\b/.test(path)
				? { body: path.includes('v2.0') ? '{"data":[]}' : '[]' }
				: undefined,
		'HOOK-PATCH-PARTIAL',
	],
	[
		'v1.0 lists resources in an envelope',
		'forms-v1',
		({ path, body }) =>
			path.startsWith('/rest/v1.0/webhooks/resources') ? { body: `{"data":${body}}` } : undefined,
		'V1-FORMS',
	],
	[
		'v1.0 does not list the hooks of v2.0',
		'forms-v1',
		({ path, body }) =>
			path.startsWith('/rest/v1.0/webhooks/hooks?') && !body.includes('"api_version":"v2"')
				? { body: '[]' }
				: undefined,
		'V1-HOOKS-IN-V2',
	],
	[
		'the API layer cannot read what v2.0 answers to an update',
		'api-v2',
		({ method, body }) =>
			method === 'PATCH' ? { body: body.replace('"data"', '"hook"') } : undefined,
		'V2-FORMS',
	],
	[
		'the API layer cannot read what v1.0 answers to a deletion in bulk',
		'api-v1',
		({ method, path }) =>
			method === 'DELETE' && BULK.test(path) ? { body: '{"removed":[]}' } : undefined,
		'V1-FORMS',
	],
	[
		'the API layer cannot read a project',
		'api-directory',
		({ path, body }) =>
			/^\/rest\/v1\.0\/projects\/\d+\?/.test(path) ? { body: `{"data":${body}}` } : undefined,
		'PROJECT-FORM',
	],
	[
		'a list of records was removed',
		'records',
		({ path }) =>
			path.includes('/drawing_sets')
				? { status: 404, body: '{"errors":["Not found"]}' }
				: undefined,
		'RECORD-PATHS',
	],
	[
		'a bulk call takes fewer than 500 entries',
		'triggers-in-bulk',
		({ sent }) =>
			sent.split('},{').length === 500
				? { status: 413, body: '{"errors":["Too many"]}' }
				: undefined,
		'BULK-LIMIT',
	],
];

/** What was said about each assumption by a run that confirmed them all. */
const confirmedNotes = new Map<string, string>();

describe('the live check, against the emulator', () => {
	test('confirms every assumption that it can test, and leaves nothing behind', async () => {
		const saved = join(scene.folder, 'fixtures');
		const result = await scene.check({ isWhole: true, fixtures: saved });
		const { report, leftOver } = result;
		const open = report.verdicts.filter(({ id, state }) => {
			const isTestable = ASSUMPTIONS.find((each) => each.id === id)?.check.possible === true;
			// It can only be tested once v1.0 is gone.
			return isTestable && state !== 'confirmed' && id !== 'V1-GONE-404';
		});
		expect(open).toEqual([]);
		for (const { id, note } of report.verdicts) confirmedNotes.set(id, note);
		expect(leftOver).toEqual([]);
		expect(report.notes.join('\n')).toMatch(
			/RECORD-PATHS was not tested for these, because their paths need an id.*RFQ Quotes/,
		);
		expect(exitCode(result)).toBe(0);
		expect((await scene.control.state()).hooks).toEqual([]);
		const fixtures = readFixtures(join(repositoryRoot, 'test', 'fixtures', 'live'));
		expect(fixtureDifferences(fixtures, report.endpoints)).toEqual([]);
		const events = report.endpoints.filter(({ method }) => method === EVENT_METHOD);
		expect([...new Set(events.map(({ path }) => path))].sort()).toEqual(['v2.0', 'v3.0', 'v4.0']);
		const forms = events.map(({ form }) => form).join('\n');
		expect(forms).toMatch(/metadata: \{.*related_resources: /);
		expect(forms).toMatch(/resource_type: string/);
		const told = report.endpoints.map(({ method, path, status }) => `${method} ${path} ${status}`);
		expect(told).toEqual(
			expect.arrayContaining(['POST /oauth/token 200', 'POST /oauth/token 401']),
		);
		expect(told.join('\n')).toMatch(/^GET \/rest\/v1\.0\/projects\/\{id\}\/rfis\/[^/\n]+ 30\d$/m);
		expect(told.join('\n')).toMatch(/^GET https?:\/\/host-\d+\.example:8443\/\S+ 20\d$/m);
		const own = readFixtures(saved);
		expect(own.filter(({ method }) => method === EVENT_METHOD)).toHaveLength(events.length);
		expect(own.length).toBe(report.endpoints.length);
		expect(fixtureDifferences(own, report.endpoints)).toEqual([]);
	});

	test('writes reports that contain nothing of the account', async () => {
		await scene.check({
			isWhole: true,
			only: ['account', 'projects', 'forms-v2', 'taken-namespaces', 'event'],
		});
		const { companies, clientId, clientSecret, webUser } = await scene.control.seed();
		const secrets = [clientId, clientSecret, webUser.login, COMPANY, PROJECT, '338821'];
		const names = companies.flatMap(({ name, projects }) => [
			name,
			...projects.map((each) => each.name),
		]);
		for (const file of ['contract-report.md', 'contract-report.json']) {
			const text = readFileSync(join(scene.folder, file), 'utf8');
			expect(text).toContain('NAMESPACE-UNIQUE');
			for (const secret of [...secrets, ...names]) expect(text).not.toContain(secret);
		}
		const page = readFileSync(join(scene.folder, 'contract-report.md'), 'utf8');
		expect(page).toContain('`/rest/v2.0/companies/{id}/projects/{id}/webhooks/hooks`');
	});

	describe('with a fault', () => {
		let proxy: RewritingProxy;
		beforeAll(async () => {
			proxy = await RewritingProxy.start(scene.control.url);
		});
		afterAll(async () => await proxy.stop());

		test.each(FAULTS)('finds that %s, and nothing else', async (_what, rewrite, id) => {
			proxy.rewrite = rewrite;
			const result = await scene.check({ url: proxy.url });
			expect(contradicted(result)).toEqual([id]);
			const found = result.report.verdicts.find((verdict) => verdict.id === id);
			expect(found?.note).not.toBe(confirmedNotes.get(id));
			expect(exitCode(result)).toBe(1);
			expect((await scene.control.state()).hooks).toEqual([]);
		});

		test.each(FAULTS_OF_STEPS)(
			'finds that %s, in the step %s',
			async (_what, step, rewrite, id) => {
				proxy.rewrite = rewrite;
				const result = await scene.check({ url: proxy.url, only: [step] });
				expect(contradicted(result)).toEqual([id]);
				const found = result.report.verdicts.find((verdict) => verdict.id === id);
				expect(found?.note).not.toBe(confirmedNotes.get(id));
			},
		);

		test('finds that v1.0 does not filter by failing, and nothing else', async () => {
			proxy.rewrite = ({ path }) =>
				decodeURIComponent(path).includes('[status]=failing') ? { body: '[]' } : undefined;
			const result = await scene.check({
				url: proxy.url,
				isWhole: true,
				only: ['deliveries-v1'],
			});
			expect(contradicted(result)).toEqual(['V1-DELIVERIES-ROWS']);
		});

		test('finds that a delivery does not tell what was answered, and nothing else', async () => {
			proxy.rewrite = ({ path, body }) =>
				path.includes('/deliveries')
					? { body: body.replaceAll(/"response_body":"[^"]*"/g, '"response_body":null') }
					: undefined;
			const result = await scene.check({ url: proxy.url, isWhole: true, only: ['accepted'] });
			expect(contradicted(result)).toEqual(['DELIVERY-ANSWER']);
			expect(exitCode(result)).toBe(1);
		});

		test('finds that pages are shorter, and nothing else', async () => {
			const effect = { kind: 'capPages', rows: 5 } as const;
			await scene.control.addFault({ path: 'webhooks/resources', times: 0, effect });
			const result = await scene.check();
			expect(contradicted(result)).toEqual(['V2-PAGE-SIZE']);
			expect(exitCode(result)).toBe(1);
		});
	});

	test.each([
		[404, ['V1-STILL-ANSWERS']],
		[410, ['V1-GONE-404', 'V1-STILL-ANSWERS']],
	] as const)('finds that v1.0 is gone (%d), and checks the rest on v2.0', async (status, ids) => {
		await scene.control.setV1Removed(status);
		const result = await scene.check({ only: ['taken-namespaces', 'lists-of-hooks-v1'] });
		expect(contradicted(result)).toEqual([...ids]);
		expect(stateOf(result, 'NAMESPACE-UNIQUE')).toBe('confirmed');
		expect(stateOf(result, 'V1-GONE-404')).toBe(status === 404 ? 'confirmed' : 'contradicted');
		expect(stateOf(result, 'V1-EVERY-NAMESPACE')).toBe('notTestable');
	});

	test('shows each step with the number of requests so far', async () => {
		const lines: string[] = [];
		const { report } = await scene.check({
			only: ['refusals', 'projects'],
			print: (line) => lines.push(line),
		});
		const shown = lines.map((line) => {
			const [, number, of, title, count] =
				/^\[ ?(\d+)\/(\d+)\] (.+) \((\d+) requests so far\)$/.exec(line) ?? [];
			return { number: Number(number), of: Number(of), title, count: Number(count) };
		});
		expect(shown.map(({ title }) => title)).toEqual(
			expect.arrayContaining(['what Procore refuses, and how', 'lists of projects']),
		);
		expect(shown.map(({ number }) => number)).toEqual(lines.map((_line, index) => index + 1));
		expect(new Set(shown.map(({ of }) => of))).toEqual(new Set([lines.length]));
		const [generations, refusals, projects] = shown.map(({ count }) => count);
		expect(generations).toBeGreaterThan(0);
		expect(refusals).toBeGreaterThan(generations ?? 0);
		expect(projects).toBeGreaterThan(refusals ?? 0);
		expect(shown.at(-1)?.count).toBe(report.requests);
	});

	test('keeps inside the rate limit', async () => {
		await scene.control.setRateLimit({ limit: 5, windowSeconds: 2 });
		const result = await scene.check({ only: ['taken-namespaces', 'refusals'] });
		await scene.control.setRateLimit(null);
		expect(contradicted(result)).toEqual([]);
		expect(result.report.requests).toBeGreaterThan(10);
		const refused = (await scene.control.requests()).filter(({ status }) => status === 429);
		expect(refused.length).toBeLessThanOrEqual(1);
	});

	test('reports after being resumed what one run reports', async () => {
		const only = ['refusals', 'bad-values', 'projects'];
		// The first step is repeated, so numbers of requests and ids differ.
		const told = ({ report }: LiveCheckResult) =>
			[
				...report.verdicts.map(({ id, state, note }) => `${id} ${state} ${note}`),
				...report.endpoints.map(({ method, path, status }) => `${method} ${path} ${status}`),
				...report.errors.map(({ status, body }) => `${status} ${JSON.stringify(body)}`),
				...report.notes,
			].map((line) => line.replaceAll(/\d+/g, 'n'));
		const whole = await scene.check({ only });
		let interrupt = () => undefined as void;
		const first = await scene.check({
			only,
			onStart: (stop) => (interrupt = stop),
			print: (line) => (line.includes('what Procore refuses') ? interrupt() : undefined),
		});
		expect(first.isInterrupted).toBe(true);
		expect(told(first)).not.toEqual(told(whole));
		const kept = readFileSync(join(scene.folder, '.contract-run', 'found.json'), 'utf8');
		for (const id of [COMPANY, PROJECT]) expect(kept).not.toContain(id);
		const second = await scene.check({ only, resume: true });
		expect(told(second)).toEqual(told(whole));
		expect(second.report.requests).toBeGreaterThan(first.report.requests);
	});

	test('deletes what it made when it is interrupted, and can be resumed', async () => {
		const held = scene.control.addFault({
			method: 'POST',
			path: 'triggers',
			effect: { kind: 'delay', ms: 300 },
		});
		await held;
		let interrupt = () => undefined as void;
		const running = scene.check({
			only: ['forms-v2', 'triggers'],
			onStart: (stop) => (interrupt = stop),
		});
		while (!(await scene.control.requests()).some(({ path }) => path.includes('/triggers')))
			continue;
		interrupt();
		const first = await running;
		expect(first.isInterrupted).toBe(true);
		expect((await scene.control.state()).hooks).toEqual([]);
		await scene.control.clearRequests();
		const second = await scene.check({ only: ['forms-v2', 'triggers'], resume: true });
		const states = new Map(second.report.verdicts.map(({ id, state }) => [id, state]));
		expect([states.get('V2-FORMS'), states.get('TRIGGER-DUPLICATE')]).toEqual([
			'confirmed',
			'confirmed',
		]);
		expect(contradicted(second)).toEqual([]);
	});
});

describe('the live check, with a record that a person changes', () => {
	const byHand = () => ({ ...scene.env(true), changePath: '' });

	const hasDelivered = async () =>
		(await scene.control.state()).deliveries.every(({ status }) => status === 'delivered');

	test('asks for every change, and checks what depends on neither who made it nor when', async () => {
		const asked: string[] = [];
		const result = await scene.check({
			isWhole: true,
			env: byHand(),
			only: ['event', 'order', 'retries'],
			askForChange: async (resourceName) => {
				asked.push(resourceName);
				const isSecondOfRetries = asked.length === 5;
				// A person can take longer than the retries.
				while (isSecondOfRetries && !(await hasDelivered())) continue;
				const where = { companyId: COMPANY, projectId: PROJECT, resourceName, resourceId: RFI };
				await scene.control.change({ ...where, eventType: 'update' });
			},
		});
		expect(asked).toEqual(Array.from({ length: 5 }, () => 'RFIs'));
		expect(result.endedEarly).toEqual([]);
		expect(contradicted(result)).toEqual([]);
		expect(result.report.lacked).toEqual([]);
		for (const id of ['PAYLOAD-V2-FIELDS', 'V4-ID-IS-ULID', 'RECORD-PATHS', 'ULID-SORTS'] as const)
			expect([id, stateOf(result, id)]).toEqual([id, 'confirmed']);
		const untold = result.report.verdicts.filter(
			({ note }) => note === 'A person made the change.',
		);
		expect(untold.map(({ id }) => id)).toEqual(['METADATA-APPLICATION', 'EVENT-USER']);
		expect(stateOf(result, 'RETRY-FIRST')).toBe('confirmed');
		expect(result.report.verdicts.find(({ id }) => id === 'QUEUE-WAITS')).toMatchObject({
			state: 'notTestable',
			note: 'The second change was made after the last retry.',
		});
	});

	test('skips what needs a change if nobody is there', async () => {
		const lines: string[] = [];
		const result = await scene.check({
			isWhole: true,
			env: byHand(),
			only: ['order'],
			print: (line) => lines.push(line),
		});
		expect(result.report.lacked).toEqual(['a record to change (PROCORE_CHANGE_PATH)']);
		expect(lines.join('\n')).toContain('skipped without a record to change');
		expect(stateOf(result, 'ULID-SORTS')).toBe('notTestable');
		expect(exitCode(result)).toBe(0);
	});
});

describe('the steps of the live check', () => {
	test('check every assumption that can be tested, and no other', () => {
		const checked = new Set(STEPS.flatMap(({ checks }) => checks));
		const testable = ASSUMPTIONS.filter(({ check }) => check.possible).map(({ id }) => id);
		expect([...checked].sort()).toEqual([...testable].sort());
	});

	test('have different names', () => {
		const names = STEPS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});
