import type { HookState } from '../../emulator/control-client';
import { COMPANY, SCOPES, subscriptionsOf } from '../e2e/procore';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { MEASURE } from './measure';
import { useOwnScene } from './own-scene';

describe.each(MEASURE.generations)('Many projects on Webhooks API %s', (generation) => {
	const [, { parameters, change }] = SCOPES;
	const suite = useOwnScene(`Many projects, Webhooks API ${generation}`, generation);

	/** The ids of the company's active projects, sorted. */
	async function activeProjects(): Promise<string[]> {
		const { companies } = await suite.scene.control.seed();
		const projects = companies.find(({ id }) => id === COMPANY.id)?.projects ?? [];
		return projects.flatMap(({ id, active }) => (active ? [id] : [])).sort();
	}

	const wanted = [...parameters.events].sort().join();

	/** Waits until exactly these projects have a hook, each with the events of the trigger. */
	async function hooksStandIn(
		projects: readonly string[],
		timeoutMs: number,
	): Promise<HookState[]> {
		return await waitFor(
			`whole hooks to stand in exactly ${projects.length} projects`,
			async () => {
				const hooks = await suite.scene.hooks();
				const served = hooks.map(({ scope }) => scope.projectId).sort();
				const areWhole = hooks.every((hook) => subscriptionsOf(hook).join() === wanted);
				return areWhole && served.join() === projects.join() ? hooks : undefined;
			},
			timeoutMs,
		);
	}

	test('are served by one trigger, which follows when one is added and one is closed', async () => {
		const { control } = suite.scene;
		for (let index = 1; index <= MEASURE.projects; index++) {
			await control.addProject({ companyId: COMPANY.id, name: `Site ${index}` });
		}
		const before = await activeProjects();

		const workflow = await suite.scene.activate({
			scope: 'allProjects',
			events: parameters.events,
			pollTimes: { item: [{ mode: 'everyX', unit: 'minutes', value: 1 }] },
		});
		const hooks = await hooksStandIn(before, MEASURE.setUpWithinMs);
		const keys = hooks.map(({ namespace, authorization }) => `${namespace} ${authorization}`);
		expect(new Set(keys).size).toBe(1);

		const ledger = new Ledger(suite.scene.rest, workflow);
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
		suite.report.add(`${before.length} projects under one trigger`, tally);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });

		await suite.scene.rest.deactivate(workflow.id);
		expect(await suite.scene.hooks()).toEqual([]);
	});
});
