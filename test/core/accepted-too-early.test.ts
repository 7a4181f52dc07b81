/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type Server } from 'node:http';

import type { Event } from '../../emulator/control-client';
import { byId, COMPANY, PROJECT, TriggerBench, useN8n } from './harness';
import { runSafetyCheck } from './support/safety-check';

const PARAMETERS = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
	events: ['RFIs:create', 'RFIs:update'],
};

/** What n8n answers with status 200 to every request while it starts, whoever sends it. */
const STARTING_UP = 'n8n is starting up. Please wait';

describe('events that n8n accepts while it starts, before any node can see them', () => {
	const n8n = useN8n();
	let server: Server;
	let answer = '';
	let trigger: TriggerBench;
	let nodes = 0;

	beforeAll(async () => {
		server = createServer((request, response) => {
			request.resume().on('end', () => response.end(answer));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => server.close());
	beforeEach(async () => {
		await n8n.connect();
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		n8n.moveTo(`http://127.0.0.1:${port}`);
		nodes += 1;
		trigger = new TriggerBench(n8n, PARAMETERS);
		trigger.nodeId = `node-of-a-start-${nodes}`;
		await trigger.activate();
	});

	async function deliver(count: number, body = STARTING_UP): Promise<string[]> {
		answer = body;
		const events: Event[] = await n8n.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			eventType: 'create',
			count,
		});
		await n8n.control.advance(0);
		return events.map(({ ulid }) => ulid).sort();
	}

	async function deliverToBusyHook(count: number): Promise<string[]> {
		const [hook] = (await n8n.control.state()).hooks;
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count: 150,
			secondsAgo: 7200,
			statuses: ['succeeded'],
			resourceNames: ['RFIs'],
		});
		return await deliver(count);
	}

	const recovered = async () =>
		(await runSafetyCheck(n8n, trigger)).runs.flat().map(({ json }) => json.ulid);

	test('are recovered in order, although Procore lists them as delivered', async () => {
		const ulids = await deliver(3);
		await deliver(2, '{"message":"Workflow was started"}');
		const { deliveries } = await n8n.control.state();
		expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['delivered']));
		expect(await recovered()).toEqual(ulids);
		expect(await recovered()).toEqual([]);
	});

	test('are found among the deliveries of a busy hook', async () => {
		const ulids = await deliverToBusyHook(5);
		expect(await recovered()).toEqual(ulids);
		expect(await recovered()).toEqual([]);
	});

	test('are recovered together with those that Procore gave up, in order', async () => {
		const ulids = await deliverToBusyHook(2);
		const [hook] = (await n8n.control.state()).hooks;
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count: 1,
			statuses: ['discarded'],
			resourceNames: ['RFIs'],
		});
		const { deliveries } = await n8n.control.state();
		const given = deliveries.filter(({ status }) => status === 'discarded');
		expect(await recovered()).toEqual([...ulids, ...given.map(({ ulid }) => ulid)].sort());
	});

	test('are looked for by the first check after the start of the process, because that costs requests', async () => {
		await deliverToBusyHook(0);
		const requests = async () => {
			await n8n.control.clearRequests();
			await recovered();
			const all = await n8n.control.requests();
			return all.filter(({ path }) => path.includes('/deliveries')).length;
		};
		const [first, second, third] = [await requests(), await requests(), await requests()];
		expect([first - second, third - second]).toEqual([2, 0]);
	});
});
