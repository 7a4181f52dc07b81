/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { join } from 'node:path';
import axios from 'axios';
import { CREDENTIAL_TYPE } from '../e2e/credentials';
import { byUlid, MORE_THAN_AN_EVENT, expectedItem, PAYLOAD_VERSIONS, SCOPES } from '../e2e/procore';
import { repositoryRoot } from '../harness/paths';
import { waitFor } from '../harness/wait';
import { Ledger, SAVE_PROGRESS } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { residentMegabytes } from './memory';
import { makeEvents, sendAll } from './requests';
import { useOwnScene } from './own-scene';

const RETRY_FAST = 60;
const TOO_SHORT_MS = 25;

/** Keeps n8n longer in the state in which it answers every request with {@link STARTING_UP}. */
const SLOW_MIGRATIONS = join(repositoryRoot, 'test', 'harness', 'slow-migrations.cjs');
const STARTING_UP = 'n8n is starting up. Please wait';

describe('Live events', () => {
	const [, { parameters, change }] = SCOPES;
	const suite = useOwnScene('Live events', 'v2.0', SAVE_PROGRESS);

	test('start the workflow once although each is sent three times, in bursts', async () => {
		const workflow = await suite.scene.activate(parameters);
		const { authorization } = await suite.scene.onlyHook();
		const ledger = new Ledger(suite.scene.rest, workflow);

		const inSequence = await suite.scene.control.change({
			...change,
			count: MEASURE.burst,
			deliverTimes: 3,
		});
		const atOnce = makeEvents(MEASURE.burst);
		const statuses = await sendAll(
			suite.scene.url(workflow),
			atOnce.flatMap(({ body }) => Array(3).fill({ body, authorization })),
			30,
		);

		expect(statuses).toEqual({ 200: MEASURE.burst * 3 });
		const events = [...inSequence, ...atOnce];
		const tally = await ledger.settle(events, 120_000);
		suite.report.add('every event sent three times, in bursts', tally);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
	});

	test.each(['onStart', 'immediately'])(
		'start once although every response reaches Procore too late (acknowledge: %s)',
		async (acknowledge) => {
			const workflow = await suite.scene.activate({ ...parameters, options: { acknowledge } });
			const ledger = new Ledger(suite.scene.rest, workflow);
			await suite.scene.control.setSpeed(RETRY_FAST);
			// Long enough to receive the event, too short to respond.
			await suite.scene.control.setDeliveryTimeout(TOO_SHORT_MS);
			const events = await suite.scene.control.change({ ...change, count: MEASURE.burst / 10 });
			await ledger.reach(1, 60_000);
			const { deliveries } = await suite.scene.control.state();
			expect(Math.max(...deliveries.map(({ attempts }) => attempts.length))).toBeGreaterThan(1);
			await suite.scene.control.setDeliveryTimeout(5_000);

			const tally = await ledger.settle(events, 60_000);
			suite.report.add(`responses that come too late (acknowledge: ${acknowledge})`, tally);
			expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		},
	);

	test('start once although n8n restarts between an event and its duplicate delivery', async () => {
		const workflow = await suite.scene.activate(parameters);
		const { authorization } = await suite.scene.onlyHook();
		const ledger = new Ledger(suite.scene.rest, workflow);
		const events = makeEvents(MEASURE.burst);
		const requests = events.map(({ body }) => ({ body, authorization }));

		await sendAll(suite.scene.url(workflow), requests, 10);
		await ledger.settle(events, 60_000);
		await suite.stack.n8n.restart();
		await sendAll(suite.scene.url(workflow), requests, 10);
		const last = makeEvents(1);
		await sendAll(
			suite.scene.url(workflow),
			last.map(({ body }) => ({ body, authorization })),
			1,
		);

		const tally = await ledger.settle([...events, ...last], 60_000);
		suite.report.add('n8n restarted between an event and its duplicate delivery', tally);
		expect(tally).toMatchObject({ started: events.length + 1, doubled: 0, lost: 0 });
	});

	test('are not lost although n8n is killed while they arrive', async () => {
		const workflow = await suite.scene.activate(parameters);
		const ledger = new Ledger(suite.scene.rest, workflow, suite.stack.n8n);
		await suite.scene.control.setSpeed(RETRY_FAST);
		const events = await suite.scene.control.change({ ...change, count: MEASURE.arriving });

		for (let kill = 1; kill <= MEASURE.kills; kill++) {
			await ledger.reach((events.length * kill) / (MEASURE.kills + 2), 120_000);
			await suite.stack.n8n.kill();
			await suite.stack.n8n.restart();
		}

		const tally = await ledger.settle(events, 180_000);
		suite.report.add(
			`n8n killed (-9) while ${events.length} events arrive`,
			tally,
			`${MEASURE.kills} times`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(tally.cutOff).toBeLessThanOrEqual(2 * MEASURE.kills);
	});

	test('start among forged, malformed and oversized requests, which start nothing', async () => {
		const workflow = await suite.scene.activate(parameters);
		const { authorization } = await suite.scene.onlyHook();
		const ledger = new Ledger(suite.scene.rest, workflow);
		const url = suite.scene.url(workflow);
		const [forged] = makeEvents(1);
		const body = forged?.body ?? '';
		const unsigned = [null, '', `Bearer ${'0'.repeat(64)}`, authorization?.slice(0, -1) ?? null];
		const malformed = ['', '{"id": 1', '[]', `[${body}]`, '{"hello": "world"}', 'null', '"RFIs"'];
		const oversized = JSON.stringify({ data: 'x'.repeat(MORE_THAN_AN_EVENT) });
		const bad = [
			...pick(unsigned, MEASURE.bad).map((value) => ({ body, authorization: value })),
			...pick([...malformed, oversized], MEASURE.bad).map((text) => ({
				body: text,
				authorization,
			})),
		];

		const events = await suite.scene.control.change({ ...change, count: MEASURE.burst });
		const [warm, measured] = [
			bad.filter(isEven),
			bad.filter((each, index) => !isEven(each, index)),
		];
		const first = await sendAll(url, warm, 10);
		const before = await residentMegabytes(suite.stack.n8n.pid);
		const second = await sendAll(url, measured, 10);
		const after = await residentMegabytes(suite.stack.n8n.pid);

		const statuses = Object.keys({ ...first, ...second }).map(Number);
		// Unknown JSON is accepted; n8n itself rejects a body that is declared as JSON but is not.
		expect(statuses.filter((status) => ![200, 400, 401, 422].includes(status))).toEqual([]);
		const tally = await ledger.settle(events, 60_000);
		suite.report.add(
			`${MEASURE.bad} forged and ${MEASURE.bad} malformed or oversized requests among good ones`,
			tally,
			`memory ${before} MB half-way, ${after} MB at the end`,
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		expect(ledger.unexpected(events)).toEqual([]);
		// Garbage that has not been collected yet varies by some hundred megabytes.
		expect(after / before).toBeLessThan(1.5);
	});

	test('do not loop in a workflow that writes to Procore and ignores its own changes', async () => {
		const write = {
			name: 'Write',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'PATCH',
				url: `=${suite.stack.emulator.url}/rest/v1.0/projects/{{ $json.project_id }}/rfis/{{ $json.resource_id }}`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: CREDENTIAL_TYPE,
				sendHeaders: true,
				headerParameters: {
					parameters: [{ name: 'Procore-Company-Id', value: '={{ $json.company_id }}' }],
				},
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '{"rfi":{"status":"closed"}}',
			},
			credentials: {
				[CREDENTIAL_TYPE]: { id: suite.scene.credential.id, name: suite.scene.credential.name },
			},
		};
		const workflow = await suite.scene.activate({ ...parameters, ignoreOwnChanges: 'both' }, write);
		const ledger = new Ledger(suite.scene.rest, workflow);
		const events = await suite.scene.control.change({ ...change, count: MEASURE.burst / 10 });
		const tally = await ledger.settle(events, 60_000);

		// Each execution wrote once: its event came back, was delivered and started nothing.
		await waitFor(
			'the events of the own writes to be delivered',
			async () => {
				const { deliveries } = await suite.scene.control.state();
				const delivered = deliveries.filter(({ status }) => status === 'delivered');
				return delivered.length === 2 * events.length ? true : undefined;
			},
			60_000,
		);
		await ledger.read();
		suite.report.add('a workflow that writes to Procore and is triggered by its own write', tally);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0, cutOff: 0 });
		expect(ledger.unexpected(events)).toEqual([]);
	});

	test('produce the same item in every payload version', async () => {
		const active = [];
		for (const payloadVersion of PAYLOAD_VERSIONS) {
			const workflow = await suite.scene.activate({ ...parameters, options: { payloadVersion } });
			active.push({ payloadVersion, ledger: new Ledger(suite.scene.rest, workflow), workflow });
		}
		const events = await suite.scene.control.change({ ...change, count: 20, relatedResources: [] });

		for (const { payloadVersion, ledger, workflow } of active) {
			const tally = await ledger.settle(events, 60_000);
			suite.report.add(`payload version ${payloadVersion}`, tally);
			expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
			const items = (await suite.scene.received(workflow, events.length)).flat();
			expect(byUlid(items)).toEqual(
				byUlid(events.map((event) => expectedItem(event, payloadVersion))),
			);
		}
	});

	// The last one, because n8n keeps the setting with which it is started here.
	test('start although n8n accepts them while it starts, before any node can see them', async () => {
		const workflow = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(suite.scene.rest, workflow);
		await suite.stack.n8n.stop();
		const started = suite.stack.n8n.restart({ NODE_OPTIONS: `--require "${SLOW_MIGRATIONS}"` });
		await waitFor(
			'n8n to answer while it starts',
			async () => {
				const { data } = await axios
					.get<unknown>(suite.stack.n8n.url, { proxy: false, validateStatus: () => true })
					.catch(() => ({ data: undefined }));
				return data === STARTING_UP ? true : undefined;
			},
			60_000,
			20,
		);
		const events = await suite.scene.control.change({ ...change, count: MEASURE.burst / 5 });
		await started;

		const tally = await ledger.settle(events, 60_000);
		suite.report.add('n8n accepts events while it starts', tally, 'recovered by the safety check');
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0, cutOff: 0 });
		const { deliveries } = await suite.scene.control.state();
		expect(deliveries.map(({ attempts }) => attempts.map((each) => each.responseBody))).toEqual(
			Array(events.length).fill([STARTING_UP]),
		);
		expect(ledger.runs).toEqual([events.map(({ ulid }) => ulid).sort()]);
	});
});

function pick<T>(values: readonly T[], count: number): T[] {
	return Array.from({ length: count }, (_each, index) => values[index % values.length]).filter(
		(value) => value !== undefined,
	);
}

function isEven(_each: unknown, index: number): boolean {
	return index % 2 === 0;
}
