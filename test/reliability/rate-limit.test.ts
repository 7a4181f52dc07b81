import { sleep } from 'n8n-workflow';

import type { Event, LoggedRequest } from '../../emulator/control-client';
import { COMPANY, SCOPES, subscriptionsOf } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import { FastClock } from '../harness/fast-clock';
import type { N8nInstance } from '../harness/n8n-instance';
import { startOwnStack, WITHOUT_EDITOR, type Stack } from '../harness/stack';
import { Ledger } from './ledger';
import { MEASURE } from './measure';
import { Report } from './report';

const [, { parameters, change }] = SCOPES;

/** Procore's documented defaults. */
const HOURLY_LIMIT = 600;
const LIMITS = [
	{ limit: 25, windowSeconds: 10 },
	{ limit: HOURLY_LIMIT, windowSeconds: 3600 },
];

const HOUR_MS = 3_600_000;

/** How many times faster the clock of n8n and of Procore runs while a check is at work. */
const SPEED = 12;

/** n8n starts and activates slowly, and has timeouts of its own for both. */
const SPEED_OF_A_START = 4;

/** The check waits for the next 10 seconds at most, which pass faster. */
const QUIET_MS = 1_500;

/** v1.0 has no bulk request, so a project takes more of the 120 requests an hour. */
const MOST_HOURS_TO_SET_UP = 24;

interface Hour {
	readonly requests: readonly LoggedRequest[];
	readonly hooks: number;
}

describe.each(MEASURE.generations)(
	'Many projects within 25 requests in 10 seconds and 600 an hour, on Webhooks API %s',
	(generation) => {
		const report = new Report(`Rate limits, Webhooks API ${generation}`);
		const clock = new FastClock();
		let stack: Stack<N8nInstance>;
		let scene: Scene;

		beforeAll(async () => {
			stack = await startOwnStack({
				env: { ...WITHOUT_EDITOR, ...clock.env },
				emulatorEnv: clock.env,
			});
			scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		});

		afterAll(async () => {
			report.print();
			await stack.stop();
			clock.dispose();
		});

		async function untilQuiet(): Promise<LoggedRequest[]> {
			let requests = await scene.control.requests();
			for (;;) {
				await sleep(QUIET_MS);
				const now = await scene.control.requests();
				if (now.length === requests.length) return now;
				requests = now;
			}
		}

		/** Jumps to the next full hour, when a check is due, and lets it run. Events arrive meanwhile. */
		async function nextHour(events: Event[]): Promise<Hour> {
			await scene.control.clearRequests();
			clock.jumpTo(Math.ceil((clock.now() + 60_000) / HOUR_MS) * HOUR_MS - 3_000);
			await sleep(4_000);
			const [hook] = await scene.hooks();
			const projectId = hook?.scope.projectId ?? change.projectId;
			events.push(...(await scene.control.change({ ...change, projectId })));
			clock.run(SPEED);
			const requests = (await untilQuiet()).filter(({ path }) => path.startsWith('/rest'));
			clock.run(1);
			return { requests, hooks: (await scene.hooks()).length };
		}

		function countRefused(requests: readonly LoggedRequest[]): number {
			return requests.filter(({ status }) => status === 429).length;
		}

		test('get their hooks over several checks, then each one is checked at least once a day, and no request is refused', async () => {
			const { control } = scene;
			for (let index = 1; index <= MEASURE.limitedProjects; index++) {
				await control.addProject({ companyId: COMPANY.id, name: `Site ${index}` });
			}
			const { companies } = await control.seed();
			const active = companies
				.flatMap(({ id, projects }) => (id === COMPANY.id ? projects : []))
				.filter((project) => project.active);
			await control.setRateLimit(LIMITS);

			clock.jumpTo(Math.ceil(clock.now() / HOUR_MS) * HOUR_MS + HOUR_MS / 6);
			clock.run(SPEED_OF_A_START);
			await control.clearRequests();
			const workflow = await scene.activate({
				scope: 'allProjects',
				events: parameters.events,
				pollTimes: { item: [{ mode: 'custom', cronExpression: '0 0 * * * *' }] },
			});
			const setUp: Hour[] = [
				{ requests: await control.requests(), hooks: (await scene.hooks()).length },
			];
			expect(setUp[0]?.hooks).toBeGreaterThan(0);
			expect(setUp[0]?.hooks).toBeLessThan(active.length);
			const ledger = new Ledger(scene.rest, workflow);
			const events: Event[] = [];

			const isComplete = () => setUp.at(-1)?.hooks === active.length;
			while (!isComplete() && setUp.length <= MOST_HOURS_TO_SET_UP) {
				setUp.push(await nextHour(events));
				if (setUp.length !== 2) continue;
				clock.run(SPEED_OF_A_START);
				await control.clearRequests();
				await stack.n8n.restart();
				setUp.push({ requests: await untilQuiet(), hooks: (await scene.hooks()).length });
				clock.run(1);
			}
			expect(isComplete()).toBe(true);

			const day: Hour[] = [];
			while (day.length < MEASURE.limitedHours) day.push(await nextHour(events));

			const tally = await ledger.settle(events, 60_000);
			const perHour = day.map(({ requests }) => requests.length);
			const refused = [...setUp, ...day].reduce(
				(sum, hour) => sum + countRefused(hour.requests),
				0,
			);
			report.add(
				`${active.length} projects`,
				tally,
				`hooks: ${setUp.map(({ hooks }) => hooks).join(', ')}; requests of ${day.length} hourly checks: ${Math.min(...perHour)} to ${Math.max(...perHour)}; ${refused} refused`,
			);
			expect(tally).toMatchObject({ started: events.length, doubled: 0, lost: 0 });
			expect(refused).toBe(0);
			expect(Math.max(...perHour)).toBeLessThanOrEqual(HOURLY_LIMIT / 5);

			const hooks = await scene.hooks();
			const right = [...parameters.events].sort().join();
			expect(hooks.filter((hook) => subscriptionsOf(hook).join() !== right)).toEqual([]);
			expect(hooks.map(({ scope }) => scope.projectId).sort()).toEqual(
				active.map(({ id }) => id).sort(),
			);
			const checked = new Set(day.flatMap(({ requests }) => requests.map(projectOf)));
			expect(active.filter(({ id }) => !checked.has(id))).toEqual([]);
		});
	},
);

/** The project whose webhooks a request is about. */
function projectOf({ path, query }: LoggedRequest): string | undefined {
	return /\/projects\/(\d+)\/webhooks/.exec(path)?.[1] ?? query.project_id;
}
