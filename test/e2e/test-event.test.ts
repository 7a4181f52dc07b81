import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import type { JsonObject } from '../harness/json';
import { waitFor } from '../harness/wait';
import { expectedItem, GENERATIONS, SCOPES } from './procore';
import { Scene } from './scene';
import { RECEIVED, TRIGGER } from './workflows';

const [, project] = SCOPES;

describe.each(GENERATIONS)('A test of Procore Trigger on Webhooks API %s', (generation) => {
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

	test('starts with an event that Procore sends before n8n has set up the test hook', async () => {
		await scene.control.addFault({
			method: 'POST',
			path: 'triggers',
			times: 0,
			effect: { kind: 'delay', ms: 1_000, when: 'after' },
		});
		const workflow = await scene.draft(project.parameters);
		const listening = scene.rest.runManually(workflow.id, { from: TRIGGER });
		await waitFor(
			'the test hook to have its triggers',
			async () => {
				const [hook] = await scene.hooks();
				return hook?.triggers.length === project.triggers.length ? true : undefined;
			},
			30_000,
			10,
		);
		const event = await scene.fire(change);
		await waitFor(
			'n8n to answer that it does not know the hook',
			async () => {
				const [delivery] = (await scene.control.state()).deliveries;
				return delivery?.attempts[0]?.responseStatus === 401 ? true : undefined;
			},
			10_000,
			10,
		);
		await listening;
		const [run] = await scene.executions(workflow.id, 1);
		expect(run?.itemsOf(RECEIVED)).toEqual([expectedItem(event, 'v2.0')]);
		expect(await scene.hooksBecome(0)).toEqual([]);
	});
});
