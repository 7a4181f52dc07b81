import type { N8nInstance } from '../harness/n8n-instance';
import type { Workflow } from '../harness/n8n-rest';
import { startOwnStack, WITHOUT_EDITOR, type Stack } from '../harness/stack';
import { expectedItem, GENERATIONS, SCOPES } from './procore';
import { Scene } from './scene';

/** Longer than the first pause before a delivery is retried. */
const RETRY_SECONDS = 10 * 60;

describe('Procore Trigger across restarts of n8n', () => {
	const [, { parameters, change }] = SCOPES;
	let stack: Stack<N8nInstance>;
	let scene: Scene;
	let workflows: Workflow[];
	let fired = 0;

	beforeAll(async () => {
		stack = await startOwnStack({ env: WITHOUT_EDITOR });
		workflows = [];
		for (const generation of GENERATIONS) {
			scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
			workflows.push(await scene.activate(parameters));
		}
	});

	afterAll(async () => {
		await stack.stop();
	});

	/** Expects that an event in Procore reaches both workflows, once each. */
	async function expectDelivery(event = scene.fire(change)): Promise<void> {
		const item = expectedItem(await event, 'v2.0');
		expect((await event).deliveries).toBe(workflows.length);
		fired += 1;
		for (const workflow of workflows) {
			const runs = await scene.received(workflow, fired);
			expect(runs).toHaveLength(fired);
			expect(runs[fired - 1]).toEqual([item]);
		}
	}

	test.each([
		{ end: 'killed', engine: 'the current activation engine', service: 'true' },
		{ end: 'stopped', engine: 'that of n8n before 2.40', service: 'false' },
	])('keeps its hooks after n8n was $end, with $engine', async ({ end, service }) => {
		const before = await scene.hooks();
		expect(before).toHaveLength(workflows.length);

		if (end === 'killed') await stack.n8n.kill();
		else await stack.n8n.stop();
		expect(await scene.hooks()).toEqual(before);
		const missed = await scene.fire(change);
		await stack.n8n.restart({ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: service });

		expect(await scene.hooks()).toEqual(before);
		// Events that happened meanwhile arrive when Procore retries them, before new ones.
		await scene.control.advance(RETRY_SECONDS);
		await expectDelivery(Promise.resolve(missed));
		await expectDelivery();
		expect(await scene.hooks()).toEqual(before);
	});

	test('leaves no hook when the workflows are deactivated afterwards', async () => {
		for (const { id } of workflows) await scene.rest.deactivate(id);
		expect(await scene.hooks()).toEqual([]);
	});
});
