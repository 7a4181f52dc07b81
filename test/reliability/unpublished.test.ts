import { sleep } from 'n8n-workflow';

import type { Event } from '../../emulator/control-client';
import { SCOPES, subscriptionsOf } from '../e2e/procore';
import type { WorkflowNode } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { useOwnScene } from './own-scene';
import { makeEvents, sendAll } from './requests';

const [, { parameters, change }] = SCOPES;

/** Minutes of Procore's queue in a second: it retries after minutes, and gives up after 12 hours. */
const RETRY_FAST = 60;
const THIRTEEN_HOURS = 13 * 3_600;

const EDITS = 10;
const EVENTS_BETWEEN_EDITS = 5;

/** Between two events. */
const PAUSE_MS = 300;

const KEEP_HOOK = {
	...parameters,
	pollTimes: CHECKS_EVERY_TEN_SECONDS,
	options: { whenUnpublished: 'keepHook' },
};

/** So that no other check brings what the one beside a publication leaves. */
const EVERY_HOUR = { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] };

function withParameters(change: object) {
	return (trigger: WorkflowNode): WorkflowNode => ({
		...trigger,
		parameters: { ...trigger.parameters, ...change },
	});
}

describe.each(MEASURE.generations)('Editing and unpublishing on Webhooks API %s', (generation) => {
	const suite = useOwnScene(`Editing and unpublishing, Webhooks API ${generation}`, generation);

	afterEach(async () => {
		// The hook outlives its workflow.
		for (const { id } of await suite.scene.hooks()) await suite.scene.control.deleteHook(id);
		await suite.scene.control.setSpeed(1);
	});

	test('loses nothing while its trigger is edited and published ten times', async () => {
		const { report, scene } = suite;
		const workflow = await scene.activate(KEEP_HOOK);
		const ledger = new Ledger(scene.rest, workflow);
		const before = await scene.onlyHook();
		await scene.control.setSpeed(RETRY_FAST);

		const events: Event[] = [];
		let isEdited = false;
		const send = async () => {
			while (!isEdited) {
				events.push(...(await scene.control.change(change)));
				await sleep(PAUSE_MS);
			}
		};
		const edit = async () => {
			for (let edits = 1; edits <= EDITS; edits += 1) {
				const already = events.length;
				await waitFor(
					'events between two edits',
					() => (events.length >= already + EVENTS_BETWEEN_EDITS ? true : undefined),
					60_000,
				);
				const added = edits % 2 === 0 ? [] : ['Submittals:create'];
				await scene.republish(
					workflow,
					withParameters({ events: [...parameters.events, ...added] }),
				);
			}
			isEdited = true;
		};
		await Promise.all([send(), edit()]);

		const tally = await ledger.settle(events, 60_000);
		report.add(`trigger edited and published ${EDITS} times`, tally);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
		const after = await scene.onlyHook();
		expect(after.id).toBe(before.id);
		expect(subscriptionsOf(after)).toEqual(subscriptionsOf(before));
	});

	test('collects the events of 13 hours without a workflow, which start it once, in order, as soon as it is published with an edit', async () => {
		const { report, scene } = suite;
		const workflow = await scene.activate({ ...KEEP_HOOK, pollTimes: EVERY_HOUR });
		const ledger = new Ledger(scene.rest, workflow);
		const before = await scene.onlyHook();
		const first = await scene.control.change({ ...change, count: 5 });
		await ledger.settle(first, 60_000);

		await scene.rest.deactivate(workflow.id);
		const missed = await scene.control.change({ ...change, count: 200 });
		await scene.control.advance(THIRTEEN_HOURS);
		const { deliveries } = await scene.control.state({ deliveries: 200 });
		expect(deliveries.map(({ status }) => status)).toEqual(Array(200).fill('discarded'));
		expect((await scene.onlyHook()).id).toBe(before.id);

		// n8n runs a check at once, which the activation cancels at first.
		await scene.republish(
			workflow,
			withParameters({ events: [...parameters.events, 'Submittals:create'] }),
		);
		const tally = await ledger.settle(missed, 60_000);
		report.add('unpublished for 13 hours', tally);
		expect(tally).toMatchObject({ started: 200, doubled: 0, lost: 0 });
		expect((await scene.onlyHook()).id).toBe(before.id);
		const inOrder = missed.map(({ ulid }) => ulid).sort();
		expect(ledger.runs.flat().slice(first.length)).toEqual(inOrder);
	});

	test('gets a new secret while events arrive, and none of them is refused', async () => {
		const { report, scene } = suite;
		const workflow = await scene.activate(KEEP_HOOK);
		const ledger = new Ledger(scene.rest, workflow);
		const before = await scene.onlyHook();
		await scene.control.setSpeed(RETRY_FAST);

		const events: Event[] = [];
		const resent = makeEvents(20);
		const statuses = new Set<string>();
		let isRenewed = false;
		const send = async () => {
			while (!isRenewed) {
				events.push(...(await scene.control.change(change)));
				// What Procore first sent with the previous secret, and sends again.
				const requests = resent.map(({ body }) => ({
					body,
					authorization: before.authorization,
				}));
				for (const status of Object.keys(await sendAll(scene.url(workflow), requests, 5))) {
					statuses.add(status);
				}
				await sleep(PAUSE_MS);
			}
		};
		const renew = async () => {
			for (const renewSecret of ['once', 'twice']) {
				await scene.republish(
					workflow,
					withParameters({ options: { ...KEEP_HOOK.options, renewSecret } }),
				);
			}
			isRenewed = true;
		};
		await Promise.all([send(), renew()]);

		const all = [...events, ...resent];
		const requests = resent.map(({ body }) => ({ body, authorization: before.authorization }));
		expect(await sendAll(scene.url(workflow), requests, 5)).toEqual({ 200: resent.length });
		const tally = await ledger.settle(all, 60_000);
		report.add('secret renewed twice', tally);
		expect(tally).toMatchObject({ started: all.length, doubled: 0, lost: 0 });
		expect((await scene.onlyHook()).authorization).not.toBe(before.authorization);
		const { deliveries } = await scene.control.state();
		const answers = deliveries.flatMap(({ attempts }) =>
			attempts.map(({ responseStatus }) => responseStatus),
		);
		expect(answers).not.toContain(401);
		// n8n itself answers 404 while it replaces the workflow.
		expect([...statuses].filter((status) => !['200', '404'].includes(status))).toEqual([]);
	});

	test('accepts what was first sent with the previous secret, too, after an edit that replaced the hook', async () => {
		const { report, scene } = suite;
		const workflow = await scene.activate({ ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS });
		const ledger = new Ledger(scene.rest, workflow);
		const before = await scene.onlyHook();
		await scene.republish(workflow, withParameters({ options: { renewSecret: 'once' } }));
		const after = await scene.onlyHook();
		expect(after.id).not.toBe(before.id);
		expect(after.authorization).not.toBe(before.authorization);

		const resent = makeEvents(20);
		const requests = resent.map(({ body }) => ({ body, authorization: before.authorization }));
		expect(await sendAll(scene.url(workflow), requests, 5)).toEqual({ 200: resent.length });
		const events = await scene.control.change({ ...change, count: 10 });
		const all = [...resent, ...events];
		const tally = await ledger.settle(all, 60_000);
		report.add('secret renewed without Keep Hook', tally);
		expect(tally).toMatchObject({ started: all.length, doubled: 0, lost: 0 });
	});
});
