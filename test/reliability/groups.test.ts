import { SCOPES } from '../e2e/procore';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { MEASURE } from './measure';
import { useOwnScene } from './own-scene';
import { deliverAll, makeEvents } from './requests';

const CONNECTIONS = 15;

/** The most events that an execution can contain. */
const MOST = 100;

/** Executions that can be in progress at once: one being handed over, and those before it in the gate or the workflow. */
const IN_HAND = 3;

const KILLS = 2;

describe('Events that start together', () => {
	const [, { parameters }] = SCOPES;
	const suite = useOwnScene('Events that start together', 'v2.0', SAVE_PROGRESS);
	const over = new AbortController();

	afterEach(() => over.abort());

	test('are neither lost nor doubled although n8n is killed twice and stopped once while they arrive', async () => {
		const workflow = await suite.scene.activate({
			...parameters,
			options: { eventsPerExecution: 'severalWhenBusy' },
		});
		const { authorization } = await suite.scene.onlyHook();
		const ledger = new Ledger(suite.scene.rest, workflow);
		const events = makeEvents(MEASURE.grouped);
		const delivered = deliverAll(
			suite.scene.url(workflow),
			events.map(({ body }) => ({ body, authorization })),
			CONNECTIONS,
			over.signal,
		);

		for (let kill = 1; kill <= KILLS; kill++) {
			await ledger.reach((events.length * kill) / (KILLS + 3), 120_000);
			await suite.stack.n8n.kill();
			await suite.stack.n8n.restart();
		}
		await ledger.reach((events.length * (KILLS + 1)) / (KILLS + 3), 120_000);
		await suite.stack.n8n.restart();
		await delivered;

		const tally = await ledger.settle(events, 120_000);
		const sizes = ledger.runs.map(({ length }) => length);
		suite.report.add(
			`n8n killed (-9) while ${events.length} events arrive in groups`,
			tally,
			`${KILLS} times; ${sizes.length} executions, at most ${Math.max(...sizes)} events in one`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(tally.cutOff).toBeLessThanOrEqual(KILLS * IN_HAND * CONNECTIONS);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST);
		expect(sizes.length).toBeLessThan(events.length / 2);
	});
});
