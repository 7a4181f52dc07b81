import { sleep } from 'n8n-workflow';

import { COMPANY, CLINIC, SCOPES } from '../e2e/procore';
import { triggerNode, triggerWorkflow } from '../e2e/workflows';
import { textAt } from '../harness/json';
import type { Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { checksEvery, MEASURE } from './measure';
import { useOwnScene } from './own-scene';

const [, { parameters, change }] = SCOPES;

const CHECK_EVERY_SECONDS = 5;

/** So that a problem that is reported twice would be seen. */
const TWO_CHECKS_MS = 2_200 * CHECK_EVERY_SECONDS;

const ERROR_TRIGGER = 'Error Trigger';

describe.each(MEASURE.generations)('A problem of a trigger on Webhooks API %s', (generation) => {
	const suite = useOwnScene(`Reported problems, Webhooks API ${generation}`, generation);
	let alarm: Workflow;

	beforeEach(async () => {
		const { id } = await suite.scene.add({
			name: 'Alarm',
			nodes: [{ name: ERROR_TRIGGER, type: 'n8n-nodes-base.errorTrigger', parameters: {} }],
			connections: {},
			settings: { executionOrder: 'v1' },
		});
		alarm = await suite.scene.rest.activate(id);
	});

	afterEach(async () => {
		await suite.scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
	});

	async function activate(onError = 'stopWorkflow'): Promise<Workflow> {
		const draft = triggerWorkflow(
			triggerNode(suite.scene.credential, {
				...parameters,
				pollTimes: checksEvery(CHECK_EVERY_SECONDS),
			}),
		);
		const nodes = draft.nodes.map((node) => ({ ...node, onError }));
		const { id } = await suite.scene.add({
			...draft,
			nodes,
			settings: { ...draft.settings, errorWorkflow: alarm.id },
		});
		return await suite.scene.rest.activate(id);
	}

	/** The messages with which the error workflow was started, the oldest first. */
	async function alarms(): Promise<string[]> {
		const executions = await suite.scene.rest.executions(alarm.id);
		const whole = await Promise.all(
			executions.map(async ({ id }) => await suite.scene.rest.execution(id)),
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
		await suite.scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [CLINIC.id] });

	const SCENES: Array<[string, () => Promise<void>, RegExp]> = [
		[
			'Procore is down for three checks',
			async () => {
				await suite.scene.control.addFault({
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
			'the hook is deleted and cannot be created again',
			async () => {
				await suite.scene.control.deleteHook((await suite.scene.onlyHook()).id);
				await suite.scene.control.addFault({
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
			// A report does not become an event, even if the workflow is to go on after an error.
			const workflow = await activate('continueRegularOutput');
			const ledger = new Ledger(suite.scene.rest, workflow);
			const before = await suite.scene.control.change({ ...change, count: 5 });
			await ledger.settle(before, 60_000);
			await begin();

			const [message] = await untilAlarm();
			expect(message).toMatch(sentence);
			const isListening = (await suite.scene.hooks()).length > 0;
			const during = isListening ? await suite.scene.control.change({ ...change, count: 5 }) : [];
			await sleep(TWO_CHECKS_MS);
			expect(await alarms()).toEqual([message]);

			const logged = suite.stack.n8n.logs().length;
			await suite.scene.control.clearFaults();
			await suite.scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
			await waitFor(
				'the log to say that the problem is solved',
				() =>
					suite.stack.n8n.logs().includes('Procore Trigger: Resolved: The hook of project', logged)
						? true
						: undefined,
				60_000,
			);
			const after = await suite.scene.control.change({ ...change, count: 5 });
			const all = [...before, ...during, ...after];
			const tally = await ledger.settle(all, 60_000);
			suite.report.add(name, tally, `${(await alarms()).length} report`);
			expect(tally).toMatchObject({ started: all.length, doubled: 0, lost: 0 });
			expect(await alarms()).toEqual([message]);
			expect((await suite.scene.rest.getWorkflow(workflow.id)).active).toBe(true);
		},
	);

	test('is neither forgotten nor reported twice if n8n is killed right after the report', async () => {
		const workflow = await activate();
		const ledger = new Ledger(suite.scene.rest, workflow);
		const events = await suite.scene.control.change({ ...change, count: 5 });
		await ledger.settle(events, 60_000);
		await deny();
		const reported = await untilAlarm();
		await suite.stack.n8n.kill();
		await suite.stack.n8n.restart();
		await sleep(TWO_CHECKS_MS);
		events.push(...(await suite.scene.control.change({ ...change, count: 5 })));
		const tally = await ledger.settle(events, 60_000);
		suite.report.add('n8n killed right after a report', tally, `${(await alarms()).length} report`);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(await alarms()).toEqual(reported);
	});
});
