import { GENERATIONS, SCOPES } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import { RECEIVED, TRIGGER, triggerNode, triggerWorkflow } from '../e2e/workflows';
import type { N8nInstance } from '../harness/n8n-instance';
import { startOwnStack, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { Report } from './report';
import { makeEvents, sendAll } from './requests';

const [, { parameters, change }] = SCOPES;

/** A check first reads all undelivered events, page by page. */
const READ_WITHIN = 300_000;

/** The most recovered events in one execution. */
const BATCH = 100;

describe.each(GENERATIONS)('Undelivered events on Webhooks API %s', (generation) => {
	const report = new Report(`Given-up events, Webhooks API ${generation}`);
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack({ env: SAVE_PROGRESS });
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterAll(async () => {
		report.print();
		await scene.clear();
		await stack.stop();
	});

	test('are recovered once, in order and in batches although n8n is killed and restarted', async () => {
		const workflow = await scene.activate({ ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS });
		const ledger = new Ledger(scene.rest, workflow);
		const hook = await scene.onlyHook();
		await stack.n8n.stop();
		await scene.control.addDeliveries(hook.id, {
			count: MEASURE.givenUp,
			statuses: ['discarded', 'discarded', 'failed'],
			resourceNames: ['RFIs'],
		});
		const { deliveries } = await scene.control.state();

		await stack.n8n.restart();
		await ledger.reach(MEASURE.givenUp / 4, READ_WITHIN);
		await stack.n8n.kill();
		await stack.n8n.restart();
		await ledger.reach(MEASURE.givenUp / 2, READ_WITHIN);
		await stack.n8n.restart();
		const tally = await ledger.settle(deliveries, READ_WITHIN);
		await stack.n8n.restart();
		await ledger.settle(await scene.control.change(change), 60_000);

		const after = ledger.tally(deliveries);
		report.add(
			`${MEASURE.givenUp} events given up; n8n killed once and restarted twice meanwhile`,
			after,
			`${ledger.runs.filter(({ length }) => length > 0).length} executions`,
		);
		expect(tally).toMatchObject({ started: MEASURE.givenUp, doubled: 0, lost: 0 });
		expect(after).toEqual(tally);
		expect(tally.cutOff).toBeLessThanOrEqual(BATCH);
		expect(Math.max(...ledger.runs.map(({ length }) => length))).toBe(BATCH);
		const inOrder = deliveries.map(({ ulid }) => ulid).sort();
		const givenUp = new Set(inOrder);
		const recovered = new Set(ledger.runs.flat());
		expect(ledger.runs.flat().filter((ulid) => givenUp.has(ulid))).toEqual(
			inOrder.filter((ulid) => recovered.has(ulid)),
		);
	});
});

describe('Duplicate deliveries', () => {
	const report = new Report('Duplicate deliveries');
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack({ env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } });
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
	});

	afterAll(async () => {
		report.print();
		await stack.stop();
	});

	test('of an event that waits for its turn in n8n start no execution', async () => {
		const workflow = await scene.activate(parameters, {
			name: 'Slow',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 6, unit: 'seconds' },
		});
		const ledger = new Ledger(scene.rest, workflow);
		await scene.control.setDeliveryTimeout(2_000);
		const events = await scene.control.change({ ...change, count: 5 });
		const tally = await ledger.settle(events, 60_000);
		await scene.control.setDeliveryTimeout(5_000);
		const executions = await scene.rest.executions(workflow.id);
		report.add(
			'one execution at a time, each longer than Procore waits',
			tally,
			`${executions.length} executions`,
		);
		const { deliveries } = await scene.control.state();
		expect(Math.max(...deliveries.map(({ attempts }) => attempts.length))).toBeGreaterThan(1);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(executions).toHaveLength(events.length);
	});

	test('after a restart run nothing behind a trigger with Always Output Data', async () => {
		const trigger = { ...triggerNode(scene.credential, parameters), alwaysOutputData: true };
		const { id } = await scene.add(triggerWorkflow(trigger));
		const workflow = await scene.rest.activate(id);
		const { authorization } = await scene.onlyHook();
		const requests = makeEvents(1).map(({ body }) => ({ body, authorization }));
		await sendAll(scene.url(workflow), requests, 1);
		await scene.rest.waitForExecutions(id, 1);
		await stack.n8n.restart();
		await sendAll(scene.url(workflow), requests, 1);
		const executions = await waitFor(
			'the execution of the duplicate',
			async () => {
				const all = await scene.rest.waitForExecutions(id, 2);
				return all.length === 2 ? all : undefined;
			},
			60_000,
		);
		expect(executions.map(({ nodes }) => nodes)).toEqual([[TRIGGER, RECEIVED], [TRIGGER]]);
	});
});
