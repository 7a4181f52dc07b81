/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';

import { sleep, type IDataObject, type INodeParameters } from 'n8n-workflow';

import type { Change } from '../../emulator/control-client';
import {
	byId,
	COMPANY,
	OTHER_PROJECT,
	PROJECT,
	TriggerBench,
	useN8n,
	type Generation,
} from './harness';
import { passMinutes, useClock } from './support/clock';
import { runSafetyCheck, type CheckRun } from './support/safety-check';

const RFI: Change = {
	companyId: COMPANY,
	projectId: PROJECT,
	resourceName: 'RFIs',
	eventType: 'update',
	resourceId: '7',
};

let nodes = 0;

describe.each<Generation>(['v2.0', 'v1.0'])('reconciliation on %s', (version) => {
	useClock();
	const n8n = useN8n();
	let trigger: TriggerBench;

	/** What receives the events; it does not pass them to a node, so that only the deliveries tell of them. */
	let status = 200;
	const receiver = createServer((_request, response) => response.writeHead(status).end());

	beforeAll(async () => {
		await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	});

	afterAll(() => receiver.close());

	beforeEach(async () => {
		status = 200;
		const address = receiver.address();
		const { port } = typeof address === 'object' && address !== null ? address : { port: 0 };
		n8n.moveTo(`http://127.0.0.1:${port}`);
		await n8n.connect({ version });
	});

	/** Continues in another process. */
	function restart(saved: IDataObject = trigger.staticData): void {
		nodes += 1;
		trigger.nodeId = `reconciling-node-${nodes}`;
		trigger.staticData = saved;
	}

	async function activate(options: INodeParameters = {}, more: INodeParameters = {}) {
		trigger = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'projects',
			projectIds: [PROJECT],
			events: ['RFIs:create', 'RFIs:update', 'Submittals:update', 'Submittals:delete'],
			...more,
			options: { reconcile: 'everyCheck', ...options },
		});
		restart();
		await trigger.activate();
		await runSafetyCheck(n8n, trigger);
	}

	async function change(more: Partial<Change> = {}): Promise<void> {
		await n8n.control.change({ ...RFI, ...more });
		const isAttempted = async () =>
			(await n8n.control.state()).deliveries.every(({ attempts }) => attempts.length > 0);
		if (more.silent !== true) while (!(await isAttempted())) await sleep(5);
	}

	/** The events that a check after some minutes finds, as `update RFIs 7`. */
	async function check(minutes = 60): Promise<CheckRun & { found: string[] }> {
		passMinutes(minutes);
		const run = await runSafetyCheck(n8n, trigger);
		return { ...run, found: namesOf(run) };
	}

	function namesOf({ runs }: CheckRun): string[] {
		return (
			runs
				.flat()
				// A problem that the check reports is an item as well.
				.filter(({ json }) => json.event_type !== undefined)
				.map(({ json }) => [json.event_type, json.resource_name, json.resource_id].join(' '))
		);
	}

	test('finds a change that Procore recorded no event for, once', async () => {
		await activate();
		passMinutes(30);
		await change({ silent: true });
		const { runs, found, lines } = await check();
		expect(found).toEqual(['update RFIs 7']);
		expect(runs.flat()[0]?.json).toMatchObject({
			id: null,
			ulid: null,
			user_id: null,
			metadata: null,
			source: 'reconciliation',
			company_id: COMPANY,
			project_id: PROJECT,
		});
		expect(lines.join()).toContain('Found 1 change for which Procore recorded no event.');
		expect((await check()).found).toEqual([]);
	});

	test('leaves changes of the last ten minutes to the next check', async () => {
		await activate();
		passMinutes(30);
		await change({ silent: true });
		expect((await check(5)).found).toEqual([]);
		expect((await check(6)).found).toEqual(['update RFIs 7']);
	});

	test('finds nothing if Procore recorded events, delivered or not', async () => {
		await activate();
		passMinutes(30);
		await change();
		await change({ resourceId: '8', eventType: 'create' });
		expect((await check()).found).toEqual([]);
		status = 500;
		await change();
		await change({ resourceId: '9', silent: true });
		// v1.0 does not list deliveries that wait behind another one, so it is too early to tell there.
		const found = version === 'v2.0' ? ['update RFIs 9'] : [];
		expect((await check()).found).toEqual(found);
	});

	test('reports a record that changed twice once, in its last state', async () => {
		await activate();
		passMinutes(30);
		await change({ silent: true, eventType: 'create' });
		passMinutes(1);
		await change({ silent: true });
		expect((await check()).found).toEqual(['create RFIs 7']);
	});

	test('finds what changed while the hook was gone', async () => {
		await activate();
		await check();
		const [hook] = (await n8n.control.state()).hooks;
		await n8n.control.deleteHook(hook?.id ?? '');
		passMinutes(30);
		await change();
		const repaired = await check();
		expect(repaired.found).toEqual(['update RFIs 7']);
		await change();
		expect((await check()).found).toEqual([]);
	});

	test('does nothing unless it is selected, and sends no request then', async () => {
		await activate({ reconcile: 'never' });
		passMinutes(30);
		await change({ silent: true });
		await n8n.requests();
		expect((await check()).found).toEqual([]);
		expect((await n8n.requests()).filter(({ path }) => path.includes('/rfis'))).toEqual([]);
	});

	test('costs one request per list if nothing has changed', async () => {
		await activate();
		await check();
		await n8n.requests();
		await check();
		const lists = (await n8n.requests()).filter(({ path }) => /rfis|submittals/.test(path));
		expect(lists).toHaveLength(2);
	});

	test('runs once a day with Daily', async () => {
		await activate({ reconcile: 'daily' });
		passMinutes(30);
		await change({ silent: true });
		expect((await check()).found).toEqual([]);
		expect((await check(24 * 60)).found).toEqual(['update RFIs 7']);
		await change({ silent: true, resourceId: '8' });
		expect((await check()).found).toEqual([]);
		expect((await check(23 * 60)).found).toEqual(['update RFIs 8']);
	});

	test('starts nothing for a record that does not pass the filters, which treat the user as unknown', async () => {
		const filters = (operator: string) => ({
			conditions: [{ field: 'source_user_id', operator, value: '77' }],
		});
		await activate({}, { filters: filters('isOneOf') });
		passMinutes(30);
		await change({ silent: true });
		expect((await check()).found).toEqual([]);
		trigger.parameters = { ...trigger.parameters, filters: filters('isNoneOf') };
		await change({ silent: true });
		expect((await check()).found).toEqual(['update RFIs 7']);
	});

	test('hands over at most 100 events in an execution, oldest first', async () => {
		await activate();
		passMinutes(30);
		for (let id = 1; id <= 120; id += 1) await change({ silent: true, resourceId: String(id) });
		const { runs, found } = await check();
		expect(runs.map(({ length }) => length)).toEqual([100, 20]);
		expect(new Set(found).size).toBe(120);
	});

	test('goes on after a kill in the middle, without losing an event', async () => {
		await activate();
		passMinutes(30);
		for (let id = 1; id <= 120; id += 1) {
			await change({ silent: true, resourceId: String(id) });
			if (id % 40 === 0) passMinutes(1);
		}
		passMinutes(60);
		const killed = await runSafetyCheck(n8n, trigger);
		const before = namesOf(killed).slice(0, 100);
		// Of the second execution, nobody knows whether it has started.
		restart(killed.saved ?? {});
		const again = namesOf(await runSafetyCheck(n8n, trigger));
		expect(new Set([...before, ...again]).size).toBe(120);
		// Those in the second in which the first execution ended are repeated too; the gate knows them.
		expect(again.length).toBeLessThan(70);
	});

	test('loses nothing if n8n is killed and its first check after that fails', async () => {
		await activate({}, { scope: 'allProjects' });
		passMinutes(30);
		for (let id = 1; id <= 120; id += 1) await change({ silent: true, resourceId: String(id) });
		passMinutes(60);
		const killed = await runSafetyCheck(n8n, trigger);
		restart(killed.saved ?? {});
		const effect = { kind: 'status', status: 403, body: { errors: 'Forbidden' } } as const;
		await n8n.control.addFault({ path: '/projects\\?', times: 0, effect });
		expect(namesOf(await runSafetyCheck(n8n, trigger))).toEqual([]);
		await n8n.control.clearFaults();
		// Of the last execution, nobody knows whether it has started.
		expect((await check(1)).found).toEqual(expect.arrayContaining(['update RFIs 120']));
	});

	test('does not start for what changed while the workflow was not published', async () => {
		await activate();
		await trigger.delete();
		passMinutes(30);
		await change({ silent: true });
		passMinutes(1);
		await trigger.activate();
		expect((await check()).found).toEqual([]);
		await change({ silent: true, resourceId: '8' });
		expect((await check()).found).toEqual(['update RFIs 8']);
	});

	test('repeats instead of losing if its stored state is lost or comes from the past', async () => {
		await activate();
		const old = trigger.staticData;
		passMinutes(30);
		await change({ silent: true });
		expect((await check()).found).toEqual(['update RFIs 7']);
		await change({ silent: true, resourceId: '8' });
		trigger.staticData = {};
		expect((await check()).found).toEqual(['update RFIs 7', 'update RFIs 8']);
		// Another process knows the address of the node from its stored state only.
		restart(old);
		expect((await check()).found).toEqual(['update RFIs 7', 'update RFIs 8']);
	});

	test('goes back to when its hook was created if the stored state is lost and the workflow is published again', async () => {
		await n8n.control.change({ ...RFI, resourceId: '6', silent: true });
		passMinutes(30);
		await activate();
		passMinutes(30);
		await change({ silent: true });
		passMinutes(5);
		trigger.staticData = {};
		await trigger.activate();
		// v1.0 does not say when a hook was created.
		const found = version === 'v2.0' ? ['update RFIs 7'] : ['update RFIs 6', 'update RFIs 7'];
		expect((await check()).found).toEqual(found);
	});

	test('goes back three days at most if the stored state is lost and the workflow is published again', async () => {
		await activate();
		passMinutes(30);
		await change({ silent: true });
		passMinutes(48 * 60);
		await change({ silent: true, resourceId: '8' });
		passMinutes(47 * 60);
		trigger.staticData = {};
		await trigger.activate();
		expect((await check()).found).toEqual(['update RFIs 8']);
	});

	describe('if Procore answers badly', () => {
		const LIST = '/rfis\\?';

		beforeEach(async () => {
			await activate();
			passMinutes(30);
			await change({ silent: true });
			await change({ silent: true, resourceName: 'Submittals', resourceId: '9' });
		});

		test.each([
			['a list is refused', { kind: 'status', status: 403, body: { errors: 'Forbidden' } }],
			['a list is a page of HTML', { kind: 'page', title: 'Sign in' }],
		] as const)(
			'and %s, finds the changes of the others, and its own later',
			async (_name, effect) => {
				await n8n.control.addFault({ path: LIST, times: 0, effect });
				const { found, lines } = await check();
				expect(found).toEqual(['update Submittals 9']);
				expect(lines.join()).toContain('Could not compare all records with events');
				await n8n.control.clearFaults();
				expect((await check()).found).toEqual(['update RFIs 7']);
			},
		);

		test('and a list ignores its filter, does not start for older changes', async () => {
			await check();
			await n8n.control.addFault({ path: LIST, times: 0, effect: { kind: 'ignoreFilters' } });
			await change({ silent: true, resourceId: '8' });
			expect((await check()).found).toEqual(['update RFIs 8']);
		});

		test('and page 2 of a list is a 500, reads smaller pages or waits for the next check', async () => {
			for (let id = 20; id < 40; id += 1) await change({ silent: true, resourceId: String(id) });
			await n8n.control.addFault({ path: LIST, times: 0, effect: { kind: 'capPages', rows: 10 } });
			const effect = { kind: 'status', status: 500 } as const;
			await n8n.control.addFault({ path: `${LIST}.*\\bpage=2\\b`, times: 0, effect });
			// If the changes are seconds apart, the list is read in parts that fit a page, and nothing has to wait.
			const { found } = await check();
			expect(found).toContain('update Submittals 9');
			await n8n.control.clearFaults();
			const all = [...found, ...(await check()).found];
			expect(new Set(all).size).toBe(22);
			expect(all).toHaveLength(22);
		});

		test('and the deliveries cannot be read, decides at the next check', async () => {
			const effect = { kind: 'status', status: 403, body: { errors: 'Forbidden' } } as const;
			await n8n.control.addFault({ path: '/deliveries', times: 0, after: 1, effect });
			await check();
			await n8n.control.clearFaults();
			const { found } = await check();
			expect(new Set(found)).toEqual(new Set(['update RFIs 7', 'update Submittals 9']));
		});
	});

	test.each([90, -90])(
		'finds each change once with a clock skew of %d seconds',
		async (seconds) => {
			await activate();
			await n8n.control.setClockSkew(seconds);
			const expected: string[] = [];
			const found: string[] = [];
			for (let id = 1; id <= 40; id += 1) {
				passMinutes(4);
				const silent = id % 2 === 0;
				await change({ silent, resourceId: String(id) });
				if (silent) expected.push(`update RFIs ${id}`);
				if (id % 3 === 0) found.push(...(await check(0)).found);
			}
			found.push(...(await check()).found);
			expect(found).toEqual(expected);
		},
	);

	test('compares every project of the node with its own hook', async () => {
		await activate({}, { projectIds: [PROJECT, OTHER_PROJECT] });
		passMinutes(30);
		await change();
		await change({ silent: true, projectId: OTHER_PROJECT, resourceId: '8' });
		const { runs } = await check();
		expect(runs.flat().map(({ json }) => json.project_id)).toEqual([OTHER_PROJECT]);
	});
});
