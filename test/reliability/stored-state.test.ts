import type { Event } from '../../emulator/control-client';
import { credentialData } from '../e2e/credentials';
import { SCOPES, subscriptionsOf } from '../e2e/procore';
import { TRIGGER, triggerNode } from '../e2e/workflows';
import { startEmulatorProcess } from '../harness/emulator-process';
import type { N8nInstance } from '../harness/n8n-instance';
import type { Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { useOwnScene } from './own-scene';

/** Seconds that the workflow with its own static data waits: long enough to publish meanwhile. */
const WAIT_SECONDS = 12;

/** n8n stores the state of a poll in a separate table, apart from the static data that the lifecycle writes. */
const DURABLE_CURSORS = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
};

/** A manual run asks n8n for its version, which it tells with the settings of its editor. */
const WITH_EDITOR = { N8N_DISABLE_UI: 'false' };

/** Events that a check recovers in several executions. */
const GIVEN_UP = 300;

const [, { parameters, change }] = SCOPES;

async function logSays(n8n: N8nInstance, pattern: RegExp): Promise<void> {
	await waitFor(
		`the log to say ${String(pattern)}`,
		() => (pattern.test(n8n.logs()) ? true : undefined),
		60_000,
	);
}

describe('The stored state of a trigger', () => {
	const suite = useOwnScene('The stored state of a trigger', 'v2.0', WITH_EDITOR);

	/** A workflow that waits and then counts in its static data, which n8n saves as one blob at the end of each run. */
	async function countingWorkflow(): Promise<Workflow> {
		const trigger = triggerNode(suite.scene.credential, {
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
		return await suite.scene.add({
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

	test('can be restored by a run that outlasts a publication without losing an event', async () => {
		const { rest, control } = suite.scene;
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
		suite.report.add('static data from before a publication is restored', tally);
		expect(tally).toMatchObject({ started: 21, doubled: 0, lost: 0 });
		expect(subscriptionsOf(await suite.scene.onlyHook())).toEqual([...events].sort());
	});

	test('is left behind when the credential is switched to another Procore, which gets new hooks', async () => {
		const { rest, control, credential } = suite.scene;
		const workflow = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(rest, workflow);
		const before = await control.change({ ...change, count: 5 });
		await ledger.settle(before, 60_000);
		const old = await suite.scene.onlyHook();
		const other = await startEmulatorProcess();
		try {
			await rest.updateCredential(credential, await credentialData(other.control, 'v2.0'));
			const [made] = await waitFor(
				'the check to make the hook in the other Procore',
				async () => {
					const { hooks } = await other.control.state({ deliveries: 0 });
					return hooks.length === 1 && hooks[0]?.triggers.length ? hooks : undefined;
				},
				60_000,
			);
			expect(made?.authorization).not.toBe(old.authorization);
			await logSays(
				suite.stack.n8n,
				new RegExp(`created at ${suite.stack.emulator.url} \\(${old.id}\\)`),
			);

			const late = await suite.scene.fire(change);
			await waitFor(
				'the old Procore to be refused',
				async () => {
					const { deliveries } = await control.state();
					const statuses = deliveries.find(({ ulid }) => ulid === late.ulid)?.attempts;
					return statuses?.some(({ responseStatus }) => responseStatus === 401) ? true : undefined;
				},
				30_000,
			);
			const after = await other.control.change({ ...change, count: 20 });
			const tally = await ledger.settle([...before, ...after], 45_000);
			suite.report.add('the credential is switched to another Procore', tally);
			expect(tally).toMatchObject({ started: 25, doubled: 0, lost: 0 });
			expect(ledger.unexpected([...before, ...after])).toEqual([]);
			await rest.deactivate(workflow.id);
			expect((await other.control.state({ deliveries: 0 })).hooks).toEqual([]);
		} finally {
			await rest.updateCredential(credential, await credentialData(control, 'v2.0'));
			await other.stop();
		}
	});

	test('of a test hook is lost with a killed n8n, and the next publication removes that hook', async () => {
		const { rest } = suite.scene;
		const draft = await suite.scene.draft(parameters);
		await rest.runManually(draft.id, { from: TRIGGER });
		expect((await suite.scene.onlyHook()).destinationUrl).toBe(
			suite.scene.url(draft, { test: true }),
		);
		await suite.stack.n8n.kill();
		await suite.stack.n8n.restart();
		expect(await suite.scene.hooks()).toHaveLength(1);
		const workflow = await rest.activate(draft.id);
		expect((await suite.scene.onlyHook()).destinationUrl).toBe(suite.scene.url(workflow));
		await rest.deactivate(workflow.id);
		expect(await suite.scene.hooks()).toEqual([]);
	});
});

describe("The stored state of a trigger with n8n's durable poll cursors", () => {
	const suite = useOwnScene('Durable poll cursors', 'v2.0', {
		...DURABLE_CURSORS,
		...SAVE_PROGRESS,
	});

	test('is a separate copy, and the safety check works across a republication and a restart', async () => {
		const { rest, control } = suite.scene;
		const draft = await suite.scene.draft({ ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS });
		const workflow = await rest.activate(draft.id);
		const ledger = new Ledger(rest, workflow);
		const hookIsRight = async () => {
			const hook = await suite.scene.onlyHook();
			return hook.triggers.length === parameters.events.length && hook.status === 'active';
		};
		const tamper = async () => {
			await control.editHook((await suite.scene.onlyHook()).id, {
				triggers: [],
				status: 'disabled',
				authorization: 'Bearer of somebody else',
			});
			await waitFor(
				'the check to repair the hook',
				async () => ((await hookIsRight()) ? true : undefined),
				90_000,
			);
		};
		const events: Event[] = [];
		const sendAndCount = async () => {
			events.push(...(await control.change({ ...change, count: 5 })));
			return await ledger.settle(events, 45_000);
		};
		await sendAndCount();
		await tamper();
		await sendAndCount();

		// The state that a check stored is from before this publication.
		await rest.deactivate(workflow.id);
		await rest.activate(workflow.id);
		await tamper();
		await sendAndCount();

		await suite.stack.n8n.kill();
		await suite.stack.n8n.restart();
		await tamper();
		const tally = await sendAndCount();
		suite.report.add('hook tampered with, republished, n8n killed', tally, 'repaired each time');
		expect(tally).toMatchObject({ started: 20, doubled: 0, lost: 0 });
		expect(suite.stack.n8n.logs()).not.toMatch(/has no hook in Procore/);
	});

	test('lets events that Procore gave up be recovered once although n8n is killed meanwhile', async () => {
		const workflow = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(suite.scene.rest, workflow, suite.stack.n8n);
		const hook = await suite.scene.onlyHook();
		await suite.scene.control.addDeliveries(hook.id, {
			count: GIVEN_UP,
			statuses: ['discarded', 'discarded', 'failed'],
			resourceNames: ['RFIs'],
		});
		const { deliveries } = await suite.scene.control.state();
		for (let kill = 0; kill < MEASURE.kills; kill++) {
			await ledger.reach((kill * GIVEN_UP) / MEASURE.kills + 1, 60_000);
			await suite.stack.n8n.kill();
			await suite.stack.n8n.restart();
		}
		const recovered = await ledger.settle(deliveries, 60_000);
		await ledger.settle(await suite.scene.control.change(change), 60_000);
		const after = ledger.tally(deliveries);
		suite.report.add(`${GIVEN_UP} events given up; n8n killed meanwhile (${MEASURE.kills})`, after);
		expect(recovered).toMatchObject({ started: GIVEN_UP, doubled: 0, lost: 0 });
		expect(after).toEqual(recovered);
	});
});
