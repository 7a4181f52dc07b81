import type { INodeParameters } from 'n8n-workflow';

import { useSharedN8n, type Generation } from '../harness';
import { ACTION_ROWS } from './action-rows';
import { outcomeOf, outcomeOfRun, textOf, type Outcome } from './outcome';
import { openList, PANEL_ROWS } from './panel-rows';
import { Stage, type Prepared } from './stage';
import { check } from './trigger-entrances';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

/** The filters of each list besides its scope, so that there is something to ignore. */
function filtered(name: string): INodeParameters {
	return name.startsWith('delivery')
		? { filters: { status: 'failing', resourceName: 'RFIs', eventType: 'create' } }
		: {};
}

/** An outcome without what differs between runs: ids, times and the port of the server. */
function withoutIds(outcome: Outcome): unknown {
	const comparable = outcome.kind === 'failed' ? outcome.message : outcome.value;
	return JSON.stringify(comparable, null, 1)
		.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
		.replace(/\b(?=\w*\d)[0-9A-Z]{26}\b|\d{4,}/g, '<id>');
}

describe.each<Generation>(['v2.0', 'v1.0'])('lists that ignore their filters on %s', (version) => {
	const n8n = useSharedN8n();
	let stage: Stage;

	/** The outcome of some work on a new stage, with or without filters. */
	async function compare(
		work: (stage: Stage) => Promise<Outcome>,
		row: Prepared = {},
	): Promise<void> {
		const outcomes: unknown[] = [];
		for (const ignores of [false, true]) {
			stage = await Stage.set(n8n, version, row);
			if (ignores) {
				const effect = { kind: 'ignoreFilters' } as const;
				await n8n.control.addFault({ path: '^/rest/', times: 0, effect });
			}
			const outcome = await work(stage);
			stage.said.push(textOf(outcome));
			await n8n.control.clearFaults();
			await stage.expectUnharmed();
			expect(outcome).toMatchObject({ kind: 'succeeded' });
			outcomes.push(withoutIds(outcome));
		}
		expect(outcomes[1]).toBe(outcomes[0]);
	}

	test.each(Object.entries(ACTION_ROWS))('do not change the output of %s', async (name, row) => {
		await compare(async (here) => {
			const parameters = { ...row.parameters(here), ...filtered(name) };
			return outcomeOfRun(await n8n.run(parameters, [row.input ?? {}]));
		}, row);
	});

	test.each(Object.entries(PANEL_ROWS))('do not change the list %s', async (name, row) => {
		await compare(async (here) => await outcomeOf(async () => await openList(here, name, row)));
	});

	test.each([
		['under a namespace of its own', ''],
		['under a given namespace', 'larkspur-trigger'],
	])('do not make the trigger touch other hooks %s', async (_name, namespace) => {
		await compare(async (here) => {
			here.trigger = here.newTrigger({ namespace });
			const { trigger } = here;
			const before = await here.ownHook();
			await trigger.activate();
			expect(await here.triggerHooks()).toHaveLength(1);
			expect(await trigger.checkExists()).toBe(true);
			expect(await check(here)).toEqual({ items: [], warnings: [] });
			trigger.staticData = {};
			await trigger.delete();
			expect(await here.triggerHooks()).toEqual([]);
			expect(await here.ownHook()).toEqual(before);
			return { kind: 'succeeded', value: trigger.warnings };
		});
	});
});
