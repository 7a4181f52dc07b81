import { COMPANY, PROJECT, idAt, rows, useEmulator } from './support/api';
import { until, useReceiver } from './support/receiver';
import { sample, shapeOf } from './support/shape';

const HOOKS = '/rest/v1.0/webhooks/hooks';
const OF_COMPANY = `company_id=${COMPANY}`;

describe('responses of v1.0 have the shape of the documented samples', () => {
	const emulator = useEmulator();
	const receiver = useReceiver();

	const createHook = async (scope: object, url = 'https://flows.larkspur.example/procore') => {
		const made = await emulator.api.post(HOOKS, {
			...scope,
			hook: {
				api_version: 'v2',
				namespace: 'larkspur-test',
				destination_url: url,
				destination_headers: { Authorization: 'Bearer secret-k9Qz7' },
			},
		});
		expect(made.status).toBe(201);
		return idAt(made.json, 'id');
	};

	test('for hooks', async () => {
		const request = sample('hook-create-request-v1');
		const made = await emulator.api.post(HOOKS, request);
		expect(made.status).toBe(201);
		expect(made.json).toMatchObject({
			api_version: 'v2',
			owned_by_company_id: null,
			owned_by_project_id: 902214,
		});

		const id = await createHook({ company_id: Number(COMPANY) });
		const list = await emulator.api.get(`${HOOKS}?${OF_COMPANY}&namespace=larkspur-test`);
		expect(shapeOf(list.json)).toEqual(shapeOf(sample('hooks-list-v1')));

		const changed = await emulator.api.patch(`${HOOKS}/${id}`, {
			company_id: Number(COMPANY),
			hook: { destination_url: 'https://flows.larkspur.example/other' },
		});
		expect(changed.status).toBe(200);
		expect(changed.json).toMatchObject({
			id: Number(id),
			destination_url: 'https://flows.larkspur.example/other',
			destination_headers: { Authorization: '*****k9Qz7' },
		});

		const gone = await emulator.api.delete(`${HOOKS}/${id}?${OF_COMPANY}`);
		expect([gone.status, gone.text]).toEqual([200, '']);
	});

	test('for triggers, single and in bulk', async () => {
		const hook = await createHook({ company_id: Number(COMPANY) });
		const triggers = `${HOOKS}/${hook}/triggers`;
		const scope = { company_id: Number(COMPANY), api_version: 'v2' };

		const single = await emulator.api.post(triggers, {
			...scope,
			trigger: { resource_name: 'Company Users', event_type: 'update' },
		});
		expect(single.status).toBe(201);
		const list = await emulator.api.get(`${triggers}?${OF_COMPANY}`);
		expect(shapeOf(list.json)).toEqual(shapeOf(sample('triggers-list-v1')));
		expect(list.json).toEqual([single.json]);

		const some = await emulator.api.post(`${triggers}/bulk`, {
			...scope,
			triggers: [
				{ resource_name: 'Company Vendors', event_type: 'create' },
				{ resource_name: 'Company Vendors' },
			],
		});
		expect(some.status).toBe(207);
		expect(shapeOf(some.json)).toEqual(shapeOf(sample('triggers-bulk-create-v1-207')));
		expect(some.json).toMatchObject({
			failed: [{ code: '400', errors: { event_type: "Can't be blank" } }],
		});

		const all = await emulator.api.post(`${triggers}/bulk`, {
			...scope,
			triggers: [{ resource_name: 'Projects', event_type: 'create' }],
		});
		expect(all.status).toBe(200);
		expect(Object.keys(Object(all.json))).toEqual(['success']);

		const id = Number(idAt(all.json, 'success', 0, 'id'));
		const removed = await emulator.api.delete(`${triggers}/bulk`, {
			company_id: Number(COMPANY),
			triggers: [id, 231999999],
		});
		expect(removed.status).toBe(207);
		expect(shapeOf(removed.json)).toEqual(shapeOf(sample('triggers-bulk-delete-v1-207')));
		expect(removed.json).toMatchObject({ success: [id], failed: [{ trigger: 231999999 }] });

		const path = `${triggers}/${idAt(single.json, 'id')}?${OF_COMPANY}`;
		const gone = await emulator.api.delete(path);
		expect([gone.status, gone.text]).toEqual([200, '']);
	});

	test('for deliveries in every outcome', async () => {
		const hook = await createHook({ project_id: Number(PROJECT) }, receiver.url);
		await emulator.control.editHook(hook, {
			triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
		});
		receiver.answer = 'hang';
		await emulator.control.setDeliveryTimeout(30);
		await emulator.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			eventType: 'update',
		});
		await until(async () =>
			(await emulator.control.state()).deliveries.some((row) => row.attempts[0]?.error),
		);
		await emulator.control.addDeliveries(hook, {
			count: 3,
			statuses: ['delivered', 'failed', 'discarded'],
		});
		const path = `${HOOKS}/${hook}/deliveries?project_id=${PROJECT}`;
		const list = await emulator.api.get(path);
		const outcomes = rows(list.json).map((row) => idAt(row, 'outcome'));
		expect(outcomes).toEqual(['retried', 'ok', 'failed', 'discarded']);
		expect(shapeOf(list.json)).toEqual(shapeOf(sample('deliveries-list-v1')));
		expect(list.json).toMatchObject([{ response_error: 'execution expired' }, {}, {}, {}]);
	});

	test('for resources and their versions', async () => {
		const list = await emulator.api.get(`/rest/v1.0/webhooks/resources?project_id=${PROJECT}`);
		expect(shapeOf(list.json)).toMatchObject(shapeOf(sample('resources-list-v1')));
		expect(rows(list.json)).toEqual(expect.arrayContaining(rows(sample('resources-list-v1'))));

		const path = `/rest/v1.0/webhooks/resources/api_versions?${OF_COMPANY}`;
		const versions = await emulator.api.get(path);
		expect(shapeOf(versions.json)).toEqual(shapeOf(sample('resource-api-versions-v1')));
	});
});

describe('people, companies and projects have the shape of the documented samples', () => {
	const emulator = useEmulator();

	test.each([
		['me-v1', `/rest/v1.0/me?company_id=${COMPANY}`],
		['companies-list-v1', '/rest/v1.0/companies'],
		['projects-list-v1.1-compact', `/rest/v1.1/projects?company_id=${COMPANY}&view=compact`],
		['company-users-list-v1', `/rest/v1.0/companies/${COMPANY}/users`],
	])('for %s', async (name, path) => {
		const answer = await emulator.api.get(path);
		expect(answer.status).toBe(200);
		expect(shapeOf(answer.json)).toEqual(shapeOf(sample(name)));
	});
});
