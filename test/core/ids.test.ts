import type { INodeParameters } from 'n8n-workflow';

import { jsonObject } from '../../nodes/Procore/model/json';
import { inProject, jsonOf, messageOf, NOTHING } from './action-support';
import { byId, COMPANY, PROJECT, TriggerBench, useN8n } from './harness';

const COMPANY_PAGE = 'https://app.procore.com/4501177/company/home/list';
const PROJECT_PAGE = 'https://app.procore.com/902214/project/home';
const TOOL_PAGE =
	'https://us02.procore.com/webclients/host/companies/4501177/projects/902214/tools';

/** As an expression, because n8n validates what is typed into the panel, not what an expression returns. */
function given(text: string) {
	return byId(`={{ ${JSON.stringify(text)} }}`);
}

describe('ids that users paste', () => {
	const n8n = useN8n();
	const hooks = (more: INodeParameters) => inProject('hook', 'getAll', more);

	async function pathOf(parameters: INodeParameters): Promise<string | undefined> {
		expect((await n8n.run(parameters)).error).toBeUndefined();
		return (await n8n.requests())[0]?.path;
	}
	const PATH = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/webhooks/hooks`;

	test.each([
		['URLs of pages', COMPANY_PAGE, PROJECT_PAGE],
		['one URL of a newer tool', TOOL_PAGE, TOOL_PAGE],
		['ids with spaces around them', ` ${COMPANY} `, `\t${PROJECT}\n`],
	])('are accepted in the action node as %s', async (_case, company, project) => {
		expect(await pathOf(hooks({ companyId: byId(company), projectId: byId(project) }))).toBe(PATH);
		expect(await pathOf(hooks({ companyId: given(company), projectId: given(project) }))).toBe(
			PATH,
		);
	});

	test('are accepted in the trigger', async () => {
		const bench = new TriggerBench(n8n, {
			companyId: byId(COMPANY_PAGE),
			scope: 'projects',
			projectIds: [PROJECT_PAGE, PROJECT],
			events: ['RFIs:create'],
		});
		await bench.create();
		expect((await n8n.control.state()).hooks.map(({ scope }) => scope)).toEqual([
			{ companyId: COMPANY, projectId: PROJECT },
		]);
		await bench.delete();
		expect((await n8n.control.state()).hooks).toEqual([]);
	});

	test.each([` ${COMPANY}\n`, COMPANY_PAGE])(
		'are accepted in the credential as %j',
		async (companyId) => {
			await n8n.connect({ companyId });
			expect(await pathOf(hooks({ companyId: byId(NOTHING) }))).toBe(PATH);
			const { results } = await n8n.listSearch('procore', 'searchProjects', {
				companyId: byId(''),
			});
			expect(results.length).toBeGreaterThan(0);
		},
	);

	describe('that are not valid', () => {
		afterEach(async () => {
			expect(await n8n.requests()).toEqual([]);
		});
		const told = async (work: Promise<unknown>) =>
			await work.then(
				() => 'nothing failed',
				(failure: unknown) => String(failure),
			);

		test.each(['..', '4501177/..', 'Larkspur Build Co', PROJECT_PAGE])(
			'are rejected in the credential before anything is sent: %j',
			async (companyId) => {
				await n8n.connect({ companyId });
				const reason = /is not a valid Procore ID for Company ID of the credential/;
				expect(messageOf(await n8n.run(hooks({ companyId: byId(NOTHING) })))).toMatch(reason);
				const search = n8n.listSearch('procore', 'searchProjects', { companyId: byId('') });
				expect(await told(search)).toMatch(reason);
				const bench = new TriggerBench(n8n, { scope: 'company', events: ['Offices:create'] });
				expect(await told(bench.create())).toMatch(reason);
			},
		);

		test('are rejected in the panel before anything is sent', async () => {
			const companyId = byId(COMPANY);
			const panel = { companyId, scope: 'project', projectId: byId('..'), namespace: 'flows' };
			expect(await told(n8n.listSearch('procore', 'searchHooks', panel))).toContain(
				'".." is not a valid Procore ID for Project',
			);
			for (const more of [{ companyId: byId('..') }, { projectId: byId('902214/..') }]) {
				const parameters = { ...panel, resource: 'trigger', operation: 'create', ...more };
				const reason = 'is not a valid Procore ID';
				expect(await n8n.loadOptions('procore', 'getEvents', parameters)).toEqual([
					{ name: expect.stringContaining(reason), value: '' },
				]);
				const filled = n8n.loadOptions('procore', 'getEvents', {
					...parameters,
					...{ operation: 'sync', events: ['RFIs:create'] },
				});
				expect(await told(filled)).toContain(reason);
			}
		});

		test('are rejected in the record of an event before anything is sent', async () => {
			const parameters = {
				...{ resource: 'record', operation: 'get', resourceName: 'RFIs', recordId: '5' },
				...{ companyId: byId(COMPANY), projectId: given('../902214') },
			};
			expect(messageOf(await n8n.run(parameters))).toContain(
				'is not a valid Procore ID for Project',
			);
		});

		test('are not sent at a deactivation', async () => {
			for (const parameters of [
				{ companyId: byId('..'), scope: 'company', events: ['Offices:create'] },
				{ companyId: byId(COMPANY), scope: 'projects', projectIds: ['..'], events: [] },
			]) {
				expect(await told(new TriggerBench(n8n, parameters).create())).toMatch(
					/is not a valid Procore ID/,
				);
				expect(await new TriggerBench(n8n, parameters).delete()).toBe(true);
			}
		});
	});

	test('are not sent from stored state that somebody edited', async () => {
		const bench = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'projects',
			projectIds: [PROJECT],
			events: ['RFIs:create'],
		});
		await bench.activate();
		const { hook } = jsonObject(bench.staticData[`node:${bench.name}`]);
		const edited = [
			{ hookId: '1', companyId: COMPANY, projectId: '..' },
			{ hookId: '1', companyId: '..' },
			{ hookId: '../..', companyId: COMPANY, projectId: '902377' },
		];
		const { hooks } = jsonObject(hook);
		const all = [...(Array.isArray(hooks) ? hooks : []), ...edited];
		bench.staticData = { [`node:${bench.name}`]: { hook: { ...jsonObject(hook), hooks: all } } };
		await n8n.requests();
		expect(await bench.delete()).toBe(true);
		expect((await n8n.control.state()).hooks).toEqual([]);
		const paths = (await n8n.requests()).map(({ path }) => path);
		expect(paths.length).toBeGreaterThan(0);
		const inProject = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/webhooks/hooks`;
		expect(paths.filter((path) => !path.startsWith(inProject))).toEqual([]);
	});

	test('are read from pasted URLs for a record too', async () => {
		const change = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs' };
		await n8n.control.change({ ...change, resourceId: '5', eventType: 'update' });
		const parameters = {
			...{ resource: 'record', operation: 'get', resourceName: 'RFIs', recordId: '5' },
			...{ companyId: byId(COMPANY_PAGE), projectId: byId(PROJECT_PAGE) },
		};
		expect(jsonOf(await n8n.run(parameters))).toMatchObject([{ id: 5 }]);
	});
});
