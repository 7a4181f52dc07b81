import type { IDataObject } from 'n8n-workflow';

import { COMPANY, PROJECTS, TriggerBench, byId, stored, useN8n, type Generation } from './harness';
import { runSafetyCheck } from './support/safety-check';

const HOUR = 3_600_000;
const LIMIT = 600;

let nodes = 0;

describe.each<[Generation, number]>([
	['v2.0', 500],
	['v1.0', 150],
])('a trigger of many projects, within 600 requests an hour, on %s', (version, added) => {
	const n8n = useN8n();
	let trigger: TriggerBench;
	let now: number;
	/** The static data in n8n's database, which an activation saves, and a check only when it starts an execution. */
	let saved: IDataObject;

	beforeEach(async () => {
		await n8n.connect({ version });
		now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		trigger = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'allProjects',
			events: ['RFIs:create', 'RFIs:update'],
		});
		saved = {};
		newProcess();
	});
	afterEach(async () => {
		await n8n.control.setRateLimit(null);
		jest.restoreAllMocks();
	});

	function newProcess(): void {
		trigger.staticData = stored(saved);
		nodes += 1;
		trigger.nodeId = `node-of-many-hooks-${nodes}`;
	}

	/** One check, an hour after the last one. Returns its requests and its lines in n8n's log. */
	async function check() {
		now += HOUR;
		await n8n.control.clearRequests();
		const { lines, saved: savedNow } = await runSafetyCheck(n8n, trigger);
		saved = savedNow ?? saved;
		return { requests: await n8n.control.requests(), lines };
	}

	test('sets all of them up over several checks, then checks each one at least once a day, and no request is refused', async () => {
		for (let index = 1; index <= added; index += 1) {
			await n8n.control.addProject({ companyId: COMPANY, name: `Site ${index}` });
		}
		await n8n.control.setRateLimit({ limit: LIMIT, windowSeconds: HOUR / 1000 });
		const hooks = async () => (await n8n.control.state({ deliveries: 0 })).hooks;
		const projects = PROJECTS.length + added;
		let refused = 0;

		await n8n.control.clearRequests();
		await trigger.activate();
		saved = stored(trigger.staticData);
		refused += (await n8n.control.requests()).filter(({ status }) => status === 429).length;
		const first = (await hooks()).length;
		expect(first).toBeGreaterThan(50);
		expect(first).toBeLessThan(projects);

		const counts: number[] = [];
		// After the restart, the node finds again what its checks had set up.
		let isSetUp = false;
		while (!isSetUp) {
			const { requests, lines } = await check();
			counts.push((await hooks()).length);
			// A check that has no requests left logs nothing.
			isSetUp =
				counts.at(-1) === projects &&
				requests.length > 0 &&
				!lines.join().includes('have no hook yet');
			refused += requests.filter(({ status }) => status === 429).length;
			expect(requests.length).toBeLessThanOrEqual(LIMIT / 2 + 10);
			if (counts.length === 2) {
				newProcess();
				isSetUp = false;
			}
			if ((await hooks()).length < projects) {
				expect(lines.join()).toMatch(/Checked \d+ of \d+ hooks; .* takes about \d+ hours/);
			}
			expect(counts.length).toBeLessThan(20);
		}
		expect(counts).toEqual([...counts].sort((one, other) => one - other));

		const checked = new Set<string>();
		for (let hour = 0; hour < 24; hour += 1) {
			const { requests } = await check();
			refused += requests.filter(({ status }) => status === 429).length;
			expect(requests.length).toBeLessThanOrEqual(LIMIT / 5);
			for (const { path, query } of requests) {
				const project = /projects\/(\d+)\/webhooks/.exec(path)?.[1] ?? query.project_id;
				if (project !== undefined) checked.add(project);
			}
		}
		expect(refused).toBe(0);
		expect(await hooks()).toHaveLength(projects);
		expect(checked.size).toBe(projects);
	}, 300_000);
});
