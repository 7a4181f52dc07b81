import { SCOPES, subscriptionsOf } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import { TRIGGER, triggerNode } from '../e2e/workflows';
import type { N8nInstance } from '../harness/n8n-instance';
import type { Workflow } from '../harness/n8n-rest';
import { startOwnStack, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS } from './measure';
import { Report } from './report';

/** How long the workflow that keeps its own static data waits, in seconds: long enough to publish meanwhile. */
const WAIT_SECONDS = 12;

const [, { parameters, change }] = SCOPES;

describe('What n8n stores of a trigger', () => {
	const report = new Report('What n8n stores of a trigger');
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.control.clearFaults();
		await scene.clear();
	});

	afterAll(async () => {
		report.print();
		await stack.stop();
	});

	/** A workflow that waits and then counts in its static data, which n8n saves as one blob at the end of each run. */
	async function countingWorkflow(): Promise<Workflow> {
		const trigger = triggerNode(scene.credential, {
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
		return await scene.add({
			name: 'Counts its runs',
			nodes: [
				trigger,
				{
					name: 'Wait',
					type: 'n8n-nodes-base.wait',
					typeVersion: 1.1,
					parameters: { resume: 'timeInterval', amount: WAIT_SECONDS, unit: 'seconds' },
				},
				{
					name: 'Count',
					type: 'n8n-nodes-base.code',
					typeVersion: 2,
					parameters: {
						jsCode:
							"const data = $getWorkflowStaticData('global'); data.runs = (data.runs ?? 0) + 1; return $input.all();",
					},
				},
			],
			connections: { [TRIGGER]: to('Wait'), Wait: to('Count') },
			settings: { executionOrder: 'v1' },
		});
	}

	it('may come back from the past when a run outlasts a publication: no event is lost', async () => {
		const { rest, control } = scene;
		const draft = await countingWorkflow();
		const workflow = await rest.activate(draft.id);
		const ledger = new Ledger(rest, workflow);
		const before = await control.change(change);
		await waitFor(
			'the workflow to wait',
			async () => ((await rest.executions(workflow.id)).length > 0 ? true : undefined),
			30_000,
		);

		await rest.deactivate(workflow.id);
		const [trigger, ...others] = workflow.nodes;
		if (trigger === undefined) throw new Error('The workflow has no trigger node');
		const events = [...parameters.events, 'Submittals:create'];
		await rest.updateWorkflow(workflow.id, {
			nodes: [{ ...trigger, parameters: { ...trigger.parameters, events } }, ...others],
		});
		await rest.activate(workflow.id);
		expect(await ledger.settle(before, 60_000)).toMatchObject({ started: 1, lost: 0 });

		// The run has ended: what it had read before the publication has been written back.
		const after = await control.change({ ...change, count: 20 });
		const tally = await ledger.settle([...before, ...after], 45_000);
		report.add('static data from before a publication comes back', tally);
		expect(tally).toMatchObject({ started: 21, doubled: 0, lost: 0 });
		expect(subscriptionsOf(await scene.onlyHook())).toEqual([...events].sort());
	});
});
