import type { INodeParameters } from 'n8n-workflow';
import { type Generation, PROJECT, PROJECTS, TriggerBench } from './harness';
import {
	IN_PROJECT_EVENTS,
	eventsOf,
	FOREIGN_URL,
	inProjects,
	useTriggerScene,
} from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	const { n8n, bench, hooks, fault, writes, expectRightHooks } = useTriggerScene(version);

	describe('when lists come back unfiltered', () => {
		/** Creates hooks of two other systems in the node's scope and returns their ids. */
		async function plantForeignHooks(): Promise<string[]> {
			for (const namespace of ['erp-sync', 'procore']) {
				await new TriggerBench(n8n, inProjects([PROJECT], { namespace }), namespace).create();
			}
			return (await hooks()).map(({ id }) => id);
		}

		beforeEach(async () => {
			await fault({ kind: 'ignoreFilters' }, { times: 0 });
		});

		test.each<[string, INodeParameters]>([
			['a generated namespace', {}],
			['a namespace that the user entered', { namespace: 'my-app' }],
		])('creates one hook in %s and does not delete those of others', async (_case, more) => {
			const foreign = await plantForeignHooks();
			const before = await hooks();
			const trigger = bench(inProjects([PROJECT], more));
			await trigger.activate();
			const own = (await hooks()).filter(({ id }) => !foreign.includes(id));
			expect(own).toMatchObject([{ destinationUrl: trigger.url }]);
			expect(own[0] && eventsOf(own[0])).toEqual([...IN_PROJECT_EVENTS].sort());
			expect(await trigger.checkExists()).toBe(true);
			await trigger.delete();
			expect(await hooks()).toEqual(before);
		});

		test('does not delete the hooks of others without stored state', async () => {
			await plantForeignHooks();
			const before = await hooks();
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			trigger.staticData = {};
			await trigger.delete();
			expect(await hooks()).toEqual(before);
		});

		test('creates no hook in a closed project', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, PROJECTS);
		});
	});

	test('does not touch a hook that names no namespace and delivers elsewhere', async () => {
		const { url } = bench({});
		const row = (destination_url: string) => ({
			...{ id: 4711, namespace: null, destination_url, destination_headers: {} },
			...{ api_version: 'v2', payload_version: 'v2.0', status: 'active', project_id: PROJECT },
		});
		for (const [destination, deletions] of [
			[FOREIGN_URL, 0],
			[url, 1],
		] as const) {
			const body = version === 'v2.0' ? { data: [row(destination)] } : [row(destination)];
			await fault({ kind: 'status', status: 200, body }, { path: '/hooks\\?' });
			await bench(inProjects([PROJECT])).delete();
			expect(await writes()).toHaveLength(deletions);
		}
	});
});
