import { COMPANY, SCOPES, subscriptionsOf } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import type { N8nInstance } from '../harness/n8n-instance';
import { startOwnStack, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { MEASURE } from './measure';
import { Report } from './report';

describe.each(MEASURE.generations)('Many projects on Webhooks API %s', (generation) => {
	const [, { parameters, change }] = SCOPES;
	const report = new Report(`Many projects, Webhooks API ${generation}`);
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterAll(async () => {
		report.print();
		await scene.clear();
		await stack.stop();
	});

	/** The ids of the company's active projects, sorted. */
	async function activeProjects(): Promise<string[]> {
		const { companies } = await scene.control.seed();
		const projects = companies.find(({ id }) => id === COMPANY.id)?.projects ?? [];
		return projects.flatMap(({ id, active }) => (active ? [id] : [])).sort();
	}

	async function hooksStandIn(projects: readonly string[], timeoutMs: number): Promise<void> {
		await waitFor(
			`hooks to stand in exactly ${projects.length} projects`,
			async () => {
				const served = (await scene.hooks()).map(({ scope }) => scope.projectId).sort();
				return served.join() === projects.join() ? true : undefined;
			},
			timeoutMs,
		);
	}

	test('are served by one trigger, which follows when one is added and one is closed', async () => {
		const { control } = scene;
		for (let index = 1; index <= MEASURE.projects; index++) {
			await control.addProject({ companyId: COMPANY.id, name: `Site ${index}` });
		}
		const before = await activeProjects();
		await control.setRateLimit(MEASURE.rateLimit);

		const workflow = await scene.activate({
			scope: 'allProjects',
			events: parameters.events,
			pollTimes: { item: [{ mode: 'everyX', unit: 'minutes', value: 1 }] },
		});
		await hooksStandIn(before, MEASURE.setUpWithinMs);
		const hooks = await scene.hooks();
		const keys = hooks.map(({ namespace, authorization }) => `${namespace} ${authorization}`);
		expect(new Set(keys).size).toBe(1);
		const right = [...parameters.events].sort().join();
		expect(hooks.filter((hook) => subscriptionsOf(hook).join() !== right)).toEqual([]);

		await control.setRateLimit(null);
		const ledger = new Ledger(scene.rest, workflow);
		await control.addProject({ companyId: COMPANY.id, name: 'New site' });
		await control.closeProject(before[0] ?? '');
		const after = await activeProjects();
		// A closed project loses its hook after it was missing from two checks' lists.
		await hooksStandIn(after, 300_000);

		const events = [];
		for (const projectId of after.slice(-50)) {
			events.push(...(await control.change({ ...change, projectId })));
		}
		const tally = await ledger.settle(events, 120_000);
		report.add(`${before.length} projects under one trigger`, tally);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });

		await scene.rest.deactivate(workflow.id);
		expect(await scene.hooks()).toEqual([]);
	});
});
