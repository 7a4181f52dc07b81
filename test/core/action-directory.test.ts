import {
	GENERATIONS,
	inCompany,
	inProject,
	jsonOf,
	makeHook,
	messageOf,
	onlyJson,
} from './action-support';
import { byId, COMPANY, EUROPE, PROJECT, PROJECTS, UNCONNECTED, useN8n } from './harness';

describe.each(GENERATIONS)('reading companies, projects and resources on %s', (version) => {
	const n8n = useN8n();

	beforeEach(async () => await n8n.connect({ version }));

	test('lists the webhook resources of a project and of a company', async () => {
		const project = jsonOf(
			await n8n.run(inProject('webhookResource', 'getAll', { returnAll: true })),
		);
		expect(project.find(({ name }) => name === 'RFIs')).toMatchObject({
			events: ['create', 'update', 'delete'],
			payload_version: 'v2.0',
		});
		expect(project.find(({ name }) => name === 'Task Items')).toMatchObject({
			events: ['create', 'update'],
		});
		const company = jsonOf(
			await n8n.run(inCompany('webhookResource', 'getAll', { returnAll: true })),
		);
		expect(company.some(({ name }) => name === 'RFIs')).toBe(false);
		expect(company.length).toBe(25);
	});

	test('lists the webhook resources of payload version v4.0 up to a limit', async () => {
		const parameters = inProject('webhookResource', 'getAll', {
			payloadVersion: 'v4.0',
			limit: 3,
		});
		expect(jsonOf(await n8n.run(parameters))).toHaveLength(3);
		const all = inProject('webhookResource', 'getAll', {
			payloadVersion: 'v4.0',
			returnAll: true,
		});
		const names = jsonOf(await n8n.run(all)).map(({ name }) => name);
		expect(names).toContain('Commitment Contracts');
	});

	test('lists companies', async () => {
		const json = jsonOf(await n8n.run({ resource: 'company', operation: 'getAll' }));
		expect(json.map(({ id }) => id)).toEqual([COMPANY, EUROPE]);
		const raw = { resource: 'company', operation: 'getAll', simplify: false, limit: 1 };
		expect(jsonOf(await n8n.run(raw))).toEqual([expect.objectContaining({ logo_url: null })]);
	});

	test('lists the active projects and reads no further than the limit', async () => {
		const projects = { resource: 'project', operation: 'getAll', companyId: byId(COMPANY) };
		const json = jsonOf(await n8n.run({ ...projects, returnAll: true }));
		expect(json.map(({ id }) => String(id)).sort()).toEqual([...PROJECTS].sort());
		expect(jsonOf(await n8n.run({ ...projects, limit: 2 }))).toHaveLength(2);
		const unconnected = { ...projects, companyId: byId(UNCONNECTED) };
		expect(messageOf(await n8n.run(unconnected))).toContain('Install the app');
	});

	test('searches projects by name and by number, and gets one by its ID', async () => {
		const projects = { resource: 'project', operation: 'getAll', companyId: byId(COMPANY) };
		const names = async (search: string) =>
			jsonOf(await n8n.run({ ...projects, search })).map(({ name }) => name);
		expect(await names('clinic')).toEqual(['Harbour Street Clinic']);
		expect(await names('MS-107')).toEqual(['Mill Lane School']);
		expect(await names('nothing like it')).toEqual([]);
		const get = { ...projects, operation: 'get' };
		expect(onlyJson(await n8n.run({ ...get, projectId: byId(PROJECT) }))).toEqual({
			id: PROJECT,
			name: 'Harbour Street Clinic',
			display_name: 'HS-014 - Harbour Street Clinic',
		});
		expect(messageOf(await n8n.run({ ...get, projectId: byId('999') }))).toMatch(
			/Could not get project 999\. Procore answered 404/,
		);
	});

	test('gets the user of an event, and searches users', async () => {
		const user = { resource: 'user', operation: 'get', companyId: byId(COMPANY) };
		expect(onlyJson(await n8n.run(user, [{ user_id: '7710345' }]))).toMatchObject({
			id: '7710345',
			name: 'Dana Okafor',
			email_address: expect.stringContaining('@'),
		});
		expect(messageOf(await n8n.run({ ...user, userId: '999' }))).toMatch(/get user 999/);
		expect(messageOf(await n8n.run(user))).toContain('User ID is empty');
		const search = { ...user, operation: 'getAll', search: 'okafor' };
		expect(jsonOf(await n8n.run(search))).toMatchObject([{ id: '7710345' }]);
		await n8n.control.addFault({ path: '/users', effect: { kind: 'ignoreFilters' } });
		expect(jsonOf(await n8n.run(search))).toMatchObject([{ id: '7710345' }]);
		const limited = { ...user, operation: 'getAll', limit: 1 };
		expect(jsonOf(await n8n.run(limited))).toHaveLength(1);
	});

	test('returns a single project for its id with a service account', async () => {
		await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
		const parameters = inProject('hook', 'getAll', { companyId: byId('') });
		expect(jsonOf(await n8n.run(parameters))).toEqual([]);
		const { results } = await n8n.listSearch('procore', 'searchCompanies', {});
		expect(results.map(({ value }) => value)).toContain(COMPANY);
	});

	describe('the lists of the panel', () => {
		const values = async (method: string, more = {}) =>
			(await n8n.loadOptions('procore', method, inProject('trigger', 'create', more))).map(
				({ value }) => value,
			);

		test('offer only what the scope allows', async () => {
			expect(await values('getResources')).toContain('RFIs');
			expect(await values('getResources', { scope: 'company' })).not.toContain('RFIs');
			expect(await values('getEvents')).toContain('Task Items:update');
			expect(await values('getEvents')).not.toContain('Task Items:delete');
			expect(await values('getEventTypes', { resourceName: 'Task Items' })).toEqual([
				'create',
				'update',
			]);
			expect(await values('getEventTypes')).toEqual(['create', 'update', 'delete']);
		});

		test('offer the resources of the scope also in the form of a resource locator', async () => {
			const search = async (filter: string, more = {}) =>
				(
					await n8n.listSearch(
						'procore',
						'searchResources',
						inProject('trigger', 'create', more),
						filter,
					)
				).results.map(({ value }) => value);
			expect(await search('request for information')).toEqual(['RFIs']);
			expect(await search('RFIs', { scope: 'company' })).toEqual([]);
			const resource = { __rl: true, mode: 'list', value: 'Task Items' };
			expect(await values('getEventTypes', { resourceName: resource })).toEqual([
				'create',
				'update',
			]);
		});

		test('offer the resources whose records an operation reads, found by what people call them', async () => {
			const search = async (operation: string, filter?: string) =>
				(
					await n8n.listSearch(
						'procore',
						'searchRecordResources',
						{ resource: 'record', operation },
						filter,
					)
				).results.map(({ value }) => value);
			expect(await search('get', 'photo')).toEqual(['Images']);
			expect(await search('get')).toEqual(expect.arrayContaining(['RFIs', 'Departments']));
			expect(await search('getChanged')).toContain('RFIs');
			expect(await search('getChanged')).not.toContain('Departments');
		});

		test('use the payload version of the selected hook', async () => {
			const id = await makeHook(n8n, { additionalFields: { payloadVersion: 'v4.0' } });
			expect(await values('getResources', { hookId: byId(id) })).toContain('Commitment Contracts');
			expect(await values('getResources')).not.toContain('Commitment Contracts');
		});

		test('offer every action that Procore lists, with its spelling', async () => {
			const id = await makeHook(n8n, { additionalFields: { payloadVersion: 'v4.0' } });
			const hookAndMore = (more = {}) => ({ hookId: byId(id), ...more });
			const revisions = { resourceName: 'Document Revisions' };
			const all = ['create', 'Created', 'Completed'];
			// v1.0 lists exceptions to the usual three.
			const known = version === 'v2.0' ? all : ['create'];
			expect(await values('getEventTypes', hookAndMore(revisions))).toEqual(known);
			const events = await n8n.loadOptions(
				'procore',
				'getEvents',
				inProject('trigger', 'sync', hookAndMore()),
			);
			const own = events.filter(({ value }) => String(value).startsWith('Document Revisions'));
			expect(own.map(({ value }) => value)).toEqual(
				known.map((word) => `Document Revisions:${word}`),
			);
			expect(new Set(own.map(({ name }) => name)).size).toBe(own.length);
		});

		test('offer for deliveries the usual event types and every other one that Procore lists', async () => {
			const options = async (more = {}) =>
				await n8n.loadOptions('procore', 'getDeliveryEventTypes', {
					...inProject('delivery', 'getAll'),
					...more,
				});
			const usual = ['create', 'update', 'delete'];
			// v1.0 lists exceptions to the usual three.
			const others = version === 'v2.0' ? ['Created', 'Completed'] : [];
			const all = await options();
			expect(all.map(({ value }) => value)).toEqual([...usual, ...others]);
			for (const { value, description } of all) {
				if (others.includes(String(value))) expect(description).toContain('Document Revisions');
			}
			const ofRfis = await options({ filters: { resourceName: 'RFIs', eventType: 'Created' } });
			expect(ofRfis.map(({ value }) => value)).toEqual(usual);
			const id = await makeHook(n8n);
			const ofHook = await options({ hookId: byId(id) });
			expect(ofHook.map(({ value }) => value)).toEqual(usual);
		});

		test('say what to select first if no company is selected', async () => {
			for (const method of ['getResources', 'getEvents', 'getEventTypes']) {
				expect(await n8n.loadOptions('procore', method, { companyId: byId('') })).toEqual([
					{ name: expect.stringMatching(/^No company selected/), value: '' },
				]);
			}
		});

		test('offer the usual event types for deliveries, if Procore lists no resources', async () => {
			const options = await n8n.loadOptions('procore', 'getDeliveryEventTypes', {
				...inProject('delivery', 'getAll'),
				companyId: byId(''),
				filters: { eventType: 'update' },
			});
			expect(options.map(({ value }) => value)).toEqual(['create', 'update', 'delete']);
		});

		test('offer what any project supports before a project is selected', async () => {
			expect(await values('getResources', { projectId: byId('') })).toEqual(
				await values('getResources'),
			);
		});

		test('find hooks by URL', async () => {
			const id = await makeHook(n8n);
			const parameters = inProject('hook', 'get');
			const found = await n8n.listSearch('procore', 'searchHooks', parameters, 'webhook/a');
			expect(found.results).toEqual([expect.objectContaining({ value: id })]);
			expect(PROJECT).toBeTruthy();
		});
	});
});
