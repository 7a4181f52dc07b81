import { COMPANY, COMPANY_WEBHOOKS, PROJECT_WEBHOOKS, at, rows, useEmulator } from './support/api';

describe('rules of triggers', () => {
	const emulator = useEmulator();
	const add = async (webhooks: string, hook: string, event: string) => {
		const [resource_name, event_type] = event.split(':');
		const body = { resource_name, event_type };
		return await emulator.api.post(`${webhooks}/hooks/${hook}/triggers`, body);
	};

	test.each([
		['RFIs:create', 201],
		['Submittals:update', 201],
		['Budget View Snapshots:create', 201],
		['RFI:create', 400],
		['rfis:create', 400],
		['Company Vendors:create', 400],
		['Budget View Snapshots:update', 400],
		['RFIs:CREATE', 400],
		['RFIs:created', 400],
		['Commitment Contracts:create', 400],
		['Document Upload:Created', 400],
	])('answer %s on a project hook with %i', async (event, status) => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		expect((await add(PROJECT_WEBHOOKS, hook, event)).status).toBe(status);
	});

	test.each([
		['Company Vendors:create', 201],
		['Company Vendors:delete', 400],
		['Bids:create', 400],
		['RFIs:create', 400],
	])('answer %s on a company hook with %i', async (event, status) => {
		const hook = await emulator.hook(COMPANY_WEBHOOKS);
		expect((await add(COMPANY_WEBHOOKS, hook, event)).status).toBe(status);
	});

	test('offer more resources to a hook on v4.0', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS, { version: 'v4.0' });
		expect((await add(PROJECT_WEBHOOKS, hook, 'Commitment Contracts:create')).status).toBe(201);
		expect((await add(PROJECT_WEBHOOKS, hook, 'Document Upload:Completed')).status).toBe(201);
		expect((await add(PROJECT_WEBHOOKS, hook, 'Document Upload:completed')).status).toBe(400);
		expect((await add(PROJECT_WEBHOOKS, hook, 'Document Upload:create')).status).toBe(400);
	});

	test('name the field of a rejected trigger', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		expect((await add(PROJECT_WEBHOOKS, hook, 'RFI:create')).json).toEqual({
			errors: { resource_name: ['is not supported'] },
		});
		expect((await add(PROJECT_WEBHOOKS, hook, 'Bids:create')).json).toEqual({
			errors: { resource_name: ['is not supported'] },
		});
		expect((await add(PROJECT_WEBHOOKS, hook, 'RFIs')).json).toEqual({
			errors: { event_type: ["Can't be blank"] },
		});
	});

	test('accept the valid entries of a bulk call and report on each', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:create'] });
		const bulk = `${PROJECT_WEBHOOKS}/hooks/${hook}/triggers/bulk`;
		const answer = await emulator.api.post(bulk, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'RFIs', event_type: 'delete' },
			{ resource_name: 'RFIs', event_type: 'delete' },
		]);
		expect(answer.status).toBe(207);
		expect(answer.json).toMatchObject({
			data: [{ code: '400' }, { event_type: 'DELETE' }, { code: '400' }],
		});
		expect((await emulator.control.state()).hooks[0]?.triggers).toHaveLength(2);
	});

	test('answer 207 to a bulk call even if they accept nothing', async () => {
		const hook = await emulator.hook(COMPANY_WEBHOOKS);
		const triggers = [{ resource_name: 'RFIs', event_type: 'create' }];
		const v2 = await emulator.api.post(`${COMPANY_WEBHOOKS}/hooks/${hook}/triggers/bulk`, triggers);
		expect([v2.status, rows(at(v2.json, 'data')).length]).toEqual([207, 1]);
		const path = `/rest/v1.0/webhooks/hooks/${hook}/triggers/bulk`;
		const v1 = await emulator.api.post(path, { company_id: 4501177, triggers });
		expect(v1.status).toBe(207);
		expect(v1.json).toMatchObject({ success: [], failed: [{ code: '400' }] });
	});

	test('expect a bare array in a bulk call on v2.0, of 500 entries at most', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		const bulk = `${PROJECT_WEBHOOKS}/hooks/${hook}/triggers/bulk`;
		const trigger = { resource_name: 'RFIs', event_type: 'create' };
		expect((await emulator.api.post(bulk, { triggers: [trigger] })).status).toBe(400);
		const many = Array.from({ length: 501 }, () => trigger);
		expect((await emulator.api.post(bulk, many)).status).toBe(413);
		expect((await emulator.api.delete(bulk, { ids: [] })).status).toBe(400);
	});

	test('answer 204 to the deletion of a trigger and 404 to that of an unknown one', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:create'] });
		const id = (await emulator.control.state()).hooks[0]?.triggers[0]?.id ?? '';
		const path = `${PROJECT_WEBHOOKS}/hooks/${hook}/triggers/${id}`;
		expect((await emulator.api.delete(path)).status).toBe(204);
		expect((await emulator.api.delete(path)).status).toBe(404);
	});

	test('ignore an extra api_version on v2.0 and compare it with the hook on v1.0', async () => {
		const hook = await emulator.hook(COMPANY_WEBHOOKS, { version: 'v3.0' });
		const trigger = { resource_name: 'Projects', event_type: 'create' };
		const v2 = `${COMPANY_WEBHOOKS}/hooks/${hook}/triggers`;
		const extra = { ...trigger, api_version: 'v2' };
		expect((await emulator.api.post(v2, extra)).status).toBe(201);

		const v1 = async (api_version: string, event_type: string) =>
			await emulator.api.post(`/rest/v1.0/webhooks/hooks/${hook}/triggers`, {
				company_id: Number(COMPANY),
				api_version,
				trigger: { ...trigger, event_type },
			});
		expect((await v1('v2', 'update')).status).toBe(400);
		expect((await v1('v3', 'update')).status).toBe(201);
	});

	test('list resources by scope and payload version', async () => {
		const names = async (path: string) => {
			const answer = await emulator.api.get(`${path}&per_page=100`);
			return rows(at(answer.json, 'data')).map((row) => at(row, 'name'));
		};
		const company = await names(`${COMPANY_WEBHOOKS}/resources?payload_version=v2.0`);
		const project = await names(`${PROJECT_WEBHOOKS}/resources?payload_version=v2.0`);
		const latest = await names(`${PROJECT_WEBHOOKS}/resources?payload_version=v4.0`);
		expect([company.length, project.length, latest.length]).toEqual([25, 96, 99]);
		expect(company).toContain('Company Vendors');
		expect(project).not.toContain('Company Vendors');
		expect(latest).toContain('Commitment Contracts');
		const bare = await emulator.api.get(`${PROJECT_WEBHOOKS}/resources`);
		expect(bare.status).toBe(400);
	});
});
