import { GENERATIONS, SCOPES } from '../e2e/procore';
import { RECEIVED, TRIGGER, triggerNode, triggerWorkflow } from '../e2e/workflows';
import { waitFor } from '../harness/wait';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { makeEvents, sendAll } from './requests';
import { useOwnScene } from './own-scene';

const [, { parameters, change }] = SCOPES;

/** A check first reads all undelivered events, page by page. */
const READ_WITHIN = 300_000;

/** The most recovered events in one execution. */
const BATCH = 100;

describe.each(GENERATIONS)('Undelivered events on Webhooks API %s', (generation) => {
	const suite = useOwnScene(
		`Undelivered events, Webhooks API ${generation}`,
		generation,
		SAVE_PROGRESS,
	);

	test('are recovered once, in order and in batches although n8n is killed and restarted', async () => {
		const workflow = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(suite.scene.rest, workflow, suite.stack.n8n);
		const hook = await suite.scene.onlyHook();
		await suite.stack.n8n.stop();
		await suite.scene.control.addDeliveries(hook.id, {
			count: MEASURE.givenUp,
			statuses: ['discarded', 'discarded', 'failed'],
			resourceNames: ['RFIs'],
		});
		const { deliveries } = await suite.scene.control.state();

		await suite.stack.n8n.restart();
		await ledger.reach(MEASURE.givenUp / 4, READ_WITHIN);
		await suite.stack.n8n.kill();
		await suite.stack.n8n.restart();
		await ledger.reach(MEASURE.givenUp / 2, READ_WITHIN);
		await suite.stack.n8n.restart();
		const tally = await ledger.settle(deliveries, READ_WITHIN);
		await suite.stack.n8n.restart();
		await ledger.settle(await suite.scene.control.change(change), 60_000);

		const after = ledger.tally(deliveries);
		suite.report.add(
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
	const suite = useOwnScene('Duplicate deliveries', 'v2.0', {
		N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
	});

	test('of an event that waits for its turn in n8n start no execution', async () => {
		const workflow = await suite.scene.activate(parameters, {
			name: 'Slow',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 6, unit: 'seconds' },
		});
		const ledger = new Ledger(suite.scene.rest, workflow, suite.stack.n8n);
		await suite.scene.control.setDeliveryTimeout(2_000);
		const events = await suite.scene.control.change({ ...change, count: 5 });
		const tally = await ledger.settle(events, 60_000);
		await suite.scene.control.setDeliveryTimeout(5_000);
		const executions = await suite.scene.rest.executions(workflow.id);
		suite.report.add(
			'one execution at a time, each longer than Procore waits',
			tally,
			`${executions.length} executions`,
		);
		const { deliveries } = await suite.scene.control.state();
		expect(Math.max(...deliveries.map(({ attempts }) => attempts.length))).toBeGreaterThan(1);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(executions).toHaveLength(events.length);
	});

	test('after a restart run nothing behind a trigger with Always Output Data', async () => {
		const trigger = { ...triggerNode(suite.scene.credential, parameters), alwaysOutputData: true };
		const { id } = await suite.scene.add(triggerWorkflow(trigger));
		const workflow = await suite.scene.rest.activate(id);
		const { authorization } = await suite.scene.onlyHook();
		const requests = makeEvents(1).map(({ body }) => ({ body, authorization }));
		await sendAll(suite.scene.url(workflow), requests, 1);
		await suite.scene.rest.waitForExecutions(id, 1);
		await suite.stack.n8n.restart();
		await sendAll(suite.scene.url(workflow), requests, 1);
		const executions = await waitFor(
			'the execution of the duplicate',
			async () => {
				const all = await suite.scene.rest.waitForExecutions(id, 2);
				return all.length === 2 ? all : undefined;
			},
			60_000,
		);
		expect(executions.map(({ nodes }) => nodes)).toEqual([[TRIGGER, RECEIVED], [TRIGGER]]);
	});
});
