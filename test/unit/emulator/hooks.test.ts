import {
	COMPANY,
	COMPANY_WEBHOOKS,
	EUROPE,
	OTHER_PROJECT,
	PROJECT,
	PROJECT_WEBHOOKS,
	idAt,
	rows,
	useEmulator,
} from './support/api';

const HOOK = {
	payload_version: 'v2.0',
	namespace: 'larkspur-test',
	destination_url: 'https://flows.larkspur.example/procore',
	destination_headers: { Authorization: 'Bearer secret-k9Qz7' },
};
const HOOKS = `${PROJECT_WEBHOOKS}/hooks`;
const V1_HOOKS = '/rest/v1.0/webhooks/hooks';

describe('rules of hooks', () => {
	const emulator = useEmulator();
	const create = async (change: object, hooks = HOOKS) =>
		await emulator.api.post(hooks, { ...HOOK, ...change });

	test.each(['lark spur', 'Larkspur', 'lark_spur', ''])('reject the namespace %j', async (name) => {
		const answer = await create({ namespace: name });
		expect(answer.status).toBe(400);
		expect(answer.json).toHaveProperty('errors.namespace');
	});

	test('accept a namespace of letters, digits and dashes', async () => {
		expect((await create({ namespace: 'lark-spur-42' })).status).toBe(201);
	});

	test('allow one hook per namespace and scope', async () => {
		expect((await create({})).status).toBe(201);
		expect((await create({})).status).toBe(400);
		expect((await create({}, `${COMPANY_WEBHOOKS}/hooks`)).status).toBe(201);
		const other = HOOKS.replace(PROJECT, OTHER_PROJECT);
		expect((await create({}, other)).status).toBe(201);
	});

	test('do not let a hook take the namespace of another one', async () => {
		const first = await create({ namespace: 'one' });
		await create({ namespace: 'two' });
		const path = `${HOOKS}/${idAt(first.json, 'data', 'id')}`;
		expect((await emulator.api.patch(path, { namespace: 'two' })).status).toBe(400);
		expect((await emulator.api.patch(path, { namespace: 'one' })).status).toBe(200);
		const moved = await emulator.api.patch(path, { namespace: 'three' });
		expect(moved.json).toMatchObject({ data: { namespace: 'three' } });
	});

	test.each(['payload_version', 'namespace', 'destination_url'])('require %s', async (field) => {
		const answer = await create({ [field]: undefined });
		expect(answer.status).toBe(400);
		expect(answer.json).toHaveProperty(`errors.${field}`);
	});

	test.each([
		['https://flows.larkspur.example/x', 201],
		['http://127.0.0.1:5678/x', 201],
		['http://localhost:5678/x', 201],
		['http://[::1]:5678/x', 201],
		['http://flows.larkspur.example/x', 400],
		['http://127.evil.example/x', 400],
		['ftp://localhost/x', 400],
		['flows', 400],
	])('answer destination %s with %i', async (destination_url, status) => {
		expect((await create({ destination_url })).status).toBe(status);
	});

	test.each([
		['v2', 201],
		['v2.0', 201],
		['v3.0', 201],
		['v4.0', 201],
		['v5.0', 400],
	])('answer payload version %s with %i', async (payload_version, status) => {
		const answer = await create({ payload_version });
		expect(answer.status).toBe(status);
		if (status === 201) expect(answer.json).toMatchObject({ data: { payload_version } });
	});

	test('mask the secret everywhere and keep it unless a new one is sent', async () => {
		const made = await create({});
		const id = idAt(made.json, 'data', 'id');
		const answers = [
			made,
			await emulator.api.get(HOOKS),
			await emulator.api.get(`${HOOKS}/${id}`),
			await emulator.api.patch(`${HOOKS}/${id}`, {
				destination_url: 'https://flows.larkspur.example/other',
			}),
			await emulator.api.get(`${V1_HOOKS}?project_id=${PROJECT}`),
		];
		for (const { text } of answers) {
			expect(text).toContain('"*****k9Qz7"');
			expect(text).not.toContain('secret');
		}
		const stored = async () => (await emulator.control.state()).hooks[0]?.authorization;
		expect(await stored()).toBe('Bearer secret-k9Qz7');
		// Procore stores what it receives: a masked value that is written back replaces the secret.
		const destination_headers = { Authorization: '*****k9Qz7' };
		await emulator.api.patch(`${HOOKS}/${id}`, { destination_headers });
		expect(await stored()).toBe('*****k9Qz7');
	});

	test('accept active and disabled as the status', async () => {
		const path = `${HOOKS}/${idAt((await create({})).json, 'data', 'id')}`;
		const off = await emulator.api.patch(path, { status: 'disabled' });
		expect(off.json).toMatchObject({ data: { status: 'disabled' } });
		expect((await emulator.api.patch(path, { status: 'paused' })).status).toBe(400);
	});

	test('answer a deletion with an empty 204, then 404', async () => {
		const path = `${HOOKS}/${idAt((await create({})).json, 'data', 'id')}`;
		const gone = await emulator.api.delete(path);
		expect([gone.status, gone.text]).toEqual([204, '']);
		expect((await emulator.api.delete(path)).status).toBe(404);
		expect((await create({})).status).toBe(201);
	});

	test('require a namespace for a company list, and filter a project list by it', async () => {
		const hooks = `${COMPANY_WEBHOOKS}/hooks`;
		await create({ namespace: 'one' }, hooks);
		expect((await emulator.api.get(hooks)).status).toBe(400);
		const found = await emulator.api.get(`${hooks}?namespace=one`);
		expect(found.json).toMatchObject({ data: [{ namespace: 'one' }] });
		expect((await emulator.api.get(`${hooks}?namespace=two`)).json).toEqual({ data: [] });

		await create({ namespace: 'one' });
		await create({ namespace: 'two', payload_version: 'v4.0' });
		const list = async (query: string) =>
			rows(Object((await emulator.api.get(`${HOOKS}${query}`)).json).data).length;
		expect(await list('')).toBe(2);
		expect(await list('?namespace=one')).toBe(1);
		expect(await list('?payload_version=v4.0')).toBe(1);
	});

	test('return trigger counts on request', async () => {
		await create({});
		expect((await emulator.api.get(HOOKS)).text).not.toContain('trigger_count');
	});

	test('show a hook only in its own scope', async () => {
		const id = idAt((await create({})).json, 'data', 'id');
		const other = HOOKS.replace(PROJECT, OTHER_PROJECT);
		expect((await emulator.api.get(`${COMPANY_WEBHOOKS}/hooks/${id}`)).status).toBe(404);
		expect((await emulator.api.get(`${other}/${id}`)).status).toBe(404);
		const path = HOOKS.replace(PROJECT, '598134325900121');
		expect((await emulator.api.get(path)).status).toBe(404);
	});

	test('keep the digits of ids beyond 32 bits', async () => {
		const hooks = `/rest/v2.0/companies/${EUROPE}/webhooks/hooks`;
		const made = await emulator.api.post(hooks, HOOK, { company: EUROPE });
		expect(made.json).toMatchObject({ data: { company_id: EUROPE } });
		const listed = await emulator.api.get(`${V1_HOOKS}?company_id=${EUROPE}`, {
			company: EUROPE,
		});
		expect(listed.text).toContain(`"owned_by_company_id":${EUROPE},`);
	});
});

describe('rules of hooks on v1.0', () => {
	const emulator = useEmulator();
	const hook = { api_version: 'v2', destination_url: 'https://flows.larkspur.example/x' };

	test('require a company or a project, exactly one', async () => {
		expect((await emulator.api.post(V1_HOOKS, { hook })).status).toBe(400);
		const both = { company_id: 4501177, project_id: 902214, hook };
		expect((await emulator.api.post(V1_HOOKS, both)).status).toBe(400);
		expect((await emulator.api.get(V1_HOOKS)).status).toBe(400);
		expect((await emulator.api.post(V1_HOOKS, { project_id: 902214, hook })).status).toBe(201);
	});

	test('expect a nested body and default to the namespace `procore`', async () => {
		expect((await emulator.api.post(V1_HOOKS, { company_id: 4501177, ...hook })).status).toBe(400);
		const made = await emulator.api.post(V1_HOOKS, { company_id: 4501177, hook });
		expect(made.json).toMatchObject({ namespace: 'procore', destination_headers: {} });
	});

	test('return bare lists, of one namespace or of all', async () => {
		for (const namespace of ['one', 'two']) {
			await emulator.api.post(V1_HOOKS, { company_id: 4501177, hook: { ...hook, namespace } });
		}
		const list = async (query: string) =>
			rows((await emulator.api.get(`${V1_HOOKS}?company_id=${COMPANY}${query}`)).json).length;
		expect(await list('')).toBe(2);
		expect(await list('&namespace=*')).toBe(2);
		expect(await list('&namespace=one')).toBe(1);
	});

	test('offer no endpoint for a single hook', async () => {
		const made = await emulator.api.post(V1_HOOKS, { company_id: 4501177, hook });
		const path = `${V1_HOOKS}/${idAt(made.json, 'id')}?company_id=${COMPANY}`;
		expect((await emulator.api.get(path)).status).toBe(404);
	});
});
