import type { INodeParameters } from 'n8n-workflow';

import { openProcore } from '../../nodes/Procore/api';
import type { Scope } from '../../nodes/Procore/model/scope';
import { byId, COMPANY, PROJECT, useN8n, type Generation } from './harness';

/** The behavior that all operations of the action node share, tested on the lists. */
describe.each<Generation>(['v2.0', 'v1.0'])('the action node on %s', (version) => {
	const n8n = useN8n();
	let hookId = '';

	beforeEach(async () => {
		await n8n.connect({ version });
		const scope: Scope = { kind: 'project', companyId: COMPANY, projectId: PROJECT };
		const { webhooks } = await openProcore(n8n.apiContext());
		const hook = (
			await webhooks.createHook(scope, {
				namespace: 'flows',
				destination_url: 'https://flows.larkspur.example/webhook/a',
				payload_version: 'v2.0',
			})
		).model;
		hookId = hook.id;
		await webhooks.addTriggers(scope, hook, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'RFIs', event_type: 'update' },
			{ resource_name: 'Submittals', event_type: 'delete' },
		]);
		await n8n.control.addDeliveries(hook.id, { count: 120, statuses: ['succeeded', 'failed'] });
		await n8n.requests();
	});

	const list = (resource: string, more: INodeParameters = {}): INodeParameters => ({
		resource,
		operation: 'getAll',
		companyId: byId(COMPANY),
		scope: 'project',
		projectId: byId(PROJECT),
		namespace: 'flows',
		...(resource === 'hook' ? {} : { hookId: byId(hookId) }),
		...more,
	});

	test('lists hooks in the simplified form', async () => {
		const { items, error } = await n8n.run(list('hook'));
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{
				json: expect.objectContaining({
					id: hookId,
					namespace: 'flows',
					payload_version: 'v2.0',
					status: 'active',
					company_id: null,
					project_id: PROJECT,
				}),
				pairedItem: { item: 0 },
			},
		]);
	});

	test('lists triggers in the simplified form', async () => {
		const { items } = await n8n.run(list('trigger', { returnAll: true }));
		expect(items.map(({ json }) => `${json.resource_name}:${json.event_type}`)).toEqual([
			'RFIs:create',
			'RFIs:update',
			'Submittals:delete',
		]);
		for (const { json } of items) expect(json).toMatchObject({ hook_id: hookId });
	});

	test.each([
		['trigger', {}, 3],
		['trigger', { limit: 2 }, 2],
		['trigger', { returnAll: true }, 3],
		['delivery', {}, 50],
		['delivery', { limit: 7 }, 7],
		['delivery', { limit: 101 }, 101],
		['delivery', { returnAll: true }, 120],
		['delivery', { returnAll: true, limit: 1 }, 120],
	])('with %s and %j returns %d items', async (resource, more, count) => {
		expect((await n8n.run(list(resource, more))).items).toHaveLength(count);
	});

	test("returns Procore's own JSON without Simplify", async () => {
		const raw = async (resource: string) =>
			(await n8n.run(list(resource, { simplify: false, limit: 1 }))).items[0]?.json;
		const isV1 = version === 'v1.0';
		expect(await raw('hook')).toHaveProperty(
			isV1 ? 'api_version' : 'payload_version',
			isV1 ? 'v2' : 'v2.0',
		);
		expect(await raw('trigger')).toMatchObject({ event_type: 'CREATE' });
		expect(await raw('delivery')).toHaveProperty(isV1 ? 'event' : 'payload');
		const newest = (await n8n.control.state()).deliveries.at(-1);
		expect(JSON.stringify(await raw('delivery'))).toContain(`"${newest?.eventId}"`);
	});

	test('runs once per item, in order and paired, with the parameters of each', async () => {
		const items = Array.from({ length: 40 }, (_, index) => ({ count: (index % 3) + 1 }));
		const { items: output, error } = await n8n.run(
			list('trigger', { limit: '={{ $json.count }}' }),
			items,
		);
		expect(error).toBeUndefined();
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			items.flatMap(({ count }, item) => Array.from({ length: count }, () => ({ item }))),
		);
	});

	test('runs some items at once, but not all', async () => {
		await n8n.control.addFault({ path: '/hooks', times: 0, effect: { kind: 'hold' } });
		const running = n8n.run(
			list('hook'),
			Array.from({ length: 20 }, () => ({})),
		);
		await n8n.untilHeld(5);
		// Any other request would have arrived by the time this list has been read.
		await n8n.control.requests();
		expect(await n8n.control.heldCalls()).toBe(5);
		await n8n.control.clearFaults();
		expect((await running).error).toBeUndefined();
	});

	test('stops at an item that fails and names it', async () => {
		const { error } = await n8n.run(list('trigger', { hookId: byId('={{ $json.hook }}') }), [
			{ hook: hookId },
			{ hook: '61849999' },
		]);
		expect(error?.message).toContain('list the subscriptions of hook 61849999');
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
	});

	test.each(['continueOnFail', 'continueRegularOutput'])(
		'continues after an item that fails with %s',
		async (setting) => {
			const { items, error } = await n8n.run(
				list('trigger', { hookId: byId('={{ $json.hook }}'), limit: 1 }),
				[{ hook: hookId }, { hook: '61849999' }, { hook: hookId }],
				setting === 'continueOnFail'
					? { continueOnFail: true }
					: { onError: 'continueRegularOutput' },
			);
			expect(error).toBeUndefined();
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
			expect(items[1]?.json).toEqual({
				error: expect.stringContaining('61849999'),
				details: { httpCode: '404', code: 'refused' },
			});
			expect(items[1]).not.toHaveProperty('error');
		},
	);

	test('lets n8n route a failed item to the error output', async () => {
		const { items, errorItems } = await n8n.run(
			list('trigger', { hookId: byId('={{ $json.hook }}'), limit: 1 }),
			[{ hook: hookId }, { hook: '61849999' }],
			{ onError: 'continueErrorOutput' },
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(errorItems.map(({ json }) => json.error)).toEqual([expect.stringContaining('61849999')]);
	});

	test('does nothing for no items', async () => {
		const { items } = await n8n.run(list('hook'), []);
		expect(items).toEqual([]);
		expect(await n8n.requests()).toEqual([]);
	});

	test('uses the company of the credential if none is selected', async () => {
		await n8n.connect({ version, companyId: COMPANY, grant: 'clientCredentials' });
		expect((await n8n.run(list('hook', { companyId: byId('') }))).items).toHaveLength(1);
		for (const { companyHeader } of await n8n.requests()) expect(companyHeader).toBe(COMPANY);
	});

	test('names the parameter to fill in', async () => {
		const { error } = await n8n.run(list('hook', { companyId: byId('') }));
		expect(error?.message).toContain('Select one in Company or set Company ID');
		expect(await n8n.requests()).toEqual([]);
	});

	test('rejects an operation that does not exist', async () => {
		const { error } = await n8n.run(list('hook', { operation: 'constructor' }));
		expect(error?.message).toContain('operation "constructor" is not supported');
	});
});
