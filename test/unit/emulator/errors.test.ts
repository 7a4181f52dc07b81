import {
	COMPANY,
	COMPANY_WEBHOOKS,
	PROJECT_WEBHOOKS,
	UNCONNECTED,
	at,
	rows,
	useEmulator,
} from './support/api';
import type { Reply } from './support/api';
import { sample } from './support/shape';

const HOOK = {
	payload_version: 'v2.0',
	namespace: 'larkspur-test',
	destination_url: 'https://flows.larkspur.example/procore',
};
const V1_HOOK = { company_id: 4501177, hook: { ...HOOK, api_version: 'v2' } };

describe('error responses equal the collected samples word for word', () => {
	const emulator = useEmulator();
	const post = async (path: string, body: unknown) => await emulator.api.post(path, body);
	const faulty = async (status: number, body?: unknown) => {
		await emulator.control.addFault({ effect: { kind: 'status', status, body } });
		return await emulator.api.get('/rest/v1.0/me');
	};

	const cases: Array<[string, () => Promise<Reply>]> = [
		[
			'hook create, namespace already used in this scope (v2-style envelope)',
			async () => {
				await post(`${PROJECT_WEBHOOKS}/hooks`, HOOK);
				return await post(`${PROJECT_WEBHOOKS}/hooks`, HOOK);
			},
		],
		[
			'hook create, namespace already used in this scope (v1-style errors map)',
			async () => {
				await post('/rest/v1.0/webhooks/hooks', V1_HOOK);
				return await post('/rest/v1.0/webhooks/hooks', V1_HOOK);
			},
		],
		[
			'trigger create, same resource and event already on the hook',
			async () => {
				const hook = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:create'] });
				return await post(`${PROJECT_WEBHOOKS}/hooks/${hook}/triggers`, {
					resource_name: 'RFIs',
					event_type: 'create',
				});
			},
		],
		[
			'field validation map',
			async () =>
				await post(`${PROJECT_WEBHOOKS}/hooks`, {
					...HOOK,
					destination_url: 'http://flows.larkspur.example/procore',
				}),
		],
		[
			'v1 bulk over 500 items',
			async () => {
				const hook = await emulator.hook(COMPANY_WEBHOOKS);
				const trigger = { resource_name: 'Projects', event_type: 'create' };
				return await post(`/rest/v1.0/webhooks/hooks/${hook}/triggers/bulk`, {
					company_id: 4501177,
					triggers: Array.from({ length: 501 }, () => trigger),
				});
			},
		],
		[
			'expired token, Procore flat errors string',
			async () => {
				await emulator.control.expireTokens();
				return await emulator.api.get('/rest/v1.0/me');
			},
		],
		[
			'expired token, schema from the API specification',
			async () => await emulator.api.get('/rest/v1.0/me', { token: null }),
		],
		[
			'app not installed in the company',
			async () =>
				await emulator.api.get(`/rest/v1.0/companies/${UNCONNECTED}/users`, {
					company: UNCONNECTED,
				}),
		],
		[
			'missing company header (text start documented; status and wrapper not)',
			async () => await emulator.api.get(`${PROJECT_WEBHOOKS}/hooks`, { company: null }),
		],
		[
			'hook id unknown or hidden',
			async () => await emulator.api.get(`${PROJECT_WEBHOOKS}/hooks/61899999`),
		],
		[
			'v1 hook create or update server error',
			async () => await faulty(500, { error: { code: 500, message: 'Internal Server Error' } }),
		],
		['business rule', async () => await faulty(422, { errors: { assignees: ['required'] } })],
		[
			'spike or hourly limit',
			async () => {
				await emulator.control.setRateLimit({ limit: 0, windowSeconds: 60 });
				return await emulator.api.get(`/rest/v1.0/companies/${COMPANY}/users`);
			},
		],
		['heavy load', async () => await faulty(503, 'Service Unavailable')],
		[
			'gateway html',
			async () => await faulty(502, '<html><body><h1>502 Bad Gateway</h1></body></html>'),
		],
		[
			'refresh token already used',
			async () => {
				const { clientId, clientSecret } = await emulator.control.seed();
				return await post('/oauth/token', {
					grant_type: 'refresh_token',
					refresh_token: 'used-before',
					client_id: clientId,
					client_secret: clientSecret,
				});
			},
		],
	];
	const samples = rows(sample('errors'));

	test.each(cases)('for %s', async (name, provoke) => {
		const expected = samples.find((row) => at(row, 'case') === name);
		const answer = await provoke();
		const body = at(expected, 'body');
		expect(answer.status).toBe(at(expected, 'status'));
		expect(typeof body === 'string' ? answer.text : answer.json).toEqual(body);
	});

	test('for every collected case', () => {
		const names = samples.map((row) => at(row, 'case'));
		expect(cases.map(([name]) => name).sort()).toEqual(names.sort());
	});
});

describe('invalid bodies', () => {
	const emulator = useEmulator();
	const hooks = `${PROJECT_WEBHOOKS}/hooks`;

	test('get a 400 for broken JSON', async () => {
		const answer = await emulator.api.post(hooks, '{"namespace":');
		expect(answer.status).toBe(400);
	});

	test('get a 406 for another content type', async () => {
		const headers = { 'Content-Type': 'text/xml' };
		const answer = await emulator.api.post(hooks, '<hook/>', { headers });
		expect(answer.status).toBe(406);
	});

	test('get a 413 over the size limit', async () => {
		const answer = await emulator.api.post(hooks, { namespace: 'a'.repeat(1_100_000) });
		expect(answer.status).toBe(413);
	});

	test('get a 404 at an unknown path', async () => {
		expect((await emulator.api.get('/rest/v9.0/nothing')).status).toBe(404);
	});
});
