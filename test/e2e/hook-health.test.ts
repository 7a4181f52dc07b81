import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { URL_A } from './actions';
import { CLINIC, COMPANY, DEPOT, GENERATIONS } from './procore';
import { Scene } from './scene';
import { actionNode } from './workflows';

const HOOKS = 300;
const RFI_UPDATE = { resourceName: 'RFIs', eventType: 'update' };

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Check Health on Webhooks API %s', (generation) => {
	const isV2 = generation === 'v2.0';
	let scene: Scene;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	});

	/** Creates a hook in each of these projects and returns their ids. */
	async function createHooks(projects: readonly string[]): Promise<string[]> {
		const { items } = await runAction(scene.rest, {
			node: actionNode(scene.credential, {
				...{ resource: 'hook', operation: 'create', scope: 'project', namespace: 'flows' },
				projectId: { __rl: true, mode: 'id', value: '={{ $json.project }}' },
				destinationUrl: URL_A,
			}),
			items: projects.map((project) => ({ project })),
		});
		expect(items).toHaveLength(projects.length);
		return items.map(({ id }) => String(id));
	}

	test('finds exactly the broken ones of 300 hooks in 300 projects, with two requests per hook on v2.0 and three on v1.0', async () => {
		const { control } = scene;
		const { companies } = await control.seed();
		const seeded = companies.find(({ id }) => id === COMPANY.id)?.projects ?? [];
		const projects = seeded.filter(({ active }) => active).map(({ id }) => id);
		while (projects.length < HOOKS) {
			const name = `Project ${projects.length}`;
			projects.push((await control.addProject({ companyId: COMPANY.id, name })).id);
		}
		const ids = await createHooks(projects.slice(0, -1));
		for (const id of ids) {
			await control.editHook(id, { triggers: [RFI_UPDATE] });
			// Clearly before what fails later: Procore's times can have whole seconds.
			await control.addDeliveries(id, { count: 1, secondsAgo: 60 });
		}

		const broken = new Map<string, string>();
		const take = (problem: string): string => {
			const id = ids[7 + 41 * broken.size] ?? '';
			broken.set(id, problem);
			return id;
		};
		await control.editHook(take('wrongUrl'), { destinationUrl: 'http://127.0.0.1:9/old/a' });
		await control.editHook(take('missingTriggers'), { triggers: [] });
		await control.editHook(take('unreachableUrl'), { destinationUrl: 'ftp://127.0.0.1/a' });
		await control.addDeliveries(take('failing'), { count: 1, statuses: ['failed'] });
		if (isV2) await control.editHook(take('disabled'), { status: 'disabled' });
		// Nobody listens there, so that Procore retries.
		const stuck = take('queueStuck');
		const projectId = projects[ids.indexOf(stuck)] ?? '';
		await control.change({ companyId: COMPANY.id, projectId, ...RFI_UPDATE, count: 2 });
		await control.advance(600);
		// A hook that has existed for longer than its silence.
		const [quiet = ''] = await createHooks(projects.slice(-1));
		broken.set(quiet, 'silent');
		await control.editHook(quiet, {
			triggers: [RFI_UPDATE],
			createdAt: new Date(Date.now() - 30 * 86_400_000).toISOString(),
		});
		await control.addDeliveries(quiet, { count: 1, secondsAgo: 2 * 86_400 });
		await control.clearRequests();

		const { items, error } = await runAction(scene.rest, {
			node: actionNode(scene.credential, {
				resource: 'hook',
				operation: 'check',
				options: {
					expectedUrl: 'http://127.0.0.1:9/webhook, ftp://127.0.0.1',
					silentHours: 24,
				},
			}),
		});

		expect(error).toBeUndefined();
		const requests = (await control.requests()).filter(({ path }) => path.startsWith('/rest/'));
		expect(requests.filter(({ status }) => status >= 400)).toEqual([]);
		expect(requests).toHaveLength((isV2 ? 2 : 3) * HOOKS + 1);
		expect(items).toHaveLength(HOOKS);
		const found = items.filter(({ healthy }) => healthy !== true);
		expect(new Map(found.map(({ hook_id, problems }) => [hook_id, problems]))).toEqual(
			new Map([...broken].map(([id, problem]) => [id, [problem]])),
		);
		expect(found).toHaveLength(isV2 ? 7 : 6);
	}, 300_000);

	test('reports a project that it cannot read among the others', async () => {
		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [DEPOT.id] });
		await createHooks([CLINIC.id]);

		const { items, error } = await runAction(scene.rest, {
			node: actionNode(scene.credential, { resource: 'hook', operation: 'check' }),
		});

		expect(error).toBeUndefined();
		expect(items).toEqual([
			expect.objectContaining({ project_name: DEPOT.name, problems: ['notChecked'] }),
			expect.objectContaining({ project_name: CLINIC.name, problems: ['missingTriggers'] }),
		]);
	});
});
