import type { SeedCompany } from '../../emulator/control-client';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { Actions } from './actions';
import { CREDENTIAL_TYPE } from './credentials';
import { CLINIC, COMPANY, GENERATIONS } from './procore';
import { Scene } from './scene';
import { ACTION_TYPE, selected } from './workflows';

const OPERATIONS = ['webhookResource getAll', 'company getAll', 'project getAll'];

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Companies, projects and resources on Webhooks API %s', (generation) => {
	let scene: Scene;
	let actions: Actions;
	let companies: SeedCompany[];

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		({ companies } = await scene.control.seed());
		actions = await Actions.set(scene, OPERATIONS);
	});

	test('lists the companies that the app is connected to', async () => {
		const listed = await actions.items('company company getAll', {}, { limit: 1 });

		const expected = companies.map(({ id, name }) => expect.objectContaining({ id, name }));
		expect(listed).toEqual([...expected, expected[0]]);
		const own = await actions.item('company company getAll', { limit: 1, simplify: false });
		expect(own).toMatchObject({ id: Number(COMPANY.id), logo_url: null });
	});

	test('lists the active projects of each company with every digit of their ids', async () => {
		const listed = await actions.items(
			'project project getAll',
			...companies.map(({ id }) => ({ company: id })),
		);

		const active = companies.flatMap(({ projects }) => projects.filter((one) => one.active));
		const names = (projects: ReadonlyArray<{ id?: unknown; display_name?: unknown }>) =>
			projects.map(({ id, display_name }) => `${id} ${display_name}`).sort();
		expect(names(listed)).toEqual(names(active));
		expect(listed.some(({ id }) => String(id).length > 10)).toBe(true);
		expect(await actions.items('project project getAll', { limit: 2 })).toHaveLength(2);
	});

	test('offers for deliveries every event type that Procore lists', async () => {
		const choices = await scene.rest.loadOptions({
			method: 'getDeliveryEventTypes',
			path: 'filters.eventType',
			nodeType: ACTION_TYPE,
			parameters: {
				resource: 'delivery',
				operation: 'getAll',
				companyId: selected(COMPANY.id),
				scope: 'project',
				projectId: selected(CLINIC.id),
				filters: { eventType: 'Created' },
			},
			credentials: { [CREDENTIAL_TYPE]: scene.credential },
		});
		const others = generation === 'v2.0' ? ['Created', 'Completed'] : [];
		expect(choices.map(({ value }) => value)).toEqual(['create', 'update', 'delete', ...others]);
	});

	test('lists what each scope can subscribe to, for each payload version', async () => {
		const offered = async (scope: 'company' | 'project', version = 'v2.0') =>
			await actions.items(`${scope} webhookResource getAll`, { version });
		const names = async (scope: 'company' | 'project', version?: string) =>
			(await offered(scope, version)).map(({ name }) => name);

		expect(await offered('project')).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ name: 'RFIs', events: ['create', 'update', 'delete'] }),
				expect.objectContaining({ name: 'Task Items', events: ['create', 'update'] }),
			]),
		);
		const ofCompany = await names('company');
		expect(ofCompany).toContain('Offices');
		expect(ofCompany).not.toContain('RFIs');
		expect(await names('project', 'v4.0')).toContain('Commitment Contracts');
		expect(await names('project')).not.toContain('Commitment Contracts');
		expect(await actions.items('project webhookResource getAll', { limit: 3 })).toHaveLength(3);
	});
});
