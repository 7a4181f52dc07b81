import type { INodeParameters } from 'n8n-workflow';

import { GENERATIONS, inProject, jsonOf, makeHook, messageOf } from './action-support';
import { byId, useN8n } from './harness';

describe.each(GENERATIONS)('the events of deliveries on %s', (version) => {
	const n8n = useN8n();
	let hookId = '';

	beforeEach(async () => {
		await n8n.connect({ version });
		hookId = await makeHook(n8n);
	});

	const getAll = (more: INodeParameters = {}) =>
		inProject('delivery', 'getAll', {
			hookId: byId(hookId),
			output: 'events',
			returnAll: true,
			...more,
		});

	async function log(count: number, statuses = ['succeeded', 'failed', 'retrying', 'discarded']) {
		await n8n.control.addDeliveries(hookId, {
			count,
			statuses: statuses.map((status) => {
				if (status === 'failed' || status === 'retrying' || status === 'discarded') return status;
				return 'succeeded';
			}),
			resourceNames: ['RFIs', 'Submittals'],
		});
		return (await n8n.control.state()).deliveries;
	}

	test("have the shape of Procore Trigger's items, each once, whatever their status", async () => {
		const deliveries = await log(40);
		const json = jsonOf(await n8n.run(getAll()));
		expect(json.map(({ ulid }) => ulid)).toEqual(deliveries.map(({ ulid }) => ulid).sort());
		expect(json[0]).toEqual({
			id: expect.stringMatching(/^\d{19}$/),
			ulid: expect.any(String),
			timestamp: expect.any(String),
			event_type: expect.any(String),
			resource_name: expect.stringMatching(/^(RFIs|Submittals)$/),
			resource_id: expect.any(String),
			company_id: expect.any(String),
			project_id: expect.any(String),
			user_id: expect.any(String),
			api_version: 'v2.0',
			metadata: expect.any(Object),
		});
	});

	test('come out once if an event has several deliveries', async () => {
		await n8n.control.editHook(hookId, {
			destinationUrl: 'http://127.0.0.1:9/nobody',
			triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
		});
		const { companyId, projectId } = { companyId: '4501177', projectId: '902214' };
		const place = { companyId, projectId, resourceName: 'RFIs', eventType: 'update' };
		await n8n.control.change(place);
		await n8n.control.advance(30);
		expect(jsonOf(await n8n.run(getAll()))).toHaveLength(1);
	});

	test('come out as Procore stores them with Simplify off', async () => {
		const [delivery] = await log(1);
		const [json] = jsonOf(await n8n.run(getAll({ simplify: false })));
		expect(json).toMatchObject({ id: delivery?.eventId, ulid: delivery?.ulid });
		expect(json).toHaveProperty('resource_name');
		expect(json).not.toHaveProperty('delivery_attempts');
		expect(json).not.toHaveProperty('outcome');
	});

	test('are limited and filtered as deliveries are', async () => {
		const deliveries = await log(40);
		const filters = { status: 'discarded', resourceName: 'Submittals' };
		const discarded = deliveries.filter(({ status }) => status === 'discarded');
		expect(jsonOf(await n8n.run(getAll({ filters })))).toHaveLength(discarded.length);
		expect(jsonOf(await n8n.run(getAll({ returnAll: false, limit: 3 })))).toHaveLength(3);
	});

	test.each([
		['ULIDs as comma-separated text', 'ulid', false],
		['ids as an array from an expression', 'eventId', true],
	] as const)('are found by %s', async (_form, key, asArray) => {
		const deliveries = await log(12);
		const wanted = [deliveries[2], deliveries[7], deliveries[9]];
		const ids = wanted.map((delivery) => delivery?.[key] ?? '');
		const eventIds = asArray ? `={{ ${JSON.stringify(ids)} }}` : ids.join(', ').toLowerCase();
		const found = jsonOf(await n8n.run(getAll({ filters: { eventIds } })));
		expect(found.map(({ ulid }) => ulid).sort()).toEqual(
			wanted.map((delivery) => delivery?.ulid).sort(),
		);
		const asDeliveries = getAll({ output: 'deliveries', filters: { eventIds } });
		const rows = jsonOf(await n8n.run(asDeliveries));
		expect(rows.map(({ ulid }) => ulid).sort()).toEqual(found.map(({ ulid }) => ulid).sort());
		expect(rows[0]).toHaveProperty('response_status');
	});

	test('are read no further than the last one that is asked for', async () => {
		const deliveries = await log(450, ['succeeded']);
		await n8n.requests();
		const eventIds = [deliveries[3]?.ulid, deliveries[120]?.ulid].join(',');
		expect(jsonOf(await n8n.run(getAll({ filters: { eventIds } })))).toHaveLength(2);
		expect(await n8n.requests()).toHaveLength(2);
	});

	test("of yesterday come out with the guide's expressions for Since and Until", async () => {
		await n8n.control.addDeliveries(hookId, { count: 1, secondsAgo: 86_400 });
		const yesterday = (await n8n.control.state()).deliveries.map(({ ulid }) => ulid);
		await log(1);
		const filters = {
			since: "={{ $now.minus({ days: 1 }).startOf('day') }}",
			until: "={{ $now.minus({ days: 1 }).endOf('day') }}",
		};
		const json = jsonOf(await n8n.run(getAll({ filters })));
		expect(json.map(({ ulid }) => ulid).sort()).toEqual(yesterday.sort());
	});

	test('are not there for an id that the hook does not know', async () => {
		await log(5);
		expect(jsonOf(await n8n.run(getAll({ filters: { eventIds: '999' } })))).toEqual([]);
	});

	test('need a known Output', async () => {
		const result = await n8n.run(getAll({ output: '={{ "records" }}' }));
		expect(messageOf(result)).toContain(
			'Output must be one of deliveries, events, but got "records"',
		);
	});
});
