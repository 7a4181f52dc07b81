import { sleep } from 'n8n-workflow';

import { COMPANY, CLINIC, GENERATIONS, SCOPES } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import { triggerNode, triggerWorkflow } from '../e2e/workflows';
import { textAt } from '../harness/json';
import type { N8nInstance } from '../harness/n8n-instance';
import type { Workflow } from '../harness/n8n-rest';
import { startOwnStack, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS } from './measure';
import { Report } from './report';

const [, { parameters, change }] = SCOPES;

/** More than two checks, so that one that reports twice would be seen. */
const THREE_CHECKS_MS = 32_000;

const ERROR_TRIGGER = 'Error Trigger';

describe.each(GENERATIONS)('A problem of a trigger on Webhooks API %s', (generation) => {
	const report = new Report(`Reported problems, Webhooks API ${generation}`);
	let stack: Stack<N8nInstance>;
	let scene: Scene;
	let alarm: Workflow;

	beforeAll(async () => {
		stack = await startOwnStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	beforeEach(async () => {
		const { id } = await scene.add({
			name: 'Alarm',
			nodes: [{ name: ERROR_TRIGGER, type: 'n8n-nodes-base.errorTrigger', parameters: {} }],
			connections: {},
			settings: { executionOrder: 'v1' },
		});
		alarm = await scene.rest.activate(id);
	});

	afterEach(async () => {
		await scene.control.clearFaults();
		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
		await scene.clear();
	});

	afterAll(async () => {
		report.print();
		await stack.stop();
	});

	async function activate(): Promise<Workflow> {
		const draft = triggerWorkflow(
			triggerNode(scene.credential, { ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS }),
		);
		const { id } = await scene.add({
			...draft,
			settings: { ...draft.settings, errorWorkflow: alarm.id },
		});
		return await scene.rest.activate(id);
	}

	/** The messages with which the error workflow was started, the oldest first. */
	async function alarms(): Promise<string[]> {
		const executions = await scene.rest.executions(alarm.id);
		const whole = await Promise.all(
			executions.map(async ({ id }) => await scene.rest.execution(id)),
		);
		return whole
			.sort((one, other) => Number(one.id) - Number(other.id))
			.flatMap((execution) =>
				execution
					.itemsOf(ERROR_TRIGGER)
					.map((item) => textAt(item, 'execution', 'error', 'message') ?? JSON.stringify(item)),
			);
	}

	async function untilAlarm(): Promise<string[]> {
		return await waitFor(
			'the error workflow to start',
			async () => {
				const messages = await alarms();
				return messages.length > 0 ? messages : undefined;
			},
			90_000,
		);
	}

	const deny = async () =>
		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [CLINIC.id] });

	const SCENES: Array<[string, () => Promise<void>, RegExp]> = [
		[
			'Procore is down for three checks',
			async () => {
				await scene.control.addFault({
					path: '^/rest',
					times: 0,
					effect: { kind: 'status', status: 500 },
				});
			},
			/^The hook of project \d+ could not be checked or repaired\. .*500/,
		],
		[
			'the permission is taken away',
			deny,
			/^The hook of project \d+ could not be checked or repaired\. .*"Webhooks API" at level Standard/,
		],
		[
			'the hook is deleted and may not be created again',
			async () => {
				await scene.control.deleteHook((await scene.onlyHook()).id);
				await scene.control.addFault({
					method: 'POST',
					path: '/webhooks/hooks',
					times: 0,
					effect: { kind: 'status', status: 403, body: { error: 'Forbidden' } },
				});
			},
			/^The hook of project \d+ could not be checked or repaired\. .*403/,
		],
	];

	test.each(SCENES)(
		'starts the error workflow once, and live events still start the workflow: %s',
		async (name, begin, sentence) => {
			const workflow = await activate();
			const ledger = new Ledger(scene.rest, workflow);
			const before = await scene.control.change({ ...change, count: 5 });
			await ledger.settle(before, 60_000);
			await begin();

			const [message] = await untilAlarm();
			expect(message).toMatch(sentence);
			const isListening = (await scene.hooks()).length > 0;
			const during = isListening ? await scene.control.change({ ...change, count: 5 }) : [];
			await sleep(THREE_CHECKS_MS);
			expect(await alarms()).toEqual([message]);

			await scene.control.clearFaults();
			await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
			await waitFor(
				'the log to say that the problem is solved',
				() =>
					/Procore Trigger: Solved: The hook of project/.test(stack.n8n.logs()) ? true : undefined,
				60_000,
			);
			const after = await scene.control.change({ ...change, count: 5 });
			const all = [...before, ...during, ...after];
			const tally = await ledger.settle(all, 60_000);
			report.add(name, tally, `${(await alarms()).length} report`);
			expect(tally).toMatchObject({ started: all.length, doubled: 0, lost: 0 });
			expect(await alarms()).toEqual([message]);
			expect((await scene.rest.getWorkflow(workflow.id)).active).toBe(true);
		},
	);

	test('is neither forgotten nor reported twice if n8n is killed right after the report', async () => {
		const workflow = await activate();
		const ledger = new Ledger(scene.rest, workflow);
		const events = await scene.control.change({ ...change, count: 5 });
		await ledger.settle(events, 60_000);
		await deny();
		const reported = await untilAlarm();
		await stack.n8n.kill();
		await stack.n8n.restart();
		await sleep(THREE_CHECKS_MS);
		events.push(...(await scene.control.change({ ...change, count: 5 })));
		const tally = await ledger.settle(events, 60_000);
		report.add('n8n killed right after a report', tally, `${(await alarms()).length} report`);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(await alarms()).toEqual(reported);
	});
});
