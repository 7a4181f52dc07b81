import type { INodeParameters } from 'n8n-workflow';

import {
	byId,
	COMPANY,
	EUROPE,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
	UNCONNECTED,
	useN8n,
	type Generation,
} from './harness';

describe.each<Generation>(['v2.0', 'v1.0'])('the lists of the panel on %s', (version) => {
	const n8n = useN8n();
	beforeEach(async () => await n8n.connect({ version }));

	const values = (entries: Array<{ value: unknown }>) => entries.map(({ value }) => value);
	const message = async (work: Promise<unknown>) =>
		await work.then(
			() => 'nothing failed',
			(failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
		);

	describe.each(['procore', 'procoreTrigger'] as const)('companies in the panel of %s', (node) => {
		const companies = async (filter?: string) =>
			(await n8n.listSearch(node, 'searchCompanies', {}, filter)).results;

		test('are those of the account', async () => {
			expect(await companies()).toEqual([
				{ name: 'Larkspur Build Co', value: COMPANY },
				{ name: 'Larkspur Europe GmbH', value: EUROPE },
			]);
		});

		test.each([
			['EUROPE', [EUROPE]],
			[' gmbh', [EUROPE]],
			['4501', [COMPANY]],
			['larkspur', [COMPANY, EUROPE]],
			['nothing like it', []],
		])('are found by name and id: %j', async (filter, expected) => {
			expect(values(await companies(filter))).toEqual(expected);
		});

		test('include the company of the credential even if Procore does not list it', async () => {
			await n8n.connect({ version, companyId: EUROPE });
			expect(values(await companies())).toEqual([COMPANY, EUROPE]);
			await n8n.connect({ version, companyId: UNCONNECTED });
			expect(await companies()).toContainEqual({
				name: `Company ${UNCONNECTED}`,
				value: UNCONNECTED,
			});
		});

		test('are reduced to the company of the credential if a service account cannot list them', async () => {
			await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
			await n8n.control.addFault({
				path: '/companies',
				effect: { kind: 'status', status: 403, body: { errors: ['Forbidden'] } },
			});
			expect(values(await companies())).toEqual([COMPANY]);
		});

		test('fail with an explanation if the account cannot be asked', async () => {
			await n8n.control.revokeGrants();
			expect(await message(companies())).toContain('connect it again');
		});
	});

	describe('projects in the panel of the action node', () => {
		const search = async (parameters: INodeParameters, filter?: string, token?: string) =>
			await n8n.listSearch('procore', 'searchProjects', parameters, filter, token);
		const here = { companyId: byId(COMPANY) };

		test('are the active ones of the selected company, by name', async () => {
			const { results, paginationToken } = await search(here);
			expect(results).toEqual([
				{ name: 'DC-002 - Dry Creek Depot', value: OTHER_PROJECT },
				{ name: 'HS-014 - Harbour Street Clinic', value: PROJECT },
				{ name: 'MS-107 - Mill Lane School', value: '902391' },
				{ name: 'NQ-021 - North Quay Apartments', value: '902402' },
			]);
			expect(paginationToken).toBeUndefined();
		});

		test('are searched by Procore', async () => {
			expect(values((await search(here, 'school')).results)).toEqual(['902391']);
			const queries = (await n8n.requests()).map(({ query }) => query);
			expect(queries).toHaveLength(2);
			expect(queries).toContainEqual(expect.objectContaining({ 'filters[name]': 'school' }));
			expect(queries).toContainEqual(
				expect.objectContaining({ 'filters[project_number]': 'school' }),
			);
		});

		test.each([
			['part of the name, ignoring case', ' QUAY ', ['902402']],
			['the number', 'MS-107', ['902391']],
			['the id', '902391', ['902391']],
			['the label', 'MS-107 - Mill Lane School', ['902391']],
			['the beginning of the label', 'MS-107 - Mill', ['902391']],
			['the URL', 'https://app.procore.com/902391/project/home', ['902391']],
			['text that matches nothing', 'P3', []],
			['the id of a project that is closed', '901870', []],
			['the id of another company', '598134325900121', []],
			['text that only looks like a URL', '../902391', []],
		])('are found by %s: %j', async (_case, filter, expected) => {
			expect(values((await search(here, filter)).results)).toEqual(expected);
		});

		describe('with the same name, twelve of them', () => {
			let twelve: string[] = [];
			beforeEach(async () => {
				twelve = [];
				for (let index = 1; index <= 12; index += 1) {
					const number = index <= 2 ? `TI-${index}` : '';
					const project = { companyId: COMPANY, name: 'Tenant Improvement', number };
					twelve.push((await n8n.control.addProject(project)).id);
				}
				await n8n.requests();
			});

			test('show their number, or else their id, in both panels', async () => {
				const labels = [
					'TI-1 - Tenant Improvement',
					'TI-2 - Tenant Improvement',
					...twelve.slice(2).map((id) => `Tenant Improvement (ID ${id})`),
				];
				const { results } = await search(here, 'tenant');
				expect(results.map(({ name }) => name)).toEqual(labels);
				expect(values(results)).toEqual(twelve);
				const options = await n8n.loadOptions('procoreTrigger', 'getProjects', here);
				expect(options.map(({ name }) => name)).toEqual(expect.arrayContaining(labels));
				expect(options).toHaveLength(PROJECTS.length + 12);
			});

			test('are each found by number, by id and by label', async () => {
				for (const filter of ['TI-2', 'TI-2 - Tenant Improvement', String(twelve[1])]) {
					expect(values((await search(here, filter)).results)).toEqual([twelve[1]]);
				}
				const label = `Tenant Improvement (ID ${twelve[7]})`;
				for (const filter of [String(twelve[7]), label]) {
					expect((await search(here, filter)).results).toEqual([{ name: label, value: twelve[7] }]);
				}
			});
		});

		test('are compared with the search text in case Procore does not filter them', async () => {
			await n8n.control.addFault({
				path: '/projects',
				times: 0,
				effect: { kind: 'ignoreFilters' },
			});
			expect(values((await search(here, 'MS-107')).results)).toEqual(['902391']);
		});

		test('appear once even if name, number and id match, on every page', async () => {
			const name = 'Site 902391';
			const made = await Promise.all(
				Array.from({ length: 305 }, async () =>
					n8n.control.addProject({ companyId: COMPANY, name }),
				),
			);
			await n8n.control.addProject({ companyId: COMPANY, name, number: '902391' });
			const first = await search(here, '902391');
			expect(values(first.results).slice(0, 1)).toEqual(['902391']);
			expect(first.results[1]?.name).toBe(`902391 - ${name}`);
			const second = await search(here, '902391', String(first.paginationToken));
			expect(second.paginationToken).toBeUndefined();
			const all = [...values(first.results), ...values(second.results)];
			expect(new Set(all).size).toBe(all.length);
			expect(all).toHaveLength(made.length + 2);
		});

		test("are those of the credential's company if none is selected", async () => {
			await n8n.connect({ version, companyId: EUROPE });
			expect(values((await search({ companyId: byId('') })).results)).toEqual([
				'598134325900121',
				'598134325900177',
			]);
		});

		test('are loaded one page at a time', async () => {
			await Promise.all(
				Array.from({ length: 300 }, async (_, index) =>
					n8n.control.addProject({ companyId: COMPANY, name: `Tower ${index}` }),
				),
			);
			await n8n.requests();
			const first = await search(here);
			expect(first.results).toHaveLength(300);
			expect(await n8n.requests()).toHaveLength(1);
			const second = await search(here, undefined, String(first.paginationToken));
			expect(second.results).toHaveLength(4);
			expect(second.paginationToken).toBeUndefined();
			const all = new Set([...values(first.results), ...values(second.results)]);
			expect(all.size).toBe(304);
		});

		test('are those of the company in a pasted URL, and of no other text', async () => {
			const address = 'https://app.procore.com/4501177/company/home/list';
			expect((await search({ companyId: byId(address) })).results).toHaveLength(PROJECTS.length);
			await n8n.requests();
			expect(await message(search({ companyId: byId('..') }))).toContain(
				'is not a valid Procore ID for Company',
			);
			expect(await n8n.requests()).toEqual([]);
		});

		test('require a company first', async () => {
			expect(await message(search({ companyId: byId('') }))).toContain('No company selected');
			expect(await n8n.requests()).toEqual([]);
		});

		test('explain that the app is not connected to the company', async () => {
			expect(await message(search({ companyId: byId(UNCONNECTED) }))).toContain('Install the app');
		});
	});

	test('projects in the panel of the trigger are all active ones', async () => {
		await Promise.all(
			Array.from({ length: 300 }, async (_, index) =>
				n8n.control.addProject({ companyId: COMPANY, name: `Tower ${index}` }),
			),
		);
		const options = await n8n.loadOptions('procoreTrigger', 'getProjects', {
			companyId: byId(COMPANY),
		});
		expect(options).toHaveLength(304);
		expect(values(options)).toEqual(expect.arrayContaining(PROJECTS));
		expect(values(options)).not.toContain('901870');
	});

	describe.each([
		['getProjects', 'projectIds', [PROJECT]],
		['getEvents', 'events', ['RFIs:create']],
	])('%s, if Procore does not allow it,', (method, parameter, selected) => {
		const options = async (more: INodeParameters) =>
			await n8n.loadOptions('procoreTrigger', method, {
				...{ companyId: byId(UNCONNECTED), scope: 'projects' },
				...more,
			});

		test('shows the reason as its only entry, which a new node has no other place for', async () => {
			const reason = /not connected to this company.*Install the app in this company/;
			expect(await options({})).toEqual([{ name: expect.stringMatching(reason), value: '' }]);
		});

		test('fails if something is selected, so that n8n does not call it unsupported', async () => {
			expect(await message(options({ [parameter]: selected }))).toMatch(/not connected/);
		});
	});

	test.each(['getProjects', 'getEvents'])(
		'%s says how to read the list again if n8n read it before it had selected the credential',
		async (method) => {
			const settings = { credentials: {} };
			expect(await n8n.loadOptions('procoreTrigger', method, {}, settings)).toEqual([
				{ name: expect.stringMatching(/before a credential.*Refresh List/), value: '' },
			]);
		},
	);

	describe('users in the filters of the trigger', () => {
		const users = async () =>
			await n8n.loadOptions('procoreTrigger', 'getUsers', { companyId: byId(COMPANY) });

		test('are listed by name, with their IDs as values', async () => {
			expect(await users()).toContainEqual({
				name: expect.stringMatching(/^Dana Okafor \(.+@.+\)$/),
				value: '7710345',
			});
		});

		test('are a message if the account cannot read the directory', async () => {
			const effect = { kind: 'status', status: 403, body: { errors: ['Forbidden'] } } as const;
			await n8n.control.addFault({ path: '/users', effect });
			expect(await users()).toEqual([
				{ name: expect.stringContaining('Enter the IDs in Users Not Listed (IDs)'), value: '' },
			]);
		});
	});

	describe('hooks', () => {
		const search = async (parameters: INodeParameters, filter?: string) =>
			(
				await n8n.listSearch(
					'procore',
					'searchHooks',
					{ resource: 'trigger', operation: 'getAll', ...parameters },
					filter,
				)
			).results;

		test('are those of the selected scope in the namespace', async () => {
			const scope = { scope: 'projects', projectIds: [PROJECT], events: ['RFIs:create'] };
			const parameters = { companyId: byId(COMPANY), ...scope, namespace: 'flows' };
			await new TriggerBench(n8n, parameters).create();
			const [hook] = (await n8n.control.state()).hooks;
			const panel = {
				companyId: byId(COMPANY),
				scope: 'project',
				projectId: byId(PROJECT),
				namespace: 'flows',
			};
			const [found, ...others] = await search(panel);
			expect(others).toEqual([]);
			expect(found?.value).toBe(hook?.id);
			expect(found?.name).toBe(
				'RFIs created · flows · Harbour Street Clinic · Workflow workflow-1',
			);
			expect(values(await search(panel, 'n8n.larkspur'))).toEqual([hook?.id]);
			expect(await search(panel, 'elsewhere')).toEqual([]);
			expect(values(await search(panel, 'rfis created'))).toEqual([hook?.id]);
			expect(values(await search({ ...panel, namespace: '' }))).toEqual([hook?.id]);
		});

		test('show the events, the kind and the project, and the id if all that is equal', async () => {
			const scope = { companyId: byId(COMPANY), scope: 'projects', projectIds: [PROJECT] };
			const events = ['RFIs:create', 'RFIs:update', 'Submittals:create', 'Images:create'];
			await new TriggerBench(n8n, { ...scope, events }).create();
			const panel = { companyId: byId(COMPANY), scope: 'project', projectId: byId(PROJECT) };
			const [first] = await search({ ...panel, namespace: '' });
			expect(first?.name).toMatch(
				/^.+, .+, .+ and 1 more · Procore Trigger · Harbour Street Clinic · Workflow workflow-1$/,
			);
			await n8n.control.addFault({
				path: '/triggers',
				times: 0,
				effect: { kind: 'status', status: 403 },
			});
			const [unread] = await search({ ...panel, namespace: '' });
			expect(unread?.name).toMatch(
				/^https:.* · Procore Trigger · Harbour Street Clinic · Workflow workflow-1$/,
			);
		});

		test.each([
			[
				'in a project, how to find others',
				{ scope: 'project', projectId: byId(OTHER_PROJECT), namespace: 'flows' },
				/no hook in the namespace "flows" in project \d+, but 1 hook is in another namespace\. Clear Namespace/,
			],
			[
				'in any namespace of a project',
				{ scope: 'project', projectId: byId(PROJECT), namespace: 'flows' },
				/no hook in the namespace "flows" in project 902214, and none in any other namespace\./,
			],
			[
				'in a company, which has no list of all',
				{ scope: 'company', namespace: '' },
				version === 'v2.0'
					? /^Webhooks API v2\.0 lists .* one namespace at a time/
					: /no hook in company/,
			],
			[
				'in a project that has none at all',
				{ scope: 'project', projectId: byId(PROJECT), namespace: '' },
				/^There is no hook in project 902214 yet\.$/,
			],
			[
				'in a namespace of a company',
				{ scope: 'company', namespace: 'flows' },
				version === 'v2.0'
					? /no hook in the namespace "flows" in company 4501177\. .* Enter the namespace/
					: /no hook in the namespace "flows" in company 4501177, and none/,
			],
		])('say if there are none %s', async (_case, panel, told) => {
			const scope = { scope: 'projects', projectIds: [OTHER_PROJECT], events: ['RFIs:create'] };
			await new TriggerBench(n8n, { companyId: byId(COMPANY), ...scope }).create();
			expect(await message(search({ companyId: byId(COMPANY), ...panel }))).toMatch(told);
		});

		test('require a project first', async () => {
			const panel = { companyId: byId(COMPANY), scope: 'project', projectId: byId('') };
			expect(await message(search(panel))).toContain('No project selected');
		});
	});

	describe('events', () => {
		const events = async (parameters: INodeParameters) =>
			await n8n.loadOptions('procoreTrigger', 'getEvents', {
				companyId: byId(COMPANY),
				...parameters,
			});

		test('of a project are those of its tools', async () => {
			const options = await events({ scope: 'projects', projectIds: [PROJECT] });
			expect(options).toContainEqual(
				expect.objectContaining({
					name: 'RFIs created (RFI created, request for information)',
					value: 'RFIs:create',
				}),
			);
			expect(values(options)).not.toContain('Company Vendors:create');
			// The resources of a tool stand together, each with create, update, delete.
			const tools = options.map(({ description }) => description);
			const changes = tools.filter((tool, index) => tool !== tools[index - 1]);
			expect(changes).toHaveLength(new Set(tools).size);
			expect(values(options).filter((value) => String(value).startsWith('RFIs:'))).toEqual([
				'RFIs:create',
				'RFIs:update',
				'RFIs:delete',
			]);
		});

		test('of a company are the company-level ones', async () => {
			const options = values(await events({ scope: 'company' }));
			expect(options).toContain('Company Vendors:create');
			expect(options).not.toContain('RFIs:create');
		});

		test('of all projects are those of any project', async () => {
			const options = values(await events({ scope: 'allProjects' }));
			expect(options).toContain('RFIs:create');
			expect(options).not.toContain('Company Vendors:create');
		});

		test('are only those that Procore allows', async () => {
			const company = values(await events({ scope: 'company' }));
			expect(company).toContain('Bids:update');
			expect(company).not.toContain('Bids:create');
			const project = values(await events({ scope: 'projects', projectIds: [PROJECT] }));
			expect(project).toContain('Task Items:update');
			expect(project).not.toContain('Task Items:delete');
		});

		test('depend on the payload version', async () => {
			const scope = { scope: 'projects', projectIds: [PROJECT] };
			const v4 = await events({ ...scope, options: { payloadVersion: 'v4.0' } });
			expect(values(v4)).toContain('Commitment Contracts:create');
			expect(values(await events(scope))).not.toContain('Commitment Contracts:create');
		});

		test('can all be subscribed to', async () => {
			const scope = { scope: 'projects', projectIds: [PROJECT], companyId: byId(COMPANY) };
			const all = values(await events(scope)).map(String);
			await new TriggerBench(n8n, { ...scope, events: all }).create();
			expect((await n8n.control.state()).hooks[0]?.triggers).toHaveLength(all.length);
		});

		test('are offered before a project is selected, because they are the same in each', async () => {
			expect(await events({ scope: 'projects', projectIds: [] })).toEqual(
				await events({ scope: 'projects', projectIds: [PROJECT] }),
			);
		});
	});
});
