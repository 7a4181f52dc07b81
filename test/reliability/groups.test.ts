import { COMPANY, SCOPES } from '../e2e/procore';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { MEASURE } from './measure';
import { useOwnScene } from './own-scene';

const RETRY_FAST = 60;

/** Procore delivers the events of a project one after another, so this many arrive at the same time. */
const PROJECTS = 40;

/** The most events that an execution can contain. */
const MOST = 100;

/** Executions that can be in progress at once: one being handed over, and the ones before it in the gate or the workflow. */
const IN_HAND = 3;

const KILLS = 2;

describe('Events that start together', () => {
	const [, { parameters, change }] = SCOPES;
	const suite = useOwnScene('Events that start together', 'v2.0', SAVE_PROGRESS);

	test('are neither lost nor doubled although n8n is killed twice and stopped once while they arrive', async () => {
		const { control } = suite.scene;
		const projectIds: string[] = [];
		for (let index = 1; index <= PROJECTS; index++) {
			const { id } = await control.addProject({ companyId: COMPANY.id, name: `Site ${index}` });
			projectIds.push(id);
		}
		const workflow = await suite.scene.activate({
			...parameters,
			projectIds,
			options: { eventsPerExecution: 'severalWhenBusy' },
		});
		const ledger = new Ledger(suite.scene.rest, workflow);
		await control.setSpeed(RETRY_FAST);
		const events = (
			await Promise.all(
				projectIds.map(
					async (projectId) =>
						await control.change({ ...change, projectId, count: MEASURE.grouped / PROJECTS }),
				),
			)
		).flat();

		for (let kill = 1; kill <= KILLS; kill++) {
			await ledger.reach((events.length * kill) / (KILLS + 3), 120_000);
			await suite.stack.n8n.kill();
			await suite.stack.n8n.restart();
		}
		await ledger.reach((events.length * (KILLS + 1)) / (KILLS + 3), 120_000);
		await suite.stack.n8n.restart();

		const tally = await ledger.settle(events, 180_000);
		const sizes = ledger.runs.map(({ length }) => length);
		suite.report.add(
			`n8n killed (-9) while ${events.length} events arrive in groups`,
			tally,
			`${KILLS} times; ${sizes.length} executions, at most ${Math.max(...sizes)} events in one`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(tally.cutOff).toBeLessThanOrEqual(KILLS * IN_HAND * PROJECTS);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST);
		expect(sizes.length).toBeLessThan(events.length / 2);
	});
});
