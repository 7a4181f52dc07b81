/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import type * as N8nWorkflow from 'n8n-workflow';

import type { Fault } from '../../emulator/control-client';
import { BRIEF_RETRIES, openProcore } from '../../nodes/Procore/api';
import { settleAll } from '../../nodes/Procore/api/concurrency';
import { COMPANY, EUROPE, useN8n, type Generation } from './harness';
import { DRAFT, IN_PROJECT, failureOf } from './support/webhooks-api';

/** Waits are recorded, and those before a retry are shortened; waits for a rate limit are not. */
const mockWaits: number[] = [];
let mockShorten = true;
jest.mock('n8n-workflow', () => {
	const actual = jest.requireActual<typeof N8nWorkflow>('n8n-workflow');
	return {
		...actual,
		sleep: async (milliseconds: number) => {
			mockWaits.push(milliseconds);
			await actual.sleep(mockShorten ? Math.min(milliseconds, 5) : milliseconds);
		},
	};
});

describe.each<Generation>(['v2.0', 'v1.0'])('the transport on %s', (version) => {
	const n8n = useN8n();
	beforeEach(async () => {
		mockWaits.length = 0;
		mockShorten = true;
		await n8n.connect({ version });
	});

	const open = async () => await openProcore(n8n.apiContext());
	const fault = async (effect: Fault['effect'], more: Partial<Fault> = {}) => {
		await n8n.control.addFault({ path: '^/rest', ...more, effect });
	};
	const list = async () => await (await open()).webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
	const create = async () => await (await open()).webhooks.createHook(IN_PROJECT, DRAFT);
	const hooks = async () => (await n8n.control.state()).hooks;
	const statuses = async () => (await n8n.requests()).map(({ status }) => status);
	/** The number of token requests. */
	const tokens = async () =>
		(await n8n.control.requests()).filter(({ path }) => path === '/oauth/token').length;

	describe('a deadline', () => {
		const listBy = async (deadline: number) =>
			await (
				await openProcore(n8n.apiContext(), { deadline })
			).webhooks.listHooks(IN_PROJECT, DRAFT.namespace);

		test('that has passed leaves one attempt to each request', async () => {
			await fault({ kind: 'status', status: 502 }, { times: 0 });
			await failureOf(listBy(Date.now() - 1));
			expect(await statuses()).toEqual([502]);
			await n8n.control.clearFaults();
			expect(await listBy(Date.now() - 1)).toEqual([]);
		});

		test('that is near allows no longer wait', async () => {
			await fault({ kind: 'status', status: 503, headers: { 'Retry-After': '20' } });
			const { message } = await failureOf(listBy(Date.now() + 10_000));
			expect(message).toContain('Try again in');
			expect(await statuses()).toEqual([503]);
		});

		test('that is far off changes nothing', async () => {
			await fault({ kind: 'status', status: 502 });
			expect(await listBy(Date.now() + 100_000)).toEqual([]);
			expect(await statuses()).toEqual([502, 200]);
		});
	});

	describe('tokens', () => {
		test('are fetched by a service account on first use and kept', async () => {
			await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
			await list();
			await list();
			expect([await tokens(), n8n.credential.renewals]).toEqual([1, 1]);
		});

		test.each(['authorizationCode', 'clientCredentials'] as const)(
			'that expire midway are renewed once, however many requests need them (%s)',
			async (grant) => {
				await n8n.connect({ version, grant, companyId: COMPANY });
				const { webhooks } = await open();
				await webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
				const before = await tokens();
				await n8n.control.expireTokens();
				const results = await settleAll(
					Array.from({ length: 12 }),
					12,
					async () => await webhooks.listHooks(IN_PROJECT, DRAFT.namespace),
				);
				expect(results.filter(({ ok }) => !ok)).toEqual([]);
				expect((await tokens()) - before).toBe(1);
			},
		);

		test('that have expired do not make a write happen twice', async () => {
			await n8n.control.expireTokens();
			await create();
			expect(await hooks()).toHaveLength(1);
			expect(await statuses()).toEqual([401, 201]);
		});

		test('that have expired are renewed on n8n 1.x too, and the response is read whatever it is', async () => {
			const context = n8n.apiContext();
			const { helpers } = context;
			const ask = helpers.httpRequestWithAuthentication;
			// It treats the exception as "ignore every status".
			helpers.httpRequestWithAuthentication = async function (type, options) {
				const ignoreHttpStatusErrors = Boolean(options.ignoreHttpStatusErrors);
				return await ask.call(this, type, { ...options, ignoreHttpStatusErrors });
			};
			const { webhooks } = await openProcore(context);
			await n8n.control.expireTokens();
			expect(await webhooks.listHooks(IN_PROJECT, DRAFT.namespace)).toEqual([]);
			await n8n.control.expireTokens();
			const failure = await failureOf(webhooks.updateHook(IN_PROJECT, '1', { status: 'active' }));
			expect(failure.outcome).toEqual({ kind: 'refused', status: 404 });
		});

		test('that were revoked require the credential to be connected again', async () => {
			await n8n.control.revokeGrants();
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'refused', status: 401 });
			expect(failure.message).toContain('list the hooks of project 902214');
			expect(failure.message).toContain('Open the Procore credential in n8n and connect it again');
			expect(await statuses()).toEqual([401]);
		});

		test('are rejected once for a wrong client secret, and the message names the credential', async () => {
			await n8n.connect({
				version,
				grant: 'clientCredentials',
				companyId: COMPANY,
				clientSecret: 'incorrect-Zq7',
			});
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'refused', status: 401 });
			expect(failure.message).toContain(
				'Client ID or Client Secret is wrong, or belongs to another environment. Correct them',
			);
			expect(failure.message).not.toContain('incorrect-Zq7');
			expect([await tokens(), await statuses()]).toEqual([1, []]);
		});

		test('require an account that was never connected to be connected', async () => {
			delete n8n.credential.stored.oauthTokenData;
			const failure = await failureOf(list());
			expect(failure.message).toContain('connect it again');
			expect(await statuses()).toEqual([]);
		});

		test.each<[string, Fault['effect']]>([
			['drops the connection', { kind: 'drop', when: 'before' }],
			['is not well', { kind: 'status', status: 503, body: 'Service Unavailable' }],
		])('let a read be retried if the token host %s once', async (_case, effect) => {
			await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
			await fault(effect, { path: '/oauth/token' });
			expect(await list()).toEqual([]);
			expect(await tokens()).toBe(2);
		});

		test('do not make the credential look wrong if the token host does not respond', async () => {
			await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
			await fault({ kind: 'drop', when: 'before' }, { path: '/oauth/token', times: 0 });
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'unknown', status: null });
			expect(failure.message).toContain('did not respond');
			expect(failure.message).not.toContain('connect it again');
		});
	});

	describe('requests without a clear response', () => {
		const EFFECTS: Array<[string, Fault['effect']]> = [
			[
				'502',
				{
					kind: 'status',
					status: 502,
					headers: { 'Content-Type': 'text/html' },
					body: '<h1>502 Bad Gateway</h1>',
				},
			],
			['504', { kind: 'status', status: 504 }],
			[
				'500',
				{
					kind: 'status',
					status: 500,
					body: { error: { code: 500, message: 'Internal Server Error' } },
				},
			],
			['408', { kind: 'status', status: 408 }],
			['a connection dropped before the work', { kind: 'drop', when: 'before' }],
			['a connection dropped after the work', { kind: 'drop', when: 'after' }],
		];

		test.each(EFFECTS)(
			'that fail with %s are retried after growing waits if they read',
			async (_case, effect) => {
				await fault(effect, { times: 2 });
				expect(await list()).toEqual([]);
				expect(await statuses()).toHaveLength(3);
				const [first = 0, second = 0] = mockWaits;
				expect(mockWaits).toHaveLength(2);
				expect(first).toBeGreaterThanOrEqual(500);
				expect(second).toBeGreaterThan(first);
				expect(second).toBeLessThan(2000);
			},
		);

		test.each(EFFECTS)(
			'that fail with %s are retried if the write is safe',
			async (_case, effect) => {
				const { webhooks } = await open();
				const { id } = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
				await fault(effect);
				await webhooks.updateHook(IN_PROJECT, id, { destination_url: 'https://b.example/x' });
				expect(await hooks()).toMatchObject([{ destinationUrl: 'https://b.example/x' }]);
				await fault(effect);
				await webhooks.deleteHook(IN_PROJECT, id);
				expect(await hooks()).toEqual([]);
			},
		);

		test.each(EFFECTS)(
			'that fail with %s are not retried if they create something',
			async (_case, effect) => {
				await fault(effect);
				const failure = await failureOf(create());
				expect(failure.outcome.kind).toBe('unknown');
				expect(await statuses()).toHaveLength(1);
				expect(await hooks()).toHaveLength(
					effect.kind === 'drop' && effect.when === 'after' ? 1 : 0,
				);
				expect(mockWaits).toEqual([]);
			},
		);

		test('are not retried if they add triggers', async () => {
			const { webhooks } = await open();
			const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
			const subscription = { resource_name: 'RFIs', event_type: 'create' };
			await n8n.requests();
			for (const add of [
				async () => await webhooks.createTrigger(IN_PROJECT, hook, subscription),
				async () => await webhooks.addTriggers(IN_PROJECT, hook, [subscription]),
			]) {
				await fault({ kind: 'status', status: 502 });
				expect((await failureOf(add())).outcome).toEqual({ kind: 'unknown', status: 502 });
				expect(await statuses()).toEqual([502]);
			}
		});

		test('are given up after a few attempts, with the last error', async () => {
			await fault({ kind: 'status', status: 502, body: '<h1>502 Bad Gateway</h1>' }, { times: 0 });
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'unknown', status: 502 });
			expect(failure.message).toBe(
				'Could not list the hooks of project 902214. Procore answered 502: 502 Bad Gateway. Try again in a few minutes.',
			);
			expect(await statuses()).toHaveLength(4);
		});

		test('name the host that does not respond at all', async () => {
			n8n.credential.stored.apiUrl = 'http://127.0.0.1:9';
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'unknown', status: null });
			expect(failure.message).toContain('Procore did not respond (ECONNREFUSED)');
			expect(failure.message).toContain('Environment in the credential');
		});
	});

	test.each([400, 403, 409, 413, 422])('does not retry after a clear %d', async (status) => {
		await fault({ kind: 'status', status, body: { errors: ['No'] } });
		const failure = await failureOf(list());
		expect(failure.outcome).toEqual({ kind: 'refused', status });
		expect(await statuses()).toEqual([status]);
		expect(mockWaits).toEqual([]);
	});

	describe('rate limits', () => {
		const busy = (status: number, headers: Record<string, string> = {}): Fault['effect'] => ({
			kind: 'status',
			status,
			headers,
			body: { error: 'Please wait until your limit resets.' },
		});

		test('waits until the reset after a 429, also for a creation', async () => {
			mockShorten = false;
			await fault({ kind: 'rateLimited', resetInSeconds: 1 });
			await create();
			expect(await hooks()).toHaveLength(1);
			expect(await statuses()).toEqual([429, 201]);
		});

		// In real time; both generations share the code, so one of them is enough.
		if (version === 'v1.0') return;

		test('delays all requests of the account, not only the one that met the limit', async () => {
			mockShorten = false;
			const { webhooks } = await open();
			await fault({ kind: 'rateLimited', resetInSeconds: 1 });
			const results = await settleAll(
				Array.from({ length: 20 }),
				5,
				async () => await webhooks.listHooks(IN_PROJECT, DRAFT.namespace),
			);
			expect(results.every(({ ok }) => ok)).toBe(true);
			// At most the five requests in progress reached the limit.
			expect((await statuses()).filter((status) => status === 429).length).toBeLessThanOrEqual(5);
		});

		test('stays below the limit: no request gets a 429', async () => {
			mockShorten = false;
			await n8n.control.setRateLimit({ limit: 10, windowSeconds: 1 });
			const { webhooks } = await open();
			const results = await settleAll(
				Array.from({ length: 15 }),
				5,
				async () => await webhooks.listHooks(IN_PROJECT, DRAFT.namespace),
			);
			expect(results.every(({ ok }) => ok)).toBe(true);
			const seen = await statuses();
			expect(seen).toHaveLength(15);
			expect(seen).not.toContain(429);
		});

		test.each([429, 503])('waits as told by Retry-After for a %d', async (status) => {
			mockShorten = false;
			await fault(busy(status, { 'Retry-After': '2' }));
			await list();
			expect(await statuses()).toEqual([status, 200]);
			// The requested time plus a margin; the first wait of a retry without a time is under a second.
			expect(Math.max(...mockWaits)).toBeGreaterThan(1000);
			expect(Math.max(...mockWaits)).toBeLessThanOrEqual(2300);
		});

		test('retries later if the response names no time', async () => {
			mockShorten = false;
			await fault(busy(503));
			await list();
			expect(await statuses()).toEqual([503, 200]);
			expect(Math.max(...mockWaits)).toBeGreaterThanOrEqual(500);
		});

		test('does not wait for an hour: the message says how long it would take', async () => {
			await fault(busy(429, { 'Retry-After': '3000' }));
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'refused', status: 429 });
			expect(failure.message).toContain('Try again in 3001 seconds');
			expect(await statuses()).toEqual([429]);
		});

		test('gives up after a few waits', async () => {
			mockShorten = false;
			await fault(busy(429, { 'Retry-After': '0' }), { times: 0 });
			const failure = await failureOf(list());
			expect(failure.outcome).toEqual({ kind: 'refused', status: 429 });
			const seen = await statuses();
			expect(seen.length).toBeGreaterThan(2);
			expect(seen.length).toBeLessThan(10);
		});
	});

	test.each(['another host', 'a page of its own'])(
		'does not follow a redirect to %s',
		async (to) => {
			const seen: Array<string | undefined> = [];
			const other = createServer((request, response) => {
				seen.push(request.headers.authorization);
				response.setHeader('Content-Type', 'application/json').end('[]');
			});
			await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
			const { port } = other.address() as AddressInfo;
			const elsewhere = { kind: 'redirect', to: `http://localhost:${port}/sign-in` } as const;
			for (const send of [list, create]) {
				await fault(to === 'another host' ? elsewhere : { kind: 'redirect' });
				const failure = await failureOf(send());
				expect(failure.outcome).toMatchObject({ kind: 'unknown', status: 302 });
				expect(failure.message).toMatch(
					to === 'another host'
						? /127\.0\.0\.1:\d+ answered 302 and redirects to localhost:\d+\./
						: /127\.0\.0\.1:\d+ answered 302 and redirects to 127\.0\.0\.1:\d+\./,
				);
				expect(await statuses()).toEqual([302]);
			}
			await new Promise((resolve) => other.close(resolve));
			expect(seen).toEqual([]);
			expect((await n8n.control.requests()).filter(({ path }) => path === '/sign-in')).toEqual([]);
		},
	);

	test.each(['clientCredentials', 'authorizationCode'] as const)(
		'shares the limit between what Procore limits together (%s)',
		async (grant) => {
			mockShorten = false;
			await n8n.connect({ version, grant, companyId: COMPANY });
			const { webhooks } = await open();
			await webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
			await n8n.requests();
			await fault({ kind: 'status', status: 429, headers: { 'Retry-After': '4' } });
			const held = webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
			await wait(300);
			await webhooks.listHooks({ kind: 'company', companyId: EUROPE }, DRAFT.namespace);
			await held;
			const asked = await n8n.requests();
			const timeOf = (found: (typeof asked)[number] | undefined) => Date.parse(found?.at ?? '');
			const refusedAt = timeOf(asked.find(({ status }) => status === 429));
			const elsewhereAt = timeOf(asked.find(({ companyHeader }) => companyHeader === EUROPE));
			const retriedAt = timeOf(
				asked.find(({ status, companyHeader }) => status === 200 && companyHeader === COMPANY),
			);
			if (grant === 'clientCredentials') expect(elsewhereAt).toBeLessThan(retriedAt);
			else expect(elsewhereAt - refusedAt).toBeGreaterThan(3900);
		},
	);

	describe('during the first safety check', () => {
		test("waits for Procore's 10-second limit", async () => {
			const { webhooks } = await openProcore(n8n.apiContext(), { retries: BRIEF_RETRIES });
			await fault({ kind: 'status', status: 429, headers: { 'Retry-After': '10' } });
			expect(await webhooks.listHooks(IN_PROJECT, DRAFT.namespace)).toEqual([]);
			expect(await statuses()).toEqual([429, 200]);
		});

		test('waits no longer than its deadline', async () => {
			const deadline = Date.now() + 5000;
			const { webhooks } = await openProcore(n8n.apiContext(), {
				retries: BRIEF_RETRIES,
				deadline,
			});
			await fault({ kind: 'status', status: 429, headers: { 'Retry-After': '10' } });
			await failureOf(webhooks.listHooks(IN_PROJECT, DRAFT.namespace));
			expect(await statuses()).toEqual([429]);
		});
	});

	describe('without a company', () => {
		test.each([400, 403, 404])('asks for the Company ID after a %d', async (status) => {
			await n8n.connect({ version, companyId: '' });
			await fault({ kind: 'status', status }, { times: 0 });
			const { directory } = await open();
			for (const read of [directory.companies(), directory.me('')]) {
				expect((await failureOf(read)).message).toContain('set Company ID in the credential');
			}
		});

		test('sends no header that names a company', async () => {
			await n8n.connect({ version, grant: 'clientCredentials', companyId: '' });
			const seen: unknown[] = [];
			const context = n8n.apiContext();
			const { httpRequestWithAuthentication } = context.helpers;
			context.helpers.httpRequestWithAuthentication = async function (name, options, more) {
				seen.push(options.headers);
				return await httpRequestWithAuthentication.call(this, name, options, more);
			};
			const { directory } = await openProcore(context);
			await failureOf(directory.companies());
			await failureOf(directory.me(''));
			expect(seen).toHaveLength(2);
			for (const headers of seen) expect(headers).not.toHaveProperty('Procore-Company-Id');
		});
	});

	describe('after a 503', () => {
		const busy = { kind: 'status', status: 503, headers: { 'Retry-After': '0' } } as const;

		test('does not send a creation again, and its response counts as lost', async () => {
			await fault(busy);
			const failure = await failureOf(create());
			expect(failure.outcome).toEqual({ kind: 'unknown', status: 503 });
			expect(await statuses()).toEqual([503]);
		});

		test('waits before it sends a read again', async () => {
			await fault(busy);
			expect(await list()).toEqual([]);
			expect(await statuses()).toEqual([503, 200]);
		});
	});
});
