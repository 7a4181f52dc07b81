/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Agent } from 'node:http';

import axios from 'axios';
import fc from 'fast-check';

import { byId, COMPANY, PROJECT, TriggerBench, useN8n } from '../harness';
import { WebhookServer } from '../support/webhook-server';
import { HOSTILE_ANSWERS } from './answers';
import { eventBody, otherBody, type EventBody } from './event-bodies';

/** Each run sends a few requests, on a machine that might be busy. */
const RUNS = { numRuns: 120 };

describe('an event with any content', () => {
	const n8n = useN8n();
	const server = new WebhookServer(n8n);
	const httpAgent = new Agent({ keepAlive: true });
	let trigger: TriggerBench;
	let secret = '';
	let examples = 0;

	beforeAll(async () => await server.start());
	afterAll(async () => {
		httpAgent.destroy();
		await server.stop();
	});
	beforeEach(async () => {
		server.runs.length = 0;
		server.errors.length = 0;
		n8n.webhookBaseUrl = `${server.url}/webhook`;
		trigger = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'projects',
			projectIds: [PROJECT],
			events: ['RFIs:create'],
		});
		server.trigger = trigger;
		await trigger.activate();
		const [hook] = (await n8n.control.state({ deliveries: 0 })).hooks;
		secret = hook?.authorization ?? '';
	});

	async function post(body: string | Buffer, authorization = secret): Promise<number> {
		const { status } = await axios.post<string>(trigger.url, body, {
			headers: { 'Content-Type': 'application/json', Authorization: authorization },
			transformRequest: (data: unknown) => data,
			responseType: 'text',
			validateStatus: () => true,
			httpAgent,
			proxy: false,
		});
		return status;
	}

	/** A process remembers what a node has received, so each example uses another node. */
	function takeAnotherNode(): void {
		examples += 1;
		trigger.nodeId = `node-${examples}`;
	}

	/** Returns the items of the runs so far and clears them. */
	function started() {
		return server.runs.splice(0).map(([item, ...others]) => {
			expect(others).toEqual([]);
			return item?.json ?? {};
		});
	}

	const keyOf = ({ ulid, id }: Record<string, unknown>) => ulid ?? id;

	test('starts one run with one item and keeps every digit', async () => {
		await fc.assert(
			fc.asyncProperty(eventBody, async ({ body, id, resourceId, resourceName }) => {
				takeAnotherNode();
				expect(await post(body)).toBe(200);
				expect(started()).toEqual([
					expect.objectContaining({ id, resource_id: resourceId, resource_name: resourceName }),
				]);
				expect(server.errors).toEqual([]);
			}),
			RUNS,
		);
		expect(Object.keys(Object.prototype)).toEqual([]);
	});

	test('keeps every digit of unknown fields', async () => {
		trigger.parameters.options = { simplify: false };
		await fc.assert(
			fc.asyncProperty(eventBody, async ({ body, resourceId }) => {
				takeAnotherNode();
				const digits = '7120447718830551043';
				expect(await post(body.replace(/\}$/, `,"unknown":{"deep":[${digits}]}}`))).toBe(200);
				const [item] = started();
				expect(item).toMatchObject({ unknown: { deep: [digits] } });
				expect(String(item?.resource_id)).toBe(resourceId);
			}),
			RUNS,
		);
	});

	test('starts once, however often and in whatever order it arrives', async () => {
		const deliveries = fc
			.uniqueArray(eventBody, { minLength: 1, maxLength: 4, selector: ({ key }) => key })
			.chain((events) => fc.array(fc.constantFrom(...events), { minLength: 1, maxLength: 12 }));
		await fc.assert(
			fc.asyncProperty(deliveries, fc.boolean(), async (events, atOnce) => {
				takeAnotherNode();
				const send = async ({ body }: EventBody) => await post(body);
				const statuses: number[] = [];
				if (atOnce) statuses.push(...(await Promise.all(events.map(send))));
				else for (const event of events) statuses.push(await send(event));
				expect(new Set(statuses)).toEqual(new Set([200]));
				expect(started().map(keyOf).sort()).toEqual(
					[...new Set(events.map(({ key }) => key))].sort(),
				);
			}),
			{ numRuns: 40 },
		);
	});

	test('starts nothing and causes no failure if the body is not an event', async () => {
		await fc.assert(
			fc.asyncProperty(otherBody, async (body) => {
				expect(await post(body)).toBeLessThan(500);
				expect(server.errors).toEqual([]);
				expect(started()).toEqual([]);
			}),
			RUNS,
		);
	});

	test.each(HOSTILE_ANSWERS)('starts a run although Procore returns $name', async ({ effect }) => {
		takeAnotherNode();
		const fault = effect({ accessToken: '' });
		await n8n.control.addFault({ path: '^/rest/', times: 0, effect: fault });
		await n8n.control.clearRequests();
		const body = fc.sample(eventBody, 1)[0]?.body ?? '';
		expect(await post(body, 'Bearer of nothing')).toBe(401);
		expect(started()).toEqual([]);
		expect(await post(body)).toBe(200);
		expect(started()).toHaveLength(1);
		expect(await n8n.requests()).toEqual([]);
	});

	test('is rejected with any other secret, whatever it contains', async () => {
		const forged = fc.oneof(
			fc.string().filter((text) => /^[\x20-\x7e]*$/.test(text)),
			fc.nat().map((at) => secret.slice(0, at % secret.length)),
			fc.constantFrom('', 'Bearer', 'Bearer ', 'Bearer undefined', 'Bearer null', 'Basic Og=='),
		);
		await fc.assert(
			fc.asyncProperty(forged, fc.oneof(eventBody, otherBody), async (authorization, body) => {
				expect(await post(Buffer.isBuffer(body) ? body : body.body, authorization)).toBe(401);
				expect(started()).toEqual([]);
			}),
			RUNS,
		);
	});
});
