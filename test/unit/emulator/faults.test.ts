import { COMPANY, PROJECT_WEBHOOKS, at, idAt, rows, useEmulator } from './support/api';
import { until } from './support/receiver';

/** The waits that the emulator requested, in milliseconds. None of them takes real time. */
const mockWaits: number[] = [];
/** What happens while the emulator waits. */
let mockDuringWait: () => Promise<void> = async () => {};
jest.mock('node:timers/promises', () => ({
	setTimeout: async (milliseconds: number) => {
		mockWaits.push(milliseconds);
		await mockDuringWait();
	},
}));

const NOW = Date.parse('2026-11-17T15:42:00Z');

const now = jest.spyOn(Date, 'now');
beforeEach(() => {
	mockWaits.length = 0;
	mockDuringWait = async () => {};
	now.mockReturnValue(NOW);
});
afterAll(() => now.mockRestore());

describe('faults', () => {
	const emulator = useEmulator();
	const hooks = `${PROJECT_WEBHOOKS}/hooks`;
	const users = `/rest/v1.0/companies/${COMPANY}/users`;
	const me = async () => (await emulator.api.get('/rest/v1.0/me')).status;
	const HOOK = {
		payload_version: 'v2.0',
		namespace: 'larkspur-test',
		destination_url: 'https://flows.larkspur.example/procore',
	};
	const hookCount = async () => (await emulator.control.state()).hooks.length;

	test('answer with a status, headers and a body, once unless told otherwise', async () => {
		await emulator.control.addFault({
			effect: {
				kind: 'status',
				status: 503,
				headers: { 'Retry-After': '30', 'Content-Type': 'text/html' },
				body: '<h1>busy</h1>',
			},
		});
		const answer = await emulator.api.get('/rest/v1.0/me');
		expect([answer.status, answer.text]).toEqual([503, '<h1>busy</h1>']);
		expect(answer.headers).toMatchObject({ 'retry-after': '30' });
		expect(answer.headers['content-type']).toMatch(/^text\/html/);
		expect(await me()).toBe(200);
	});

	test('match method, path and query, let some calls pass first, and last until cleared', async () => {
		await emulator.control.addFault({
			method: 'get',
			path: '/hooks\\?namespace=x$',
			after: 1,
			times: 0,
			effect: { kind: 'status', status: 500 },
		});
		const list = async (query: string) => (await emulator.api.get(hooks + query)).status;
		expect(await list('?namespace=y')).toBe(200);
		expect(await list('?namespace=x')).toBe(200);
		expect([await list('?namespace=x'), await list('?namespace=x')]).toEqual([500, 500]);
		expect((await emulator.api.post(`${hooks}?namespace=x`, HOOK)).status).toBe(201);
		await emulator.control.clearFaults();
		expect(await list('?namespace=x')).toBe(200);
	});

	test('answer with an HTML page or a redirect to a login page', async () => {
		await emulator.control.addFault({ effect: { kind: 'page', title: 'Maintenance' } });
		const page = await emulator.api.get('/rest/v1.0/me');
		expect([page.status, page.headers['content-type']]).toEqual([
			200,
			expect.stringMatching(/^text\/html/),
		]);
		expect(page.text).toContain('<title>Maintenance</title>');

		await emulator.control.addFault({ effect: { kind: 'redirect', to: 'http://127.0.0.1:1/x' } });
		const redirect = await emulator.api.get('/rest/v1.0/me');
		expect([redirect.status, redirect.headers.location]).toEqual([302, 'http://127.0.0.1:1/x']);
	});

	test('make lists fail above a page size and count no other call', async () => {
		await emulator.control.addFault({
			path: '/hooks',
			effect: { kind: 'pageTooLarge', above: 10, status: 408 },
		});
		const list = async (perPage: number) =>
			(await emulator.api.get(`${hooks}?namespace=x&per_page=${perPage}`)).status;
		expect([await list(10), await list(11), await list(11)]).toEqual([200, 408, 200]);
	});

	test('remove Webhooks API v1.0 until it is restored', async () => {
		const list = async () =>
			(await emulator.api.get(`/rest/v1.0/webhooks/hooks?company_id=${COMPANY}`)).status;
		await emulator.control.setV1Removed(410);
		expect([await list(), await me()]).toEqual([410, 200]);
		await emulator.control.setV1Removed(404);
		expect(await list()).toBe(404);
		await emulator.control.setV1Removed(null);
		expect(await list()).toBe(200);
	});

	test('are counted by `times`', async () => {
		await emulator.control.addFault({ times: 2, effect: { kind: 'status', status: 502 } });
		expect([await me(), await me(), await me()]).toEqual([502, 502, 200]);
	});

	test('match a grant at the token endpoint', async () => {
		const { clientId, clientSecret } = await emulator.control.seed();
		await emulator.control.addFault({
			grant: 'refresh_token',
			effect: { kind: 'status', status: 500 },
		});
		const { refreshToken } = await emulator.control.issueToken({ grant: 'authorizationCode' });
		const ask = async (fields: object) => {
			const client = { client_id: clientId, client_secret: clientSecret };
			return (await emulator.api.post('/oauth/token', { ...client, ...fields })).status;
		};
		expect(await ask({ grant_type: 'client_credentials' })).toBe(200);
		const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
		expect([await ask(refresh), await ask(refresh)]).toEqual([500, 200]);
	});

	test('drop the connection before the work', async () => {
		await emulator.control.addFault({ effect: { kind: 'drop', when: 'before' } });
		await expect(emulator.api.post(hooks, HOOK)).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(await hookCount()).toBe(0);
	});

	test('drop the connection after the work', async () => {
		await emulator.control.addFault({ effect: { kind: 'drop', when: 'after' } });
		await expect(emulator.api.post(hooks, HOOK)).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(await hookCount()).toBe(1);
		expect(await emulator.control.requests()).toMatchObject([{ method: 'POST', status: 0 }]);
	});

	test('delay the response', async () => {
		await emulator.control.addFault({ effect: { kind: 'delay', ms: 80 } });
		expect(await me()).toBe(200);
		expect(mockWaits).toEqual([80]);
	});

	test('delay the response to work that is done', async () => {
		await emulator.control.addFault({
			path: '/hooks',
			effect: { kind: 'delay', ms: 80, when: 'after' },
		});
		const countsDuringWait: number[] = [];
		mockDuringWait = async () => void countsDuringWait.push(await hookCount());
		expect((await emulator.api.post(hooks, HOOK)).status).toBe(201);
		expect([mockWaits, countsDuringWait]).toEqual([[80], [1]]);
	});

	test('hold calls until they are released', async () => {
		await emulator.control.addFault({ path: '/hooks', times: 2, effect: { kind: 'hold' } });
		const held = [emulator.api.post(hooks, HOOK), emulator.api.get(hooks)];
		await until(async () => (await emulator.control.heldCalls()) === 2);
		expect(await me()).toBe(200);
		expect(await hookCount()).toBe(0);
		await emulator.control.releaseHeld();
		expect((await Promise.all(held)).map(({ status }) => status)).toEqual([201, 200]);
		expect([await emulator.control.heldCalls(), await hookCount()]).toEqual([0, 1]);
	});

	test('hold calls until the faults are cleared', async () => {
		await emulator.control.addFault({ times: 0, effect: { kind: 'hold' } });
		const held = me();
		await until(async () => (await emulator.control.heldCalls()) === 1);
		await emulator.control.clearFaults();
		expect(await held).toBe(200);
	});

	test('limit the rate until a reset', async () => {
		await emulator.control.addFault({
			path: '/me$',
			effect: { kind: 'rateLimited', resetInSeconds: 30 },
		});
		const limited = await emulator.api.get('/rest/v1.0/me');
		expect(limited.status).toBe(429);
		expect(limited.headers).toMatchObject({ 'x-rate-limit-remaining': '0' });
		expect(limited.headers['x-rate-limit-reset']).toBe(String(NOW / 1000 + 30));
		expect((await emulator.api.get(users)).status).toBe(429);
		now.mockReturnValue(NOW + 29_999);
		expect(await me()).toBe(429);
		now.mockReturnValue(NOW + 30_000);
		expect(await me()).toBe(200);
	});

	test('expire the token of a request', async () => {
		await emulator.control.addFault({ effect: { kind: 'expireToken' } });
		const answer = await emulator.api.get('/rest/v1.0/me');
		expect([answer.status, answer.json]).toEqual([401, { errors: 'The access token is invalid' }]);
		expect(await me()).toBe(401);
	});

	test('reject triggers for some resources', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		await emulator.control.addFault({
			times: 2,
			path: '/triggers',
			effect: { kind: 'refuseTriggers', resources: ['RFIs'] },
		});
		const bulk = await emulator.api.post(`${hooks}/${hook}/triggers/bulk`, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'Submittals', event_type: 'create' },
		]);
		expect(bulk.status).toBe(207);
		expect(bulk.json).toMatchObject({ data: [{ code: '400' }, { event_type: 'CREATE' }] });
		const rfi = { resource_name: 'RFIs', event_type: 'create' };
		expect((await emulator.api.post(`${hooks}/${hook}/triggers`, rfi)).status).toBe(400);
		expect((await emulator.api.post(`${hooks}/${hook}/triggers`, rfi)).status).toBe(201);
	});

	test('are rejected if their kind is unknown', async () => {
		const answer = await emulator.api.post('/_emulator/faults', { effect: { kind: 'fire' } });
		expect(answer.status).toBe(400);
	});
});

describe('access', () => {
	const emulator = useEmulator();
	const hooks = `${PROJECT_WEBHOOKS}/hooks`;
	const COMPANY_USERS = `/rest/v1.0/companies/${COMPANY}/users`;

	test('requires the company of the header to match that of the path', async () => {
		const answer = await emulator.api.get(COMPANY_USERS, { company: '598134325874214' });
		expect(answer.status).toBe(400);
		expect((await emulator.api.get(COMPANY_USERS, { company: 'Larkspur' })).status).toBe(400);
		const unknown = { company: '1' };
		expect((await emulator.api.get('/rest/v1.0/companies/1/users', unknown)).status).toBe(404);
	});

	test('answers 403 and hides a company that disconnects the app', async () => {
		await emulator.control.setPermissions({ companyId: COMPANY, connected: false });
		expect((await emulator.api.get(COMPANY_USERS)).json).toEqual({
			errors: ['App is not connected to this company.'],
		});
		const companies = await emulator.api.get('/rest/v1.0/companies');
		expect(rows(companies.json).map((row) => idAt(row, 'id'))).toEqual(['598134325874214']);
	});

	test.each([
		['none', 403, 403],
		['read_only', 200, 403],
		['standard', 200, 201],
	] as const)(
		'with the permission %s answers %i to reads and %i to writes',
		async (webhooks, read, write) => {
			await emulator.control.setPermissions({ companyId: COMPANY, webhooks });
			expect((await emulator.api.get(hooks)).status).toBe(read);
			const made = await emulator.api.post(hooks, {
				payload_version: 'v2.0',
				namespace: 'larkspur-test',
				destination_url: 'https://flows.larkspur.example/procore',
			});
			expect(made.status).toBe(write);
			expect((await emulator.api.get(COMPANY_USERS)).status).toBe(200);
		},
	);

	test('can lack the permission in single projects', async () => {
		await emulator.control.setPermissions({ companyId: COMPANY, projectIds: ['902214'] });
		expect((await emulator.api.get(hooks)).status).toBe(403);
		expect((await emulator.api.get(hooks.replace('902214', '902377'))).status).toBe(200);
	});

	test('counts requests and returns what is left of the rate limit', async () => {
		await emulator.control.setRateLimit({ limit: 2, windowSeconds: 60 });
		const one = async () => await emulator.api.get(COMPANY_USERS);
		const [first, second, third] = [await one(), await one(), await one()];
		expect([first, second, third].map((answer) => answer.status)).toEqual([200, 200, 429]);
		expect(first.headers).toMatchObject({
			'x-rate-limit-limit': '2',
			'x-rate-limit-remaining': '1',
		});
		expect(third.headers['x-rate-limit-reset']).toBe(String(NOW / 1000 + 60));
		await emulator.control.setRateLimit(null);
		expect((await one()).status).toBe(200);
	});

	test('ends with its access and refresh tokens when a grant is revoked', async () => {
		const { clientId, clientSecret } = await emulator.control.seed();
		const pair = await emulator.control.issueToken({ grant: 'authorizationCode' });
		await emulator.control.revokeGrants();
		expect((await emulator.api.get('/rest/v1.0/me')).status).toBe(401);
		const refreshed = await emulator.api.post('/oauth/token', {
			grant_type: 'refresh_token',
			refresh_token: pair.refreshToken,
			client_id: clientId,
			client_secret: clientSecret,
		});
		expect(at(refreshed.json, 'error')).toBe('invalid_grant');
	});
});
