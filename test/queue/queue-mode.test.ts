/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from '../../emulator/ids';
import { WEB_USER } from '../../emulator/seed';
import { importExample, runExample } from '../e2e/example-workflows';
import { post, Scene } from '../e2e/scene';
import { SCOPES } from '../e2e/procore';
import { TRIGGER, triggerNode, WEBHOOK_PATH } from '../e2e/workflows';
import { startEmulatorProcess, type EmulatorInstance } from '../harness/emulator-process';
import { POSTGRES_USER } from '../harness/database-servers';
import type { JsonObject } from '../harness/json';
import { ensureN8n } from '../harness/n8n-install';
import type { Workflow, WorkflowDraft, WorkflowNode } from '../harness/n8n-rest';
import { repositoryRoot } from '../harness/paths';
import { startQueueMode, type QueueModeN8n } from '../harness/queue-mode';
import { N8N_LOG_FILE } from '../harness/stack';
import { plainTable } from '../harness/table';
import { waitFor } from '../harness/wait';
import { startDownstream, type Downstream } from './downstream';

/** Installing and starting six servers takes time. */
const START_WITHIN = 15 * 60_000;
const SCENE_WITHIN = 6 * 60_000;

/** Events of a scene in which something is killed. */
const EVENTS = 40;

const TWO_MINUTES = 120;

/** n8n's message for an execution that did not finish. */
const FAILED = ['crashed', 'error', 'canceled'];

const [, { parameters, change }] = SCOPES;

const TABLE = 'Rows';

/** A workflow that reads the table of the recipe for change orders. */
function tableDraft(credentials: NonNullable<WorkflowNode['credentials']>): WorkflowDraft {
	const start: WorkflowNode = {
		...{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
		...{ position: [0, 0], parameters: {} },
	};
	const rows: WorkflowNode = {
		...{ name: TABLE, type: 'n8n-nodes-base.postgres', typeVersion: 2.6, position: [220, 0] },
		parameters: {
			operation: 'executeQuery',
			query: 'SELECT id, status, grand_total FROM procore_change_orders ORDER BY id',
			options: {},
		},
		credentials,
	};
	return {
		name: 'Table of change orders',
		nodes: [start, rows],
		connections: { Start: { main: [[{ node: TABLE, type: 'main', index: 0 }]] } },
	};
}

/** Payload version v2.0, as Procore sends it. */
function bodyOf(eventUlid: string): string {
	return JSON.stringify({
		id: 1,
		ulid: eventUlid,
		timestamp: '2026-11-17T15:42:09.000000Z',
		metadata: {},
		company_id: 4501177,
		project_id: 902214,
		user_id: 7,
		api_version: 'v2.0',
		event_type: change.eventType,
		resource_name: change.resourceName,
		resource_id: 5,
	});
}

/** Counts events, except for `cutOff`, which counts executions. */
interface Outcome {
	scene: string;
	sent: number;
	/** The workflow processed them to the end. */
	finished: number;
	/** The workflow processed them more than once. */
	doubled: number;
	/** Executions that n8n did not finish and reports as failed. */
	cutOff: number;
	/** Events without a trace: they neither finished nor is their execution among those that were cut off. */
	lost: number;
}

describe('Procore Trigger in queue mode with a main process, two workers and two webhook processors', () => {
	const outcomes: Outcome[] = [];
	const log = (line: string) => process.stderr.write(`${line}\n`);
	let queue: QueueModeN8n;
	let emulator: EmulatorInstance;
	let downstream: Downstream;
	let scene: Scene;
	let workflow: Workflow;

	beforeAll(async () => {
		const install = await ensureN8n({ log });
		const logFile = join(tmpdir(), `n8n-nodes-procore-queue-${process.pid}.log`);
		process.env[N8N_LOG_FILE] = logFile;
		[emulator, downstream] = await Promise.all([startEmulatorProcess(), startDownstream()]);
		queue = await startQueueMode({
			install,
			packageRoot: repositoryRoot,
			workers: 2,
			webhookProcessors: 2,
			env: {
				// By default, n8n notices after 60 to 90 seconds that a worker is gone.
				QUEUE_WORKER_LOCK_DURATION: '15000',
				QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
				QUEUE_WORKER_STALLED_INTERVAL: '5000',
			},
			logFile,
			log,
		});
		log(`n8n ${install.version} runs in queue mode; its log is ${logFile}`);
		scene = await Scene.set(queue.main.rest, emulator.control, 'v2.0');
		workflow = await activateWorkflow();
	}, START_WITHIN);

	afterAll(async () => {
		await queue?.dispose();
		await Promise.all([emulator?.stop(), downstream?.stop()]);
		log(
			plainTable([
				['', 'sent', 'finished', 'doubled', 'cut off', 'lost'],
				...outcomes.map(({ scene: name, ...counts }) => [
					name,
					...Object.values(counts).map(String),
				]),
			]),
		);
	});

	/** Tells the downstream system about each event, works for a second, and reports that it is done. */
	async function activateWorkflow(options = {}): Promise<Workflow> {
		const tell = (phase: string) => ({
			name: phase,
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'POST',
				url: `=${downstream.url}/${phase}/{{ $('${TRIGGER}').item.json.ulid }}/{{ $execution.id }}`,
				options: {},
			},
		});
		const work = {
			name: 'Work',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 1, unit: 'seconds' },
		};
		const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
		const { id } = await queue.main.rest.createWorkflow({
			name: 'Work on Procore events',
			nodes: [
				triggerNode(scene.credential, { ...parameters, options }),
				...[tell('started'), work, tell('finished')],
			],
			connections: { [TRIGGER]: to('started'), started: to('Work'), Work: to('finished') },
			settings: { executionOrder: 'v1' },
		});
		return await queue.main.rest.activate(id);
	}

	/** Waits until Procore has nothing left to deliver, and shortens its pauses between attempts. */
	async function untilDelivered(): Promise<void> {
		await waitFor(
			'Procore to have delivered everything',
			async () => {
				const { deliveries } = await emulator.control.state();
				expect(deliveries.filter(({ status }) => status === 'discarded')).toEqual([]);
				if (deliveries.every(({ status }) => status === 'delivered')) return true;
				await emulator.control.advance(TWO_MINUTES);
				return undefined;
			},
			120_000,
			500,
		);
	}

	const untilIdle = async () => await queue.main.rest.untilIdle(workflow.id);

	/** Counts the outcomes of events, once Procore has delivered them all and n8n has nothing left to do. */
	async function outcomeOf(name: string, ulids: readonly string[]): Promise<Outcome> {
		await untilDelivered();
		await untilIdle();
		const failed = await queue.main.rest.executions(workflow.id, FAILED);
		const cutOff = failed.length - outcomes.reduce((sum, outcome) => sum + outcome.cutOff, 0);
		const times = ulids.map(
			(each) =>
				downstream.calls.filter(({ phase, ulid: of }) => phase === 'finished' && of === each)
					.length,
		);
		const finished = times.filter((count) => count > 0).length;
		const outcome = {
			scene: name,
			sent: ulids.length,
			finished,
			doubled: times.filter((count) => count > 1).length,
			cutOff,
			lost: Math.max(0, ulids.length - finished - cutOff),
		};
		outcomes.push(outcome);
		return outcome;
	}

	/** Sends events through the load balancer; something happens halfway. */
	async function play(name: string, disturb: () => Promise<void>): Promise<Outcome> {
		const events = await emulator.control.change({ ...change, count: EVENTS });
		const ulids = events.map((event) => event.ulid);
		await waitFor(
			'a third of the events to be worked on',
			() =>
				downstream.calls.filter((call) => call.phase === 'started' && ulids.includes(call.ulid))
					.length >=
				EVENTS / 3
					? true
					: undefined,
			60_000,
			20,
		);
		await disturb();
		return await outcomeOf(name, ulids);
	}

	test(
		'processes each event once, whichever webhook processor received it',
		async () => {
			const before = [...queue.balancer.taken.values()];
			const outcome = await play('undisturbed', async () => undefined);
			expect(outcome).toMatchObject({ finished: EVENTS, doubled: 0, cutOff: 0, lost: 0 });
			const shares = [...queue.balancer.taken.values()].map((taken, i) => taken - (before[i] ?? 0));
			expect(shares).toEqual([EVENTS / 2, EVENTS / 2]);
		},
		SCENE_WITHIN,
	);

	test(
		'keeps one row per change order in PostgreSQL with the recipe, with its newest values',
		async () => {
			const credential = await queue.main.rest.createCredential('Rows', 'postgres', {
				...{ host: '127.0.0.1', port: queue.postgres.port, database: 'postgres' },
				...{ user: POSTGRES_USER, password: '', ssl: 'disable' },
			});
			const credentials = { postgres: { id: credential.id, name: credential.name } };
			const { id } = await importExample(
				scene,
				'change-order-to-database.json',
				{ projectIds: [change.projectId] },
				(node) => {
					if (node.type === 'n8n-nodes-base.postgres') return { ...node, credentials };
					if (node.name !== 'Change Order') return node;
					const options = { addContext: true, waitForChange: false };
					return { ...node, parameters: { ...node.parameters, options } };
				},
			);
			await queue.main.rest.activate(id);
			const changeOrder = async (resourceId: string, record: JsonObject) =>
				await scene.fire({
					...{ companyId: change.companyId, projectId: change.projectId },
					...{ resourceName: 'Change Order Packages', resourceId, eventType: 'update' },
					...{ userId: WEB_USER.id, record },
				});

			await changeOrder('7001', { title: "O'Brien's rebar, extra" });
			await scene.executions(id, 1);
			await changeOrder('7001', { status: 'approved', grand_total: '19000.50' });
			await changeOrder('7002', { grand_total: null });
			const executions = await scene.executions(id, 3);

			expect(executions.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
			const rows = executions.flatMap((execution) => execution.itemsOf('Store Row'));
			expect(rows).toHaveLength(3);
			expect(rows).toEqual(
				expect.arrayContaining([
					{ id: '7001', status: 'pending', grand_total: '18250.00' },
					{ id: '7001', status: 'approved', grand_total: '19000.50' },
					{ id: '7002', status: 'pending', grand_total: null },
				]),
			);
			expect(executions.flatMap((execution) => execution.itemsOf('Not Stored'))).toEqual([]);

			// As it was before the row was written.
			await changeOrder('7001', { status: 'draft', updated_at: '2020-01-01T00:00:00Z' });
			await emulator.control.addFault({
				path: '/change_order_packages/7003',
				times: 0,
				effect: { kind: 'status', status: 404 },
			});
			await changeOrder('7003', {});
			const later = await scene.executions(id, 5);

			expect(later.map(({ error }) => error)).toEqual(later.map(() => undefined));
			expect(later.flatMap((execution) => execution.itemsOf('Not Stored'))).toEqual([
				{
					...{ change_order: '7003', project_id: change.projectId },
					reason: expect.stringContaining('Change Order Packages 7003 was not found'),
				},
			]);
			const table = await runExample(scene, await scene.add(tableDraft(credentials)));
			expect(table.itemsOf(TABLE)).toEqual([
				{ id: '7001', status: 'approved', grand_total: '19000.50' },
				{ id: '7002', status: 'pending', grand_total: null },
			]);
		},
		SCENE_WITHIN,
	);

	test(
		'tells a change of status once with the recipe, although several workers see it',
		async () => {
			const { id } = await importExample(scene, 'rfi-status-changed.json', {
				projectIds: [change.projectId],
			});
			await queue.main.rest.activate(id);
			const rfi = { ...change, resourceId: '338777' };
			await scene.fire({ ...rfi, record: { status: 'open' } });
			await scene.executions(id, 1);

			await emulator.control.change({ ...rfi, count: 12, record: { status: 'closed' } });

			const executions = await scene.executions(id, 13);
			expect(executions.flatMap((each) => each.itemsOf('Status Changed'))).toMatchObject([
				{ from: 'open', to: 'closed' },
			]);
		},
		SCENE_WITHIN,
	);

	test(
		'processes an event once that reaches both webhook processors, at once and again later',
		async () => {
			const [hook] = await scene.hooks();
			const { pathname } = new URL(hook?.destinationUrl ?? '');
			const ulids = Array.from({ length: EVENTS }, () => ulid(Date.now()));
			const sendAll = async () => {
				for (const each of ulids) {
					const answers = await Promise.all(
						queue.webhookProcessors.map(
							async ({ url }) =>
								await post(`${url}${pathname}`, bodyOf(each), hook?.authorization ?? null),
						),
					);
					expect(answers).toEqual([200, 200]);
				}
			};
			await sendAll();
			await untilIdle();
			for (const processor of queue.webhookProcessors) {
				await processor.kill();
				await processor.revive();
			}
			await sendAll();
			const outcome = await outcomeOf('each to both at once, again after a restart', ulids);
			expect(outcome).toMatchObject({ finished: EVENTS, doubled: 0, cutOff: 0, lost: 0 });
		},
		SCENE_WITHIN,
	);

	test(
		'starts events together that arrive at once, in each webhook processor by itself',
		async () => {
			const grouped = await activateWorkflow({ eventsPerExecution: 'severalWhenBusy' });
			const { pathname } = new URL(queue.main.rest.webhookUrl(grouped, TRIGGER, WEBHOOK_PATH));
			const hook = (await scene.hooks()).find(({ destinationUrl }) =>
				destinationUrl.endsWith(pathname),
			);
			const ulids = Array.from({ length: 5 * EVENTS }, () => ulid(Date.now()));
			// Deactivated if it fails, too: the workflow would double the events of the other scenes.
			try {
				const answers: number[] = [];
				// A busy machine does not receive all of them within the four seconds after which an event starts alone.
				for (let start = 0; start < ulids.length; start += EVENTS) {
					const wave = ulids.slice(start, start + EVENTS).map(async (each, index) => {
						const processor = queue.webhookProcessors[index % queue.webhookProcessors.length];
						return await post(
							`${processor?.url}${pathname}`,
							bodyOf(each),
							hook?.authorization ?? null,
						);
					});
					answers.push(...(await Promise.all(wave)));
				}
				expect(new Set(answers)).toEqual(new Set([200]));
				await queue.main.rest.untilIdle(grouped.id);
				const executions = await queue.main.rest.executions(grouped.id);
				log(`${ulids.length} events in ${executions.length} executions`);
				expect(executions.length).toBeLessThan(ulids.length / 2);
				const finished = downstream.calls.filter(({ phase }) => phase === 'finished');
				expect(ulids.map((each) => finished.filter((call) => call.ulid === each).length)).toEqual(
					ulids.map(() => 1),
				);
			} finally {
				await queue.main.rest.deactivate(grouped.id);
			}
		},
		SCENE_WITHIN,
	);

	test(
		'accounts for every event when a worker is killed: its executions fail, the rest finishes',
		async () => {
			const [worker] = queue.workers;
			const outcome = await play('a worker killed', async () => await worker?.kill());
			await worker?.revive();
			expect(outcome).toMatchObject({ doubled: 0, lost: 0 });
			expect(outcome.cutOff).toBeGreaterThan(0);
		},
		SCENE_WITHIN,
	);

	test(
		'loses nothing when a webhook processor is killed',
		async () => {
			const [processor] = queue.webhookProcessors;
			const outcome = await play('a webhook processor killed', async () => await processor?.kill());
			await processor?.revive();
			expect(outcome).toMatchObject({ doubled: 0, cutOff: 0, lost: 0 });
		},
		SCENE_WITHIN,
	);

	test(
		'loses nothing when Redis restarts',
		async () => {
			const outcome = await play('Redis restarted', async () => await queue.redis.restart());
			expect(outcome.lost).toBe(0);
			expect(outcome.doubled).toBeLessThanOrEqual(outcome.cutOff);
		},
		SCENE_WITHIN,
	);

	test(
		'loses nothing when the main process restarts',
		async () => {
			const hooks = await scene.hooks();
			const outcome = await play('the main restarted', async () => await queue.main.restart());
			expect(outcome).toMatchObject({ doubled: 0, cutOff: 0, lost: 0 });
			expect(await scene.hooks()).toEqual(hooks);
		},
		SCENE_WITHIN,
	);
});
