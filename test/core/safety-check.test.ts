/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';

import { type IDataObject, type INodeExecutionData, type INodeParameters } from 'n8n-workflow';

import { reportedProblem } from '../../nodes/Procore/check/problem';
import { digestOf } from '../../nodes/Procore/hook/secret';
import { objectAt } from '../harness/json';
import { waitFor } from '../harness/wait';
import type { DeliveryRows, HookEdit } from '../../emulator/control-client';
import {
	byId,
	COMPANY,
	N8N_ORIGIN,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
	stored,
	useN8n,
	type Generation,
} from './harness';
import { runSafetyCheck, type End } from './support/safety-check';

const PARAMETERS = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
	events: ['RFIs:create', 'RFIs:update'],
};

let nodes = 0;

describe.each<Generation>(['v2.0', 'v1.0'])('the safety check on %s', (version) => {
	const n8n = useN8n();
	const lines: string[] = [];
	let trigger: TriggerBench;

	beforeEach(async () => {
		nodes += 1;
		lines.length = 0;
		n8n.moveTo(N8N_ORIGIN);
		await n8n.connect({ version });
	});

	/** The executions started by the last check. */
	let runs: INodeExecutionData[][] = [];
	/** The static data in n8n's database, which n8n saves when an execution starts. */
	let saved: IDataObject = {};

	/**
	 * Runs one check as n8n's schedule does; its static data stays in the process.
	 *
	 * @returns the items of the executions that it started, null if there were none.
	 */
	async function check(
		ends: (run: number) => End = () => 'ends',
	): Promise<INodeExecutionData[] | null> {
		const done = await runSafetyCheck(n8n, trigger, ends);
		({ runs } = done);
		saved = done.saved ?? saved;
		lines.push(...done.lines);
		return runs.length === 0 ? null : runs.flat();
	}

	async function anHourLater(run: () => Promise<unknown>): Promise<void> {
		const now = Date.now.bind(Date);
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
		try {
			await run();
		} finally {
			clock.mockRestore();
		}
	}

	/** A process counts the checks of each node, so every test uses another node. */
	function bench(more: INodeParameters = {}): TriggerBench {
		const made = new TriggerBench(n8n, { ...PARAMETERS, ...more });
		made.nodeId = `node-${nodes}`;
		return made;
	}

	async function activate(more: INodeParameters = {}) {
		trigger = bench(more);
		await trigger.activate();
		await n8n.control.clearRequests();
	}

	/** The requests that some checks send to Procore. */
	async function requestsOf(checks: () => Promise<unknown[]>): Promise<string[]> {
		await n8n.control.clearRequests();
		await checks();
		return (await n8n.control.requests()).map(({ method, path }) => `${method} ${path}`);
	}

	const hooks = async () => (await n8n.control.state()).hooks;
	const projectsOfHooks = async () =>
		(await hooks()).map(({ scope }) => scope.projectId ?? '').sort();

	async function lose(count: number, statuses: NonNullable<DeliveryRows['statuses']>) {
		const [hook] = await hooks();
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count,
			statuses,
			resourceNames: ['RFIs'],
		});
	}

	test('does nothing before there is a hook', async () => {
		trigger = bench();
		expect(await check()).toBeNull();
		expect(await n8n.requests()).toEqual([]);
	});

	test('does not take a hook for missing that an activation is about to create', async () => {
		await activate();
		await trigger.delete();
		await anHourLater(async () => {
			// n8n had scheduled this check before the workflow was unpublished.
			await check();
			await n8n.control.clearRequests();
			const checked = check();
			await waitFor(
				'the check to search for the hook',
				async () => {
					const requests = await n8n.control.requests();
					return requests.some(({ path }) => path.includes('/hooks')) ? true : undefined;
				},
				10_000,
			);
			expect(await trigger.checkExists()).toBe(false);
			await checked;
		});
		expect(runs).toEqual([]);
		expect(lines).not.toContainEqual(expect.stringContaining('no hook in Procore'));
	});

	test('does not take a hook for missing while an activation is running', async () => {
		trigger = bench();
		// Its stored state is lost, so n8n is about to create the hook.
		expect(await trigger.checkExists()).toBe(false);
		await check();
		await check();
		expect(lines).toEqual([]);
		await anHourLater(check);
		expect(lines).toEqual([expect.stringMatching(/^warn: .*no hook in Procore/)]);
	});

	test('warns that an active workflow has no hook once it has looked for it', async () => {
		trigger = bench();
		await check();
		expect(lines).toEqual([]);
		await check();
		expect(lines).toEqual([expect.stringMatching(/^warn: .*no hook in Procore.*publish it again/)]);
		expect((await n8n.requests()).map(({ method }) => method)).toEqual(['GET']);
	});

	test('does not warn if a workflow is published twice between two checks', async () => {
		trigger = bench();
		await check();
		await trigger.activate();
		await trigger.delete();
		await check();
		await trigger.activate();
		expect(lines).toEqual([]);
	});

	describe('with static data', () => {
		/** Continues in another process, which has not activated the workflow. */
		function forgetProcess(): void {
			nodes += 1;
			trigger.nodeId = `node-${nodes}`;
		}

		async function checkTwiceAfterLosingEverything(): Promise<void> {
			trigger.staticData = {};
			forgetProcess();
			await check();
			await check();
		}

		test('that is lost, repairs the hook that was activated in this process', async () => {
			await activate();
			await lose(2, ['discarded']);
			const [before] = await hooks();
			await n8n.control.editHook(before?.id ?? '', { triggers: [], authorization: 'Bearer x' });
			trigger.staticData = {};
			expect(await check()).toHaveLength(2);
			expect(await hooks()).toMatchObject([
				{ id: before?.id, authorization: `Bearer ${trigger.secret}`, destinationUrl: trigger.url },
			]);
			expect((await hooks())[0]?.triggers).toHaveLength(2);
			expect(JSON.stringify(trigger.staticData)).not.toContain(trigger.secret);
		});

		test('that is lost along with the process, finds the hook by the webhook id in its URL', async () => {
			await activate();
			await trigger.listen();
			const [before] = await hooks();
			await n8n.control.editHook(before?.id ?? '', { triggers: [] });
			await checkTwiceAfterLosingEverything();
			expect((await hooks())[0]).toMatchObject({ id: before?.id, destinationUrl: trigger.url });
			expect((await hooks())[0]?.triggers).toHaveLength(2);
			expect(await hooks()).toHaveLength(2);
		});

		test('that is lost along with the process, finds the hook of a company by its generated namespace', async () => {
			await activate({ scope: 'company', projectIds: [], events: ['Offices:create'] });
			const [before] = await hooks();
			await n8n.control.editHook(before?.id ?? '', { triggers: [] });
			await checkTwiceAfterLosingEverything();
			expect(await hooks()).toMatchObject([
				{ id: before?.id, triggers: [{ resourceName: 'Offices' }] },
			]);
		});

		test('that is lost along with the process, does not touch the hook of another host', async () => {
			await activate();
			const before = await hooks();
			trigger.staticData = {};
			forgetProcess();
			n8n.moveTo('https://staging.larkspur.example');
			await check();
			await check();
			expect(await hooks()).toEqual(before);
			expect(lines).toEqual([expect.stringMatching(/^warn: .*has no hook in Procore/)]);
		});

		test('that is restored from the past, keeps the current hook', async () => {
			await activate({ namespace: 'my-app' });
			const past = trigger.staticData;
			await trigger.delete();
			trigger.parameters = { ...trigger.parameters, namespace: '', events: ['RFIs:delete'] };
			await trigger.activate();
			const before = await hooks();
			trigger.staticData = past;
			await check();
			expect(await hooks()).toEqual(before);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test('never stores a secret, whoever has written the static data', async () => {
			await activate({ ignoreOwnChanges: 'both' });
			await check();
			const written = JSON.stringify(trigger.staticData);
			expect(written).toContain(digestOf(`Bearer ${trigger.secret}`));
			expect(written).not.toContain(trigger.secret);
			expect(written).not.toContain(String(n8n.credential.stored.clientSecret));
		});
	});

	test("sends the secret again and logs it if events are answered 401 at the hook's own URL", async () => {
		const server = createServer((_, response) => response.writeHead(401).end());
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		n8n.webhookBaseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/webhook`;
		await activate();
		const [before] = await hooks();
		// The masked value in Procore is the same.
		const authorization = `Bearer of somebody else ${trigger.secret.slice(-5)}`;
		await n8n.control.editHook(before?.id ?? '', { authorization });
		await n8n.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			eventType: 'create',
		});
		await n8n.control.advance(0);
		await check();
		// Once is enough: Procore has not tried again since.
		await check();
		server.close();
		expect(lines).toEqual([
			expect.stringMatching(
				/^info: .*secret sent again; deliveries answered 401 in the last hour: 1\)/,
			),
		]);
		expect(await hooks()).toMatchObject([{ authorization: `Bearer ${trigger.secret}` }]);
	});

	test('updates the hook to a new client secret and accepts the previous one until then', async () => {
		await activate();
		const earlier = digestOf(`Bearer ${trigger.secret}`);
		n8n.credential.stored.clientSecret = 'a new client secret';
		await n8n.control.addFault({
			method: 'PATCH',
			effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
		});
		await check();
		expect(JSON.stringify(trigger.memory)).toContain(earlier);
		await check();
		expect(await hooks()).toMatchObject([{ authorization: `Bearer ${trigger.secret}` }]);
		expect(JSON.stringify(trigger.memory)).not.toContain(earlier);
		expect(lines.at(-1)).toMatch(/Repaired the hook of project 902214 \(secret\)\./);
	});

	test('creates hooks in the Procore that the credential was switched to, and logs the old ones', async () => {
		await activate();
		const [before] = await hooks();
		const { stored: credential } = n8n.credential;
		const apiUrl = 'https://old.procore.example';
		const memory = { ...objectAt(trigger.memory), apiUrl };
		trigger.staticData = { 'node:Procore Trigger': { hook: memory } };
		await n8n.control.deleteHook(before?.id ?? '');
		await check();
		expect(await hooks()).toMatchObject([{ authorization: `Bearer ${trigger.secret}` }]);
		expect(lines).toEqual([
			expect.stringMatching(
				new RegExp(`^warn: .*created at ${apiUrl} \\(${before?.id}\\) stay there.*answered 401`),
			),
			expect.stringMatching(/^info: .*Repaired the hook of .* \(missing\)\./),
		]);
		expect(trigger.memory).toMatchObject({ apiUrl: String(credential.apiUrl).replace(/\/$/, '') });
		await check();
		expect(lines).toHaveLength(2);
	});

	test("does nothing in a copy of n8n's database, because the hooks belong to the original", async () => {
		await activate();
		await lose(2, ['discarded']);
		const [hook] = await hooks();
		await n8n.control.editHook(hook?.id ?? '', { triggers: [] });
		const before = await hooks();
		n8n.moveTo('https://staging.larkspur.example');
		expect(await check()).toBeNull();
		expect(await n8n.requests()).toEqual([]);
		expect(await hooks()).toEqual(before);
	});

	test('costs little and changes nothing if nothing is wrong', async () => {
		await activate();
		const before = await hooks();
		expect(await check()).toBeNull();
		const requests = await n8n.requests();
		expect(requests.map(({ method }) => method)).toEqual(
			// v1.0 has neither the number of triggers nor a filter for both failed and discarded events.
			Array.from({ length: version === 'v2.0' ? 2 : 4 }, () => 'GET'),
		);
		expect(await hooks()).toEqual(before);
		expect(lines).toEqual([]);
	});

	const edits: Array<[string, HookEdit]> = [
		['re-pointed', { destinationUrl: 'https://elsewhere.example/hook' }],
		['stripped of its triggers', { triggers: [] }],
		['given another secret', { authorization: 'Bearer another-secret' }],
	];
	if (version === 'v2.0') edits.push(['disabled', { status: 'disabled' }]);

	test.each(edits)('repairs a hook that was %s and logs it', async (_what, edit) => {
		await activate();
		const [before] = await hooks();
		await n8n.control.editHook(before?.id ?? '', edit);
		expect(await check()).toBeNull();
		expect(await hooks()).toMatchObject([
			{
				id: before?.id,
				destinationUrl: trigger.url,
				status: 'active',
				authorization: `Bearer ${trigger.secret ?? ''}`,
			},
		]);
		expect((await hooks())[0]?.triggers).toHaveLength(2);
		expect(lines).toEqual([
			expect.stringMatching(/^info: .*Repaired the hook of project 902214 \(.*\)\./),
		]);
	});

	test('does not start while the previous check is running', async () => {
		await activate();
		await check();
		const alone = await requestsOf(async () => [await check()]);
		const three = await requestsOf(async () => await Promise.all([check(), check(), check()]));
		expect(alone.length).toBeGreaterThan(0);
		expect(three).toEqual(alone);
	});

	describe('that is running when the hooks of its node', () => {
		/** A check whose first read of the project is answered when the work is done. */
		async function meanwhile(work: () => Promise<unknown>): Promise<void> {
			await n8n.control.addFault({
				method: 'GET',
				path: 'webhooks/hooks\\?',
				effect: { kind: 'hold' },
			});
			const checking = check();
			await n8n.untilHeld(1);
			await work();
			await n8n.control.releaseHeld();
			expect(await checking).toBeNull();
		}

		test('are removed, creates none of them again', async () => {
			await activate();
			await meanwhile(async () => await trigger.delete());
			expect(await hooks()).toEqual([]);
		});

		test('are created for other events, does not touch those', async () => {
			await activate();
			await meanwhile(async () => {
				trigger.parameters = { ...trigger.parameters, events: ['Submittals:delete'] };
				await trigger.activate();
			});
			expect(await hooks()).toMatchObject([{ triggers: [{ resourceName: 'Submittals' }] }]);
		});
	});

	test('creates a deleted hook again', async () => {
		await activate();
		await n8n.control.deleteHook((await hooks())[0]?.id ?? '');
		expect(await check()).toBeNull();
		expect(await hooks()).toMatchObject([
			{ destinationUrl: trigger.url, authorization: `Bearer ${trigger.secret ?? ''}` },
		]);
		expect(lines).toEqual([expect.stringContaining('(missing)')]);
	});

	test('repairs a hook in a given namespace that somebody redirected', async () => {
		await activate({ namespace: 'my-app' });
		const [before] = await hooks();
		await n8n.control.editHook(before?.id ?? '', {
			destinationUrl: 'https://elsewhere.example/hook',
		});
		await check();
		expect(await hooks()).toMatchObject([{ id: before?.id, destinationUrl: trigger.url }]);
	});

	test('creates a hook in a new project and deletes that of a closed one', async () => {
		await activate({ scope: 'allProjects' });
		const added = await n8n.control.addProject({ companyId: COMPANY, name: 'Quarry Gate' });
		await n8n.control.closeProject(OTHER_PROJECT);
		await check();
		expect(await projectsOfHooks()).toContain(OTHER_PROJECT);
		await check();
		const expected = [...PROJECTS.filter((id) => id !== OTHER_PROJECT), added.id].sort();
		expect(await projectsOfHooks()).toEqual(expected);
		await trigger.delete();
		expect(await hooks()).toEqual([]);
	});

	test('keeps the hook of a project that is missing from the list once because another one closes while it is read', async () => {
		await activate({ scope: 'allProjects' });
		const before = await hooks();
		await n8n.control.addFault({
			path: '/projects\\?',
			times: 2,
			effect: { kind: 'capPages', rows: 2 },
		});
		// By name: Dry Creek Depot and Harbour Street Clinic are on page 1, Mill Lane School begins page 2.
		await n8n.control.addFault({
			path: '/projects\\?.*page=2',
			effect: { kind: 'changeProject', projectId: OTHER_PROJECT, active: false },
		});
		await check();
		expect(await hooks()).toEqual(before);
		// The project that closed was read before; it is missing from now on.
		await check();
		expect(await hooks()).toEqual(before);
		await check();
		expect(await projectsOfHooks()).toEqual(PROJECTS.filter((id) => id !== OTHER_PROJECT));
	});

	test('keeps the hook of a project that is missing from two lists but active in Procore', async () => {
		await activate({ scope: 'allProjects' });
		const before = await hooks();
		const rows = PROJECTS.filter((id) => id !== PROJECT).map((id) => ({ id: Number(id) }));
		await n8n.control.addFault({
			path: '/projects\\?',
			times: 3,
			effect: { kind: 'status', status: 200, body: rows },
		});
		for (let time = 0; time < 3; time += 1) await check();
		expect(await hooks()).toEqual(before);
		const looks = (await n8n.requests()).filter(({ path }) =>
			path.endsWith(`/projects/${PROJECT}`),
		);
		expect(looks).toHaveLength(2);
	});

	test('keeps the hook of a missing project if Procore does not say whether it is closed', async () => {
		await activate({ scope: 'allProjects' });
		await n8n.control.closeProject(OTHER_PROJECT);
		await n8n.control.addFault({
			path: `/projects/${OTHER_PROJECT}\\?`,
			times: 1,
			effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
		});
		await check();
		await check();
		expect(await projectsOfHooks()).toContain(OTHER_PROJECT);
		await check();
		expect(await projectsOfHooks()).not.toContain(OTHER_PROJECT);
	});

	describe('of a node that ignores its own changes', () => {
		const OTHER_USER = '7713880';

		/** Does what happens when another user connects the same credential. */
		async function connectAs(userId: string): Promise<void> {
			const { accessToken, refreshToken = '' } = await n8n.control.issueToken({
				grant: 'authorizationCode',
				userId,
			});
			n8n.credential.stored.oauthTokenData = {
				access_token: accessToken,
				refresh_token: refreshToken,
				token_type: 'bearer',
			};
		}

		const ignoring = (ignoreOwnChanges: string) => ({
			ignoreOwnChanges,
			scope: 'projects',
			projectIds: [PROJECT, OTHER_PROJECT],
		});

		test('looks up the user in one request and stores a new one', async () => {
			await activate(ignoring('user'));
			expect(trigger.memory).toMatchObject({ own: { userId: '7710345' } });
			await connectAs(OTHER_USER);
			const requests = await requestsOf(async () => [await check()]);
			expect(requests.filter((line) => line.endsWith('/me'))).toHaveLength(1);
			expect(trigger.memory).toMatchObject({ own: { userId: OTHER_USER } });
		});

		test('recovers changes made by the person who previously connected the credential', async () => {
			await activate(ignoring('user'));
			await connectAs(OTHER_USER);
			await lose(2, ['discarded']);
			// The emulator attributes them to its first user, whose changes are no longer the node's own.
			expect(await check()).toHaveLength(2);
		});

		test('keeps the app of the credential without any request', async () => {
			await activate(ignoring('application'));
			const requests = await requestsOf(async () => [await check()]);
			expect(requests.filter((line) => line.endsWith('/me'))).toEqual([]);
		});

		test('keeps the known identity if Procore does not return the user', async () => {
			await activate(ignoring('both'));
			await n8n.control.addFault({
				path: '/me$',
				times: 0,
				effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
			});
			const [hook] = await hooks();
			await n8n.control.editHook(hook?.id ?? '', { triggers: [] });
			await check();
			expect(trigger.memory).toMatchObject({ own: { userId: '7710345' } });
			expect((await hooks())[0]?.triggers).toHaveLength(2);
			expect(lines[0]).toMatch(/^warn: .*Could not find out whose changes/);
		});
	});

	test('logs the hook that it could not remove and retries', async () => {
		await activate({ scope: 'allProjects' });
		await n8n.control.closeProject(OTHER_PROJECT);
		await check();
		await n8n.control.addFault({
			method: 'DELETE',
			effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
		});
		await check();
		expect(await projectsOfHooks()).toContain(OTHER_PROJECT);
		expect(lines).toEqual([
			expect.stringMatching(/^warn: .*remove hooks that are no longer needed.*project 902377: /),
		]);
		await check();
		expect(await projectsOfHooks()).not.toContain(OTHER_PROJECT);
	});

	test('keeps the hooks and logs it if no project is visible any more', async () => {
		await activate({ scope: 'allProjects' });
		const before = await hooks();
		for (const id of PROJECTS) await n8n.control.closeProject(id);
		expect(await check()).toBeNull();
		expect(await hooks()).toEqual(before);
		expect(lines).toEqual([
			expect.stringMatching(/^warn: .*no longer sees any active project in company 4501177/),
		]);
	});

	test('recovers discarded and failed events in order, each once', async () => {
		await activate();
		await lose(12, ['discarded', 'failed', 'succeeded']);
		const { deliveries } = await n8n.control.state();
		const lost = deliveries
			.filter(({ status }) => status === 'discarded' || status === 'failed')
			.map(({ ulid }) => ulid)
			.sort();
		expect(lost).toHaveLength(8);
		const items = await check();
		expect(items?.map(({ json }) => json.ulid)).toEqual(lost);
		expect(items?.[0]?.json).toMatchObject({
			resource_name: 'RFIs',
			project_id: PROJECT,
			id: expect.stringMatching(/^\d{19}$/),
		});
		expect(await check()).toBeNull();
	});

	test('reads all deliveries of a busy hook', async () => {
		await activate();
		await lose(350, ['succeeded', 'succeeded', 'discarded', 'failed', 'succeeded']);
		expect(await check()).toHaveLength(140);
		expect(await check()).toBeNull();
	});

	describe('with more missed events than one execution takes', () => {
		const ulidsOf = (items: readonly INodeExecutionData[] | null) =>
			(items ?? []).map(({ json }) => String(json.ulid));
		const lost = async () => {
			const { deliveries } = await n8n.control.state();
			return deliveries.map(({ ulid }) => ulid).sort();
		};

		test('starts an execution for each hundred, in order, and stores only a position', async () => {
			await activate();
			await lose(250, ['discarded', 'failed']);
			const items = await check();
			expect(runs.map(({ length }) => length)).toEqual([100, 100, 50]);
			expect(ulidsOf(items)).toEqual(await lost());
			expect(JSON.stringify(saved).length).toBeLessThan(2000);
			expect(await check()).toBeNull();
		});

		test('hands over a batch again that n8n could not start', async () => {
			await activate();
			await lose(250, ['discarded']);
			await check((run) => (run === 2 ? 'is refused' : 'ends'));
			const started = ulidsOf(runs[0] ?? []);
			expect(runs.map(({ length }) => length)).toEqual([100, 100, 1]);
			expect(reportedProblem(runs[2] ?? [])).toMatch(
				/^n8n did not start the workflow for 150 missed events/,
			);
			expect([...started, ...ulidsOf(await check())]).toEqual(await lost());
			expect(await check()).toBeNull();
		});

		test('repeats only the last batch after n8n was killed, and the gate recognizes it', async () => {
			await activate();
			await lose(250, ['discarded']);
			await check();
			expect(runs).toHaveLength(3);
			await restartN8n(saved);
			expect(ulidsOf(await check())).toEqual((await lost()).slice(200));
			expect(await check()).toBeNull();
		});

		test('starts over if the static data has lost its position', async () => {
			await activate();
			const before = stored(trigger.staticData);
			await lose(5, ['discarded']);
			await check();
			await restartN8n(before);
			expect(ulidsOf(await check())).toEqual(await lost());
		});

		/** Another process, with the static data of the database. */
		async function restartN8n(database: IDataObject) {
			trigger.nodeId = `${trigger.nodeId}-restarted`;
			trigger.staticData = stored(database);
			await Promise.resolve();
		}
	});

	test('recovers an event that is given up later than a newer one, and not before it', async () => {
		await activate();
		const events = await n8n.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			eventType: 'create',
			count: 2,
		});
		const [first, second] = events.map(({ ulid }) => ulid).sort();
		await n8n.control.advance(1);
		const { deliveries } = await n8n.control.state();
		const idOf = (ulid: string | undefined) =>
			deliveries.find((delivery) => delivery.ulid === ulid)?.id ?? '';
		await n8n.control.failDelivery(idOf(second));
		expect(await check()).toBeNull();
		await n8n.control.failDelivery(idOf(first));
		const items = await check();
		expect(items?.map(({ json }) => json.ulid)).toEqual([first, second]);
		expect(await check()).toBeNull();
	});

	test('recovers nothing if Recover Missed Events is off', async () => {
		await activate({ options: { recoverMissed: false } });
		await lose(4, ['discarded']);
		expect(await check()).toBeNull();
	});

	test('does not recover events that the filters drop', async () => {
		await activate({
			filters: {
				conditions: [{ field: 'source_project_id', operator: 'isNoneOf', value: PROJECT }],
			},
		});
		await lose(4, ['discarded']);
		expect(await check()).toBeNull();
	});

	test('never throws: it logs that Procore is down and checks again later', async () => {
		await activate();
		await lose(3, ['discarded']);
		await n8n.control.addFault({
			path: '^/rest',
			times: 0,
			effect: { kind: 'status', status: 502 },
		});
		expect(await check()).toBeNull();
		expect(lines).toEqual([expect.stringMatching(/^warn: .*502.*/)]);
		await n8n.control.clearFaults();
		expect(await check()).toHaveLength(3);
	});

	test('keeps an active hook that it cannot repair now', async () => {
		await activate();
		const [before] = await hooks();
		await n8n.control.editHook(before?.id ?? '', { triggers: [] });
		await n8n.control.addFault({
			method: 'POST',
			path: '/bulk',
			times: 0,
			effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
		});
		expect(await check()).toBeNull();
		expect(await hooks()).toMatchObject([{ id: before?.id }]);
		await n8n.control.clearFaults();
		await check();
		expect((await hooks())[0]?.triggers).toHaveLength(2);
	});

	test('never throws: it logs a revoked grant and keeps the hook', async () => {
		await activate();
		await n8n.control.revokeGrants();
		expect(await check()).toBeNull();
		expect(lines).toEqual([expect.stringMatching(/^warn: .*safety check/)]);
		expect(await hooks()).toHaveLength(1);
	});
});
