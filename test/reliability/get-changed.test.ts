import { sleep } from 'n8n-workflow';

import { actionNode, selected } from '../e2e/workflows';
import { CLINIC, COMPANY } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import { FastClock } from '../harness/fast-clock';
import { textAt } from '../harness/json';
import type { N8nInstance } from '../harness/n8n-instance';
import { isOver, type Workflow } from '../harness/n8n-rest';
import { startOwnStack, WITHOUT_EDITOR, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { stateKey, type Tally } from './ledger';
import { MEASURE } from './measure';
import { residentMegabytes } from './memory';
import { Report } from './report';

const MINUTE_MS = 60_000;

/** How many times faster the clock of n8n and of Procore runs. */
const SPEED = 12;

/** A record changes again after several runs, so that each of its states is one that a run can find. */
const RECORDS = 300;

const EVERY_MINUTE = {
	name: 'Every Minute',
	type: 'n8n-nodes-base.scheduleTrigger',
	typeVersion: 1.2,
	parameters: { rule: { interval: [{ field: 'cronExpression', expression: '0 * * * * *' }] } },
};

describe('Record: Get Changed in a workflow that runs every minute', () => {
	const report = new Report('Get Changed');
	const clock = new FastClock();
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack({
			env: { ...WITHOUT_EDITOR, ...clock.env },
			emulatorEnv: clock.env,
		});
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterAll(async () => {
		report.print();
		await stack.stop();
		clock.dispose();
	});

	async function activate(): Promise<Workflow> {
		const changed = actionNode(scene.credential, {
			resource: 'record',
			operation: 'getChanged',
			resourceName: 'RFIs',
			projectId: selected(CLINIC.id),
			returnAll: true,
			output: 'events',
		});
		const { id } = await scene.add({
			name: 'Changed RFIs',
			nodes: [EVERY_MINUTE, changed],
			connections: {
				[EVERY_MINUTE.name]: { main: [[{ node: changed.name, type: 'main', index: 0 }]] },
			},
			settings: { executionOrder: 'v1' },
		});
		return await scene.rest.activate(id);
	}

	/**
	 * Counts the runs that n8n lists. It reads those that go on and those that are over at the same time, so one that ends
	 * meanwhile might be in neither (n8n 2.41, `findCurrentAndCompleted`).
	 *
	 * @throws if these are fewer than expected, for long
	 */
	async function atLeastListed(workflow: Workflow, expected: number): Promise<number> {
		return await waitFor(
			`n8n to list ${expected} runs, one for each request`,
			async () => {
				const { length } = await scene.rest.executions(workflow.id);
				return length >= expected ? length : undefined;
			},
			10_000,
		);
	}

	/** What the runs have returned: how many times each state of a record. */
	async function found(workflow: Workflow): Promise<Map<string, number>> {
		const over = (await scene.rest.executions(workflow.id)).filter(isOver);
		const states = new Map<string, number>();
		for (const { id } of over) {
			const execution = await scene.rest.execution(id);
			expect(execution.status).toBe('success');
			for (const item of execution.itemsOf('Procore')) {
				const key = stateKey({
					resourceName: textAt(item, 'resource_name') ?? '',
					resourceId: textAt(item, 'resource_id') ?? '',
					timestamp: textAt(item, 'timestamp') ?? '',
				});
				states.set(key, (states.get(key) ?? 0) + 1);
			}
		}
		return states;
	}

	test('returns each change once, at a request per run, without using more and more memory', async () => {
		const { control } = scene;
		const workflow = await activate();
		await control.clearRequests();
		clock.run(SPEED);
		const sent: string[] = [];
		const memory: number[] = [];
		for (let run = 1; run <= MEASURE.changedRuns; run += 1) {
			const nextMinute = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
			for (let each = 0; each < MEASURE.changesPerRun; each += 1) {
				const event = await scene.fire({
					companyId: COMPANY.id,
					projectId: CLINIC.id,
					resourceName: 'RFIs',
					resourceId: String(1000 + (sent.length % RECORDS)),
					eventType: 'update',
					silent: true,
				});
				sent.push(stateKey(event));
			}
			while (clock.now() < nextMinute) await sleep(50);
			memory.push(await residentMegabytes(stack.n8n.pid));
		}
		clock.run(1);
		// The last changes are old enough two runs later.
		clock.jumpTo((Math.floor(clock.now() / MINUTE_MS) + 2) * MINUTE_MS - 1_000);
		const states = await waitFor(
			'a run to find the last change',
			async () => {
				const all = await found(workflow);
				return all.has(sent.at(-1) ?? '') ? all : undefined;
			},
			180_000,
			2_000,
		);
		const requests = (await control.requests()).filter(
			({ query }) => query['filters[updated_at]'] !== undefined,
		).length;
		const runs = await atLeastListed(workflow, requests);
		const tally: Tally = {
			sent: sent.length,
			started: sent.filter((state) => states.has(state)).length,
			doubled: sent.filter((state) => (states.get(state) ?? 0) > 1).length,
			lost: sent.filter((state) => !states.has(state)).length,
			cutOff: 0,
		};
		const [early, late] = [memory[Math.floor(memory.length / 3)] ?? 0, memory.at(-1) ?? 0];
		report.add(
			`${sent.length} changes in ${MEASURE.changedRuns} minutes, without events`,
			tally,
			`${runs} runs, ${requests} requests; memory ${early} MB after a third, ${late} MB at the end`,
		);
		expect(tally).toMatchObject({ started: sent.length, doubled: 0, lost: 0 });
		expect([...states.keys()].filter((state) => !sent.includes(state))).toEqual([]);
		// Garbage that has not been collected yet varies by some hundred megabytes.
		expect(late / early).toBeLessThan(1.5);
	});
});
