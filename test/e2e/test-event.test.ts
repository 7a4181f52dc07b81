import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import type { JsonObject } from '../harness/json';
import { expectedItem, GENERATIONS, SCOPES } from './procore';
import { Scene } from './scene';
import { RECEIVED, TRIGGER } from './workflows';

const [, project] = SCOPES;

describe.each(GENERATIONS)('A test with the latest event on Webhooks API %s', (generation) => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	}, 60_000);

	afterAll(async () => {
		await stack.stop();
	}, 60_000);

	const { change } = project;
	const latest = { ...project.parameters, options: { testEvent: 'latest' } };

	async function tested(parameters: JsonObject): Promise<JsonObject[]> {
		const workflow = await scene.draft(parameters);
		await scene.rest.runManually(workflow.id, { from: TRIGGER });
		const [run] = await scene.executions(workflow.id, 1);
		return run?.itemsOf(RECEIVED) ?? [];
	}

	test('starts with the newest event that any hook has been sent, and creates no hook', async () => {
		const other = await scene.activate(project.parameters);
		await scene.fire(change);
		const newest = await scene.fire(change);
		await scene.received(other, 2);
		const hooks = await scene.hooks();

		expect(await tested(latest)).toEqual([expectedItem(newest, 'v2.0')]);
		expect(await scene.hooks()).toEqual(hooks);
	});

	test('starts with a sample of the newest record if no event has been recorded', async () => {
		await scene.fire(change);

		expect(await tested(latest)).toMatchObject([
			{ resource_name: change.resourceName, id: null, source: 'sample' },
		]);
		expect(await scene.hooks()).toEqual([]);
	});

	test('says what to do if there is neither', async () => {
		const nothing = { ...latest, events: ['Submittals:delete'] };
		const workflow = await scene.draft(nothing);
		await expect(scene.rest.runManually(workflow.id, { from: TRIGGER })).rejects.toThrow(
			/no delivery of the selected events.*Wait for a New Event/,
		);
	});
});
