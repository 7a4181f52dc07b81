/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Change, Event } from '../../emulator/control-client';
import { CLINIC, COMPANY } from '../e2e/procore';
import { waitFor } from '../harness/wait';
import { Ledger, SAVE_PROGRESS, stateKey } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { useOwnScene } from './own-scene';

const RESOURCES = ['RFIs', 'Submittals', 'Punch Items', 'Observation Items', 'Change Events'];

const PARAMETERS = {
	scope: 'projects',
	projectIds: [CLINIC.id],
	events: RESOURCES.flatMap((name) => [`${name}:create`, `${name}:update`]),
	pollTimes: CHECKS_EVERY_TEN_SECONDS,
	options: { reconcile: 'everyCheck' },
};

/** Longer than a safety check and the time until the next one. */
const QUIET_MS = 30_000;

/** How long a busy machine may take to get to what is bound to happen. */
const PATIENCE_MS = 120_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-procore-clock-'));

/** Settings of an n8n whose clock is ahead by the milliseconds in a file; the emulator's is told over its control API. */
function shiftedClock(clockFile: string): Record<string, string> {
	writeFileSync(clockFile, '0');
	return {
		NODE_OPTIONS: `--require ${join(__dirname, '..', 'harness', 'shifted-clock.cjs')}`,
		SHIFTED_CLOCK_FILE: clockFile,
	};
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Requests for RFIs that changed. */
const RFI_CHANGES = '/rfis\\?.*updated_at';

/** The state of a record after a change, in the form in which the ledger counts events. */
type State = Pick<Event, 'ulid'>;

describe.each(MEASURE.generations)('Reconciliation on Webhooks API %s', (generation) => {
	const clockFile = join(folder, generation);
	const suite = useOwnScene(`Reconciliation, Webhooks API ${generation}`, generation, {
		...shiftedClock(clockFile),
		...SAVE_PROGRESS,
	});
	/** In seconds. Neither clock is ever set back, since n8n's schedules would wait. */
	let ahead = 0;

	afterEach(async () => await suite.scene.control.setClockSkew(0));

	async function pass(seconds: number): Promise<void> {
		ahead += seconds;
		await suite.scene.control.advance(seconds);
		writeFileSync(clockFile, String(ahead * 1000));
	}

	async function change(index: number, more: Partial<Change> = {}): Promise<Event> {
		return await suite.scene.fire({
			companyId: COMPANY.id,
			projectId: CLINIC.id,
			resourceName: RESOURCES[index % RESOURCES.length] ?? 'RFIs',
			resourceId: String(1000 + index),
			eventType: 'update',
			...more,
		});
	}

	async function changeEach(count: number, more: Partial<Change> = {}): Promise<Event[]> {
		const events: Event[] = [];
		for (let index = 0; index < count; index += 1) events.push(await change(index, more));
		return events;
	}

	async function start(next?: Parameters<typeof suite.scene.activate>[1]) {
		const workflow = await suite.scene.activate(PARAMETERS, next);
		return { workflow, ledger: new Ledger(suite.scene.rest, workflow) };
	}

	async function untilCheckWaits(): Promise<void> {
		await waitFor(
			'a check to wait',
			async () => ((await suite.scene.control.heldCalls()) > 0 ? true : undefined),
			PATIENCE_MS,
		);
	}

	const stateOf = (event: Event): State => ({ ulid: stateKey(event) });

	test('finds each record in its last state after two hours in which Procore recorded nothing', async () => {
		const { ledger } = await start();
		const before = await changeEach(20);
		await ledger.settle(before, QUIET_MS);
		await suite.scene.control.setWebhooksOutage(true);
		await pass(MINUTE);
		const last = new Map<string, Event>();
		let sent = 0;
		for (let step = 0; step < 12; step += 1) {
			for (let each = 0; each < MEASURE.unrecorded / 12; each += 1) {
				const event = await change(sent % 40);
				last.set(`${event.resourceName} ${event.resourceId}`, event);
				sent += 1;
			}
			await pass(10 * MINUTE);
		}
		await suite.scene.control.setWebhooksOutage(false);
		const after = await changeEach(10);
		await pass(11 * MINUTE);
		const lastStates = [...last.values()].filter(
			({ resourceName, resourceId }) =>
				!after.some(
					(event) => event.resourceName === resourceName && event.resourceId === resourceId,
				),
		);
		const expected = [...before, ...lastStates.map(stateOf), ...after];
		const tally = await ledger.settle(expected, QUIET_MS);
		suite.report.add(
			`${sent} changes of 40 records without an event in two hours`,
			tally,
			`${lastStates.length} last states reconciled`,
		);
		expect(lastStates).toHaveLength(30);
		expect(tally).toMatchObject({ started: expected.length, doubled: 0, lost: 0 });
		expect(ledger.doubledAnywhere()).toEqual([]);
	});

	test('finds each record once after a day in which the hook was deleted', async () => {
		const { ledger } = await start();
		const before = await changeEach(20);
		await ledger.settle(before, QUIET_MS);
		const hook = await suite.scene.onlyHook();
		await suite.scene.control.addFault({
			path: '/webhooks/hooks',
			times: 0,
			effect: { kind: 'hold' },
		});
		await untilCheckWaits();
		await suite.scene.control.deleteHook(hook.id);
		await pass(6 * HOUR);
		const first = await changeEach(20);
		await pass(6 * HOUR);
		const second = await changeEach(10);
		await pass(12 * HOUR);
		await suite.scene.control.clearFaults();
		await suite.scene.control.releaseHeld();
		const expected = [...before, ...[...second, ...first.slice(10)].map(stateOf)];
		const tally = await ledger.settle(expected, QUIET_MS);
		const after = await changeEach(5);
		const whole = await ledger.settle([...expected, ...after], QUIET_MS);
		suite.report.add('the hook deleted for a day, half of the records changed twice', whole);
		expect(tally).toMatchObject({ started: expected.length, doubled: 0, lost: 0 });
		expect(whole).toMatchObject({ started: expected.length + after.length, doubled: 0, lost: 0 });
		expect(ledger.unexpected([...expected, ...after])).toEqual([]);
	});

	test('finds nothing beside live events, whose cost is a request per list and check', async () => {
		const { ledger } = await start();
		const events: Event[] = [];
		await suite.scene.control.clearRequests();
		for (let step = 0; step < 5; step += 1) {
			for (let each = 0; each < MEASURE.liveBesideChecks / 5; each += 1) {
				events.push(await change(events.length % 50));
			}
			await ledger.settle(events, QUIET_MS);
			await pass(10 * MINUTE);
		}
		await pass(15 * MINUTE);
		await waitFor(
			'a check of the last changes',
			async () => {
				const { now } = await suite.scene.control.state({ deliveries: 0 });
				const wanted = Date.parse(now) - 11 * MINUTE * 1000;
				return (await listReads()).some((to) => to >= wanted) ? true : undefined;
			},
			PATIENCE_MS,
		);
		const tally = await ledger.settle(events, QUIET_MS);
		const reads = await listReads();
		suite.report.add(
			`${events.length} live events, reconciled at every check`,
			tally,
			`${reads.length} reads of lists`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(ledger.unexpected(events)).toEqual([]);
	});

	/** The ends of the ranges in which lists were read, in milliseconds since 1970. */
	async function listReads(): Promise<number[]> {
		return (await suite.scene.control.requests())
			.map(({ query }) => query['filters[updated_at]'])
			.filter((range) => range !== undefined)
			.map((range) => Date.parse(range.split('...')[1] ?? ''));
	}

	test.each(MEASURE.clockSkews)(
		'finds each last state while lists shift, in the same second, and with clocks %d seconds apart',
		async (skew) => {
			const { ledger } = await start();
			const { control } = suite.scene;
			await control.setClockSkew(skew);
			// Until then, no window of the checks has ended.
			await pass(15 * MINUTE);
			const silent = await changeEach(30, { silent: true });
			const live = await change(77);
			for (const resource of ['rfis', 'submittals']) {
				const effect = { kind: 'capPages', rows: 2 } as const;
				await control.addFault({ path: `/${resource}\\?`, times: 0, effect });
			}
			// A check waits while time passes, so that it is the next one that finds the changes.
			await control.addFault({ path: RFI_CHANGES, effect: { kind: 'hold' } });
			await untilCheckWaits();
			await pass(15 * MINUTE);
			const moved: Change = {
				companyId: COMPANY.id,
				projectId: CLINIC.id,
				resourceName: 'RFIs',
				resourceId: '1000',
				eventType: 'update',
				silent: true,
			};
			// It is in the first response, which has too many rows, and has moved when the list is read in parts.
			await control.addFault({
				path: RFI_CHANGES,
				after: 1,
				effect: { kind: 'changeRecord', change: moved },
			});
			await control.releaseHeld();
			const expected = [...silent.slice(1).map(stateOf), live];
			await ledger.settle(expected, QUIET_MS);
			await pass(15 * MINUTE);
			const [first] = silent.map(stateKey);
			await waitFor(
				'the record that changed meanwhile to be found in its last state',
				async () => {
					await ledger.read();
					const found = ledger.unexpected(expected).some((state) => state > (first ?? ''));
					return found ? true : undefined;
				},
				PATIENCE_MS,
			);
			const tally = await ledger.settle(expected, QUIET_MS);
			suite.report.add(`lists that shift, clocks ${skew} seconds apart`, tally);
			expect(tally).toMatchObject({ started: expected.length, doubled: 0, lost: 0 });
			const states = ledger.unexpected(expected);
			// If the first response contained the record, it starts the workflow in that state as well.
			expect(states.filter((state) => state !== first)).toEqual([
				expect.stringMatching(/^RFIs:1000:/),
			]);
			expect(ledger.doubledAnywhere()).toEqual([]);
		},
	);

	test('loses and doubles nothing if n8n is killed in the middle of a check', async () => {
		const { ledger } = await start({
			name: 'Slow',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 5, unit: 'seconds' },
		});
		const before = await changeEach(10);
		await ledger.settle(before, QUIET_MS);
		await pass(5 * MINUTE);
		const silent = await changeEach(MEASURE.unrecordedAtKill, { silent: true });
		await pass(15 * MINUTE);
		await waitFor(
			'the first execution to start',
			async () => {
				const executions = await suite.scene.rest.executions(ledger.workflowId);
				return executions.some(({ mode }) => mode === 'trigger') ? true : undefined;
			},
			PATIENCE_MS,
			200,
		);
		await suite.stack.n8n.kill();
		await suite.stack.n8n.restart();
		const expected = [...before, ...silent.map(stateOf)];
		const tally = await ledger.settle(expected, QUIET_MS);
		suite.report.add('n8n killed in the middle of a check that reconciles', tally);
		expect(tally).toMatchObject({ started: expected.length, doubled: 0, lost: 0 });
		expect(tally.cutOff).toBeLessThanOrEqual(100);
		expect(ledger.unexpected(expected)).toEqual([]);
	});
});
