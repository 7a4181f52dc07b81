import { COMPANY, PROJECT_WEBHOOKS, useEmulator } from './support/api';

/** The waits that the emulator requested, in milliseconds. */
const mockWaits: number[] = [];
jest.mock('node:timers/promises', () => ({
	setTimeout: async (milliseconds: number) => {
		mockWaits.push(milliseconds);
	},
}));

describe('the control API', () => {
	const emulator = useEmulator();

	test('returns the seed', async () => {
		const seed = await emulator.control.seed();
		expect(seed.companies.map(({ name }) => name)).toEqual([
			'Larkspur Build Co',
			'Larkspur Europe GmbH',
		]);
		expect(seed.unconnectedCompany.name).toBe('Unconnected Contractors');
		expect(seed.companies[0]?.projects).toContainEqual({
			id: '902214',
			name: 'Harbour Street Clinic',
			display_name: 'HS-014 - Harbour Street Clinic',
			active: true,
		});
		expect(seed.companies[0]?.projects.some(({ active }) => !active)).toBe(true);
	});

	test('returns the state, including secrets', async () => {
		const id = await emulator.hook(PROJECT_WEBHOOKS, { version: 'v2', events: ['RFIs:create'] });
		const { hooks } = await emulator.control.state();
		expect(hooks).toMatchObject([
			{
				id,
				scope: { companyId: COMPANY, projectId: '902214' },
				namespace: 'larkspur-test',
				authorization: 'Bearer secret-k9Qz7',
				payloadVersion: 'v2.0',
				status: 'active',
				triggers: [{ resourceName: 'RFIs', eventType: 'create' }],
			},
		]);
	});

	test('logs API calls without tokens, and not its own calls', async () => {
		await emulator.api.get(`${PROJECT_WEBHOOKS}/hooks?namespace=x&page=2`);
		await emulator.api.get('/oauth/authorize?client_id=x&state=secret-state', { company: null });
		const { clientId } = await emulator.control.seed();
		const log = await emulator.control.requests();
		expect(log).toMatchObject([
			{
				method: 'GET',
				path: `${PROJECT_WEBHOOKS}/hooks`,
				query: { namespace: 'x', page: '2' },
				status: 200,
				companyHeader: COMPANY,
				client: clientId,
			},
			{ path: '/oauth/authorize', query: {}, status: 401, companyHeader: null },
		]);
		expect(JSON.stringify(log)).not.toContain(emulator.api.token);
		await emulator.control.clearRequests();
		expect(await emulator.control.requests()).toEqual([]);
	});

	test('edits and deletes hooks as a user in Procore would', async () => {
		const id = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:create'] });
		const edited = await emulator.control.editHook(id, {
			status: 'disabled',
			destinationUrl: 'https://elsewhere.example/',
			authorization: null,
			triggers: [],
		});
		expect(edited).toMatchObject({
			status: 'disabled',
			destinationUrl: 'https://elsewhere.example/',
			authorization: null,
			triggers: [],
		});
		await emulator.control.deleteHook(id);
		expect((await emulator.control.state()).hooks).toEqual([]);
		await expect(emulator.control.deleteHook(id)).rejects.toThrow('Not found');
	});

	test('opens and closes projects', async () => {
		const project = await emulator.control.addProject({ companyId: COMPANY, name: 'New Wharf' });
		const list = async () =>
			(await emulator.api.get(`/rest/v1.1/projects?company_id=${COMPANY}`)).text;
		expect(await list()).toContain('New Wharf');
		await emulator.control.closeProject(project.id);
		expect(await list()).not.toContain('New Wharf');
	});

	test('waits before every response if there is latency', async () => {
		await emulator.control.setLatency(60);
		await emulator.api.get('/rest/v1.0/me');
		await emulator.control.setLatency(0);
		await emulator.api.get('/rest/v1.0/me');
		expect(mockWaits).toEqual([60]);
	});

	test('resets to the seed with new ids and keeps tokens unless told otherwise', async () => {
		const before = await emulator.hook(PROJECT_WEBHOOKS);
		await emulator.control.addFault({ times: 0, effect: { kind: 'status', status: 500 } });
		await emulator.control.setPermissions({ companyId: COMPANY, connected: false });
		await emulator.control.reset();
		expect((await emulator.control.state()).hooks).toEqual([]);
		expect(await emulator.control.requests()).toEqual([]);
		expect((await emulator.api.get(`${PROJECT_WEBHOOKS}/hooks`)).status).toBe(200);
		expect(await emulator.hook(PROJECT_WEBHOOKS)).not.toBe(before);
		await emulator.control.reset({ tokens: true });
		expect((await emulator.api.get('/rest/v1.0/me')).status).toBe(401);
	});

	test('moves the clock', async () => {
		const before = Date.parse((await emulator.control.state()).now);
		const { now } = await emulator.control.advance(3600);
		expect(Date.parse(now) - before).toBeGreaterThanOrEqual(3_600_000);
		expect((await emulator.control.setSpeed(60)).speed).toBe(60);
		await emulator.control.setSpeed(1);
	});

	test('serves the page', async () => {
		for (const path of ['/', '/_emulator/page']) {
			const page = await emulator.api.get(path, { token: null });
			expect(page.headers['content-type']).toMatch(/^text\/html/);
			expect(page.text).toContain('Procore emulator');
			expect(page.text).toContain('function latestEvents(');
		}
	});
});

describe('with https only', () => {
	const emulator = useEmulator({ httpsOnly: true });

	test('requires https for loopback hosts too', async () => {
		const answer = await emulator.api.post(`${PROJECT_WEBHOOKS}/hooks`, {
			payload_version: 'v2.0',
			namespace: 'larkspur-test',
			destination_url: 'http://127.0.0.1:5678/webhook',
		});
		expect(answer.json).toEqual({
			errors: { destination_url: ['must be a valid HTTPS URL'] },
		});
	});
});
