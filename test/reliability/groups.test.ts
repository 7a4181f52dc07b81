import { SCOPES } from '../e2e/procore';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { useOwnScene } from './own-scene';

/** Procore does not document how many deliveries it sends at once. */
const AT_ONCE = 15;

/** The most events that an execution can contain. */
const MOST = 100;

/** Executions that can be in progress at once: one being handed over, and those before it in the gate or the workflow. */
const IN_HAND = 3;

const KILLS = 2;

const RETRY_FAST = 60;

describe('Events that start together', () => {
	const [, { parameters, change }] = SCOPES;
	const suite = useOwnScene('Events that start together', 'v2.0', SAVE_PROGRESS);

	test('are neither lost nor doubled although n8n is killed twice and stopped once while they arrive', async () => {
		const workflow = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
			options: { eventsPerExecution: 'severalWhenBusy' },
		});
		const ledger = new Ledger(suite.scene.rest, workflow, suite.stack.n8n);
		await suite.scene.control.setSpeed(RETRY_FAST);
		await suite.scene.control.setDeliveriesAtOnce(AT_ONCE);
		const events = await suite.scene.control.change({ ...change, count: MEASURE.grouped });

		for (let kill = 1; kill <= KILLS; kill++) {
			await ledger.reach((events.length * kill) / (KILLS + 3), 120_000);
			await suite.stack.n8n.kill();
			await suite.stack.n8n.restart();
		}
		await ledger.reach((events.length * (KILLS + 1)) / (KILLS + 3), 120_000);
		await suite.stack.n8n.restart();

		const tally = await ledger.settle(events, 120_000);
		const sizes = ledger.runs.map(({ length }) => length);
		suite.report.add(
			`n8n killed (-9) while ${events.length} events arrive in groups`,
			tally,
			`${KILLS} times; ${sizes.length} executions, at most ${Math.max(...sizes)} events in one; ${await acceptedTooEarly()} accepted by n8n while it started`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(tally.cutOff).toBeLessThanOrEqual(KILLS * IN_HAND * AT_ONCE);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST);
		expect(sizes.length).toBeLessThan(events.length / 2);
	});

	/** The number of deliveries that n8n answered with 200 before a node could see them. */
	async function acceptedTooEarly(): Promise<number> {
		const { deliveries } = await suite.scene.control.state();
		return deliveries.filter(
			({ attempts }) => attempts.at(-1)?.responseBody === 'n8n is starting up. Please wait',
		).length;
	}
});
