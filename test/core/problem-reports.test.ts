import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { reportedProblem } from '../../nodes/Procore/check/problem';
import {
	byId,
	COMPANY,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
	useN8n,
	type Generation,
} from './harness';
import { runSafetyCheck, type CheckRun, type End } from './support/safety-check';

const HOUR = 3_600_000;

/** What the executions that a check started reported, undefined for those with events. */
function sentences(runs: readonly INodeExecutionData[][]): Array<string | undefined> {
	return runs.map(reportedProblem);
}

let nodes = 0;

describe.each<Generation>(['v2.0', 'v1.0'])('a problem of the trigger on %s', (version) => {
	const n8n = useN8n();
	let trigger: TriggerBench;
	let now: number;

	beforeEach(async () => {
		await n8n.connect({ version });
		now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		newProcess();
		await activate();
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});

	function newProcess(): void {
		nodes += 1;
		if (trigger !== undefined) trigger.nodeId = `reporting-node-${nodes}`;
	}

	async function activate(more: INodeParameters = {}) {
		trigger = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'projects',
			projectIds: [PROJECT, OTHER_PROJECT],
			events: ['RFIs:create', 'RFIs:update'],
			...more,
		});
		trigger.nodeId = `reporting-node-${nodes}`;
		await trigger.activate();
		await check();
	}

	async function check(ends?: (run: number) => End): Promise<CheckRun> {
		const run = await runSafetyCheck(n8n, trigger, ends);
		now += HOUR;
		return run;
	}

	const denyProject = async () =>
		await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [PROJECT] });
	const allowAll = async () =>
		await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [] });

	test('is reported once when it begins, again a day later, and not when it is over', async () => {
		await denyProject();
		const reported: number[] = [];
		for (let hour = 0; hour < 26; hour += 1) {
			const { runs } = await check();
			if (runs.length > 0) reported.push(hour);
			for (const sentence of sentences(runs)) {
				expect(sentence).toMatch(/^The hook of project 902214 could not be checked or repaired\./);
				expect(sentence).toContain('"Webhooks API" at level Standard');
			}
		}
		expect(reported).toEqual([0, 24]);
		await allowAll();
		const { runs, lines } = await check();
		expect(runs).toEqual([]);
		expect(lines).toContainEqual(
			expect.stringMatching(/^info: .*Resolved: The hook of project 902214/),
		);
		expect((await check()).lines).toEqual([]);
	});

	test('that Procore may get over is reported by the second check in a row', async () => {
		const down = async () =>
			await n8n.control.addFault({
				path: '^/rest',
				times: 0,
				effect: { kind: 'status', status: 500 },
			});
		await down();
		expect((await check()).runs).toEqual([]);
		await n8n.control.clearFaults();
		await check();
		await down();
		expect((await check()).runs).toEqual([]);
		expect(sentences((await check()).runs)).toEqual([
			expect.stringMatching(/^The hook of project 902214 could not be checked/),
			expect.stringMatching(/^The hook of project 902377 could not be checked/),
		]);
		expect((await check()).runs).toEqual([]);
		await n8n.control.clearFaults();
	});

	test('is that the check itself fails, once it has failed twice in a row', async () => {
		newProcess();
		await activate({ scope: 'allProjects' });
		await n8n.control.addFault({
			path: '/projects(\\?|$)',
			times: 0,
			effect: { kind: 'status', status: 500 },
		});
		expect((await check()).runs).toEqual([]);
		expect(sentences((await check()).runs)).toEqual([
			expect.stringMatching(
				/^The safety check of the hooks failed twice in a row, so they are not repaired and missed events are not recovered\. Could not list .*projects.* Procore answered 500/,
			),
		]);
		expect((await check()).runs).toEqual([]);
		await n8n.control.clearFaults();
		const { runs, lines } = await check();
		expect(runs).toEqual([]);
		expect(lines).toContainEqual(
			expect.stringMatching(
				/^info: .*Resolved: The safety check of the hooks failed twice in a row/,
			),
		);
	});

	test('is that a published workflow has no hook, once a check has looked for it', async () => {
		newProcess();
		const { nodeId, parameters } = trigger;
		trigger = new TriggerBench(n8n, parameters, 'f0d1c3b2-5d0c-4f7e-9b4b-0f8a491c2b8f');
		trigger.nodeId = nodeId;
		expect((await check()).runs).toEqual([]);
		expect(sentences((await check()).runs)).toEqual([
			'The workflow is published but has no hook in Procore, so no event starts it. Unpublish the workflow and publish it again.',
		]);
		expect((await check()).runs).toEqual([]);
		await trigger.activate();
		expect((await check()).lines).toContainEqual(
			expect.stringMatching(/^info: .*Resolved: The workflow is published but has no hook/),
		);
	});

	test('is that the account no longer sees any project, once two checks in a row saw none', async () => {
		newProcess();
		await activate({ scope: 'allProjects' });
		for (const id of PROJECTS) await n8n.control.closeProject(id);
		expect((await check()).runs).toEqual([]);
		expect(sentences((await check()).runs)).toEqual([
			expect.stringMatching(
				/^This account no longer sees any active project in company 4501177, so its hooks are not checked\./,
			),
		]);
		expect((await check()).runs).toEqual([]);
	});

	test('stays reported when n8n is killed right after the check that reported it', async () => {
		await denyProject();
		const { runs, saved } = await check();
		expect(runs).toHaveLength(1);
		newProcess();
		trigger.staticData = saved ?? {};
		expect((await check()).runs).toEqual([]);
		expect((await check()).runs).toEqual([]);
		await allowAll();
	});

	test('is not reported if the option is off, and still stands in the log', async () => {
		trigger.parameters = { ...trigger.parameters, options: { reportProblems: false } };
		await denyProject();
		const { runs, lines } = await check();
		expect(runs).toEqual([]);
		expect(lines).toContainEqual(expect.stringMatching(/^warn: .*project 902214/));
		await allowAll();
	});

	test('is reported after the missed events of other projects have started the workflow', async () => {
		await denyProject();
		const hooks = (await n8n.control.state()).hooks;
		const other = hooks.find(({ scope }) => scope.projectId === OTHER_PROJECT);
		await n8n.control.addDeliveries(other?.id ?? '', {
			count: 3,
			statuses: ['discarded'],
			resourceNames: ['RFIs'],
		});
		const { runs } = await check();
		expect(runs.map(({ length }) => length)).toEqual([3, 1]);
		expect(sentences(runs)).toEqual([undefined, expect.stringContaining('project 902214')]);
		await allowAll();
	});

	test('is that n8n starts no execution for missed events', async () => {
		const [hook] = (await n8n.control.state()).hooks;
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count: 3,
			statuses: ['discarded'],
			resourceNames: ['RFIs'],
		});
		const { runs } = await check((run) => (run === 1 ? 'is refused' : 'ends'));
		expect(sentences(runs)).toEqual([
			undefined,
			expect.stringMatching(/^n8n did not start the workflow for 3 missed events/),
		]);
		expect((await check()).runs).toHaveLength(1);
	});

	test('is an endpoint that takes no events, while Procore still tries', async () => {
		const [hook] = (await n8n.control.state()).hooks;
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count: 2,
			statuses: ['retrying'],
			resourceNames: ['RFIs'],
		});
		now += HOUR / 2;
		const { runs } = await check();
		expect(sentences(runs)).toEqual([
			expect.stringMatching(
				/^Procore has not delivered events of project 902\d+ since 2\d{3}-.*Check that https:/,
			),
		]);
		expect((await check()).runs).toEqual([]);
	});

	describe('with a queue of deliveries', () => {
		/** Adds deliveries of which the last event happened so many minutes ago, and was attempted so many minutes ago. */
		async function deliveries(
			count: number,
			status: 'delivered' | 'retrying' | 'enqueued' | 'discarded',
			minutesAgo: number,
			attemptedMinutesAgo = minutesAgo,
		): Promise<void> {
			const [hook] = (await n8n.control.state({ deliveries: 0 })).hooks;
			await n8n.control.addDeliveries(hook?.id ?? '', {
				count,
				statuses: [status],
				secondsAgo: minutesAgo * 60,
				attemptedSecondsAgo: attemptedMinutesAgo * 60,
				resourceNames: ['RFIs'],
			});
		}

		const problems = async () =>
			sentences((await check()).runs).filter((sentence) => sentence !== undefined);
		const NOT_DELIVERED = expect.stringMatching(
			/^Procore has not delivered events of project 902\d+ since 2.* \(last result: status 500\)\./,
		);

		test('is found behind more deliveries than a page holds', async () => {
			await deliveries(150, 'delivered', 120);
			await deliveries(1, 'retrying', 60, 1);
			await deliveries(30, 'enqueued', 30);
			expect(await problems()).toEqual([NOT_DELIVERED]);
			expect(await problems()).toEqual([]);
		});

		test('is found without Recover Missed Events', async () => {
			trigger.parameters = { ...trigger.parameters, options: { recoverMissed: false } };
			await deliveries(1, 'retrying', 60, 1);
			await n8n.control.clearRequests();
			expect(await problems()).toEqual([NOT_DELIVERED]);
		});

		test('is found if it has stalled again after it began to drain', async () => {
			await deliveries(30, 'delivered', 180, 120);
			await deliveries(1, 'retrying', 170, 1);
			expect(await problems()).toEqual([NOT_DELIVERED]);
		});

		test('is not reported while it drains after an outage', async () => {
			await deliveries(150, 'delivered', 1200);
			await deliveries(2, 'discarded', 600);
			await deliveries(1, 'retrying', 170, 2);
			await deliveries(30, 'delivered', 180, 1);
			await deliveries(30, 'enqueued', 100);
			expect(await problems()).toEqual([]);
		});

		test('is not reported if later events are delivered', async () => {
			await deliveries(150, 'delivered', 1200);
			await deliveries(1, 'retrying', 170, 1);
			await deliveries(30, 'delivered', 100);
			expect(await problems()).toEqual([]);
		});
	});
});
