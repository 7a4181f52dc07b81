/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as pause } from 'node:timers/promises';
import type { Event, Fault } from '../../emulator/control-client';
import { CLINIC, COMPANY, GENERATIONS, SCOPES, subscriptionsOf } from '../e2e/procore';
import { ensureN8n } from '../harness/n8n-install';
import { startN8n } from '../harness/n8n-instance';
import { ActivationError, type Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS, MEASURE } from './measure';
import { useOwnScene } from './own-scene';

/** Procore gives up after twelve hours. */
const PAST_GIVING_UP = 13 * 3600;

/** Longer than the longest pause between two attempts. */
const RETRY_SECONDS = 3600;

/** Every way in which a request can fail now and succeed a minute later. */
const TROUBLE: Array<Fault['effect']> = [
	{ kind: 'status', status: 500, body: '<html><h1>Internal Server Error</h1></html>' },
	{ kind: 'drop', when: 'before' },
	{ kind: 'rateLimited', resetInSeconds: 2 },
	{ kind: 'drop', when: 'after' },
	{ kind: 'status', status: 503, headers: { 'Retry-After': '1' } },
	{ kind: 'status', status: 502, body: 'Bad Gateway' },
];

const TROUBLE_CHANGES_EVERY_MS = 1_500;

describe.each(GENERATIONS)('Outages on Webhooks API %s', (generation) => {
	const [, { parameters, change }] = SCOPES;
	const suite = useOwnScene(`Webhooks API ${generation}`, generation);

	test('are recovered from after n8n was down longer than Procore retries', async () => {
		const workflow = await suite.scene.activate(parameters);
		const ledger = new Ledger(suite.scene.rest, workflow);
		const before = await suite.scene.control.change({ ...change, count: 5 });
		await ledger.settle(before, 60_000);

		await suite.stack.n8n.stop();
		const given = await suite.scene.control.change({ ...change, count: 200 });
		await suite.scene.control.advance(PAST_GIVING_UP);
		const { deliveries } = await suite.scene.control.state({ deliveries: 200 });
		expect(deliveries.map(({ status }) => status)).toEqual(Array(200).fill('discarded'));
		const stillTried = await suite.scene.control.change({ ...change, count: 20 });
		await suite.stack.n8n.restart();
		const tally = await ledger.settle(given, 120_000);
		await suite.scene.control.advance(RETRY_SECONDS);

		suite.report.add('n8n down longer than Procore retries; 200 events discarded', tally);
		expect(tally).toMatchObject({ started: 200, doubled: 0, lost: 0 });
		const batches = ledger.runs.filter(({ length }) => length > 1);
		expect(batches.map(({ length }) => length)).toEqual([100, 100]);
		expect(batches.flat()).toEqual(given.map(({ ulid }) => ulid).sort());
		const all = [...before, ...given, ...stillTried];
		const whole = await ledger.settle(all, 60_000);
		suite.report.add('... and 20 that Procore was still retrying', whole);
		expect(whole).toMatchObject({ started: all.length, doubled: 0, lost: 0 });
	});

	test('of Procore leave the correct hooks and lose no event', async () => {
		const standing = await suite.scene.activate({
			...parameters,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const draft = await suite.scene.draft({ ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS });
		const ledger = new Ledger(suite.scene.rest, standing);
		await suite.scene.control.clearRequests();

		const over = Date.now() + MEASURE.outageSeconds * 1_000;
		const events: Event[] = [];
		let activated: Workflow | undefined;
		const activation = async () => {
			while (activated === undefined) {
				activated = await suite.scene.rest.activate(draft.id).catch(unlessRefused);
			}
		};
		const [, requests] = await Promise.all([activation(), troubleUntil(over, events)]);

		activated = activated ?? (await suite.scene.rest.getWorkflow(draft.id));
		const after = await suite.scene.control.change({ ...change, count: 5 });
		const tally = await ledger.settle([...events, ...after], 60_000);
		suite.report.add(
			`Procore answers 500, 502, 503, 429 or drops connections for ${MEASURE.outageSeconds} s`,
			tally,
			`${requests} requests in trouble`,
		);
		expect(requests).toBeGreaterThan(0);
		expect(tally).toMatchObject({ started: events.length + after.length, doubled: 0, lost: 0 });
		const second = await new Ledger(suite.scene.rest, activated).settle(after, 60_000);
		expect(second).toMatchObject({ started: after.length, doubled: 0, lost: 0 });
		const hooks = await suite.scene.hooks();
		expect(hooks.map(({ destinationUrl }) => destinationUrl).sort()).toEqual(
			[suite.scene.url(standing), suite.scene.url(activated)].sort(),
		);
		for (const hook of hooks) {
			expect(hook.status).toBe('active');
			expect(subscriptionsOf(hook)).toEqual([...parameters.events].sort());
		}
	});

	/** Makes Procore fail in one way after another while it sends events, and counts the requests that failed. */
	async function troubleUntil(end: number, events: Event[]): Promise<number> {
		for (let turn = 0; Date.now() < end; turn++) {
			const effect = TROUBLE[turn % TROUBLE.length];
			await suite.scene.control.clearFaults();
			if (effect !== undefined)
				await suite.scene.control.addFault({ path: '/rest/', times: 0, effect });
			events.push(...(await suite.scene.control.change(change)));
			await pause(TROUBLE_CHANGES_EVERY_MS);
		}
		await suite.scene.control.clearFaults();
		const requests = await suite.scene.control.requests();
		return requests.filter(({ status }) => status === 0 || status === 429 || status >= 500).length;
	}

	test('of single hooks are repaired by the next safety check', async () => {
		const projects = [CLINIC];
		for (const name of ['Deleted', 'Disabled', 'Re-pointed', 'Stripped']) {
			projects.push(await suite.scene.control.addProject({ companyId: COMPANY.id, name }));
		}
		const ids = projects.map(({ id }) => id);
		const workflow = await suite.scene.activate({
			...parameters,
			projectIds: ids,
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(suite.scene.rest, workflow);
		const inProject = (projectId: string | undefined) => ({
			...change,
			projectId: projectId ?? '',
		});
		const hookOf = async (projectId: string | undefined) =>
			(await suite.scene.hooks()).find(({ scope }) => scope.projectId === projectId);
		const [, deleted, disabled, repointed, stripped] = ids;

		await suite.scene.control.deleteHook((await hookOf(deleted))?.id ?? '');
		// Webhooks API v1.0 does not support disabled hooks.
		if (generation === 'v2.0') {
			await suite.scene.control.editHook((await hookOf(disabled))?.id ?? '', {
				status: 'disabled',
			});
		}
		await suite.scene.control.editHook((await hookOf(repointed))?.id ?? '', {
			destinationUrl: `${suite.stack.emulator.url}/nobody-listens-here`,
		});
		await suite.scene.control.editHook((await hookOf(stripped))?.id ?? '', { triggers: [] });
		// Procore records these events and tries to deliver them elsewhere; it does not record the others.
		const recorded = await suite.scene.control.change({ ...inProject(repointed), count: 20 });

		await waitFor(
			'all hooks to be repaired',
			async () => {
				const hooks = await suite.scene.hooks();
				const isRight = hooks.every(
					(hook) =>
						hook.status === 'active' &&
						hook.destinationUrl === suite.scene.url(workflow) &&
						hook.triggers.length === parameters.events.length,
				);
				return isRight && hooks.length === ids.length ? true : undefined;
			},
			60_000,
		);
		await suite.scene.control.advance(RETRY_SECONDS);
		const events = [...recorded];
		for (const id of ids)
			events.push(...(await suite.scene.control.change({ ...inProject(id), count: 5 })));
		const tally = await ledger.settle(events, 60_000);
		suite.report.add(
			'hook deleted, disabled, redirected, stripped in Procore',
			tally,
			'all repaired',
		);
		expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
	});

	test('end with one hook if two n8n processes activate and check at once', async () => {
		const { userFolder, url } = suite.stack.n8n;
		const second = await startN8n({
			install: await ensureN8n(),
			packageRoot: null,
			userFolder,
			env: { WEBHOOK_URL: url },
		});
		try {
			const draft = await suite.scene.draft({ ...parameters, pollTimes: CHECKS_EVERY_TEN_SECONDS });
			const ledger = new Ledger(suite.scene.rest, draft);
			await Promise.all([suite.scene.rest.activate(draft.id), second.rest.activate(draft.id)]);
			await suite.scene.onlyHook();

			// Both find the hook missing when they start, and create it.
			await Promise.all([suite.stack.n8n.stop(), second.stop()]);
			await suite.scene.control.deleteHook((await suite.scene.onlyHook()).id);
			await Promise.all([suite.stack.n8n.restart(), second.restart()]);
			await waitFor(
				'the hook to have its triggers',
				async () => {
					const [hook] = await suite.scene.hooks();
					return hook?.triggers.length === parameters.events.length ? true : undefined;
				},
				30_000,
			);
			const events = await suite.scene.control.change({ ...change, count: 20 });
			const tally = await ledger.settle(events, 60_000);
			suite.report.add('two n8n processes activate and check at once', tally, 'one hook');
			expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
			const hook = await suite.scene.onlyHook();
			expect(hook.destinationUrl).toBe(suite.scene.url(draft));
			expect(subscriptionsOf(hook)).toEqual([...parameters.events].sort());
		} finally {
			await second.stop();
		}
	});
});

/** The result of an activation that n8n gave up: nothing yet. */
function unlessRefused(error: unknown): undefined {
	if (!(error instanceof ActivationError)) throw error;
}
