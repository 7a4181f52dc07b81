import { DataDeduplicationService } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import type { Change } from '../../emulator/control-client';
import { jsonOf, messageOf, onlyJson } from './action-support';
import { byId, COMPANY, OTHER_PROJECT, PROJECT, useN8n } from './harness';
import { Deduplicator } from './support/deduplicator';

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs' } as const;
const deduplicator = new Deduplicator();

beforeAll(async () => await DataDeduplicationService.init(deduplicator));

describe('Record: Get Changed', () => {
	const n8n = useN8n();

	beforeEach(async () => {
		deduplicator.lists.clear();
		n8n.actionData = {};
		await n8n.connect();
	});

	function changed(more: INodeParameters = {}): INodeParameters {
		return {
			resource: 'record',
			operation: 'getChanged',
			resourceName: 'RFIs',
			companyId: byId(COMPANY),
			projectId: byId(PROJECT),
			returnAll: true,
			...more,
		};
	}

	async function change(resourceId: string, more: Partial<Change> = {}): Promise<void> {
		await n8n.control.change({ ...RFI, eventType: 'update', resourceId, silent: true, ...more });
	}

	/** Lets a change become old enough to be returned. */
	async function settle(): Promise<void> {
		await n8n.control.advance(5);
	}

	async function ids(parameters = changed()): Promise<unknown[]> {
		return jsonOf(await n8n.run(parameters)).map(({ id }) => id);
	}

	test('returns each change once, without any webhook', async () => {
		await change('1');
		await change('2');
		await settle();
		expect(await ids()).toEqual([1, 2]);
		expect(await ids()).toEqual([]);
		await change('2');
		await settle();
		expect(await ids()).toEqual([2]);
		expect(await ids()).toEqual([]);
	});

	test('costs one request', async () => {
		await change('1');
		await settle();
		await n8n.requests();
		await ids();
		expect(await n8n.requests()).toHaveLength(1);
	});

	test('returns what is beyond the limit in the next run', async () => {
		for (const id of ['1', '2', '3']) {
			await change(id);
			await n8n.control.advance(1);
		}
		await settle();
		const limited = changed({ returnAll: false, limit: 2 });
		expect(await ids(limited)).toEqual([1, 2]);
		expect(await ids(limited)).toEqual([3]);
	});

	test('returns the changes of the last day in a manual run and remembers nothing', async () => {
		await change('1');
		await settle();
		const manual = await n8n.run(changed(), [{}], {}, 'manual');
		expect(jsonOf(manual).map(({ id }) => id)).toEqual([1]);
		expect(await ids()).toEqual([1]);
	});

	test('returns events in the format of the trigger', async () => {
		await change('1', { eventType: 'create' });
		await settle();
		expect(onlyJson(await n8n.run(changed({ output: 'events' })))).toMatchObject({
			id: null,
			ulid: null,
			user_id: null,
			metadata: null,
			source: 'reconciliation',
			event_type: 'create',
			resource_name: 'RFIs',
			resource_id: '1',
			company_id: COMPANY,
			project_id: PROJECT,
		});
		await change('1');
		await settle();
		expect(onlyJson(await n8n.run(changed({ output: 'events' })))).toMatchObject({
			event_type: 'update',
		});
	});

	test('returns what changed in a given time, as often as it is asked', async () => {
		await change('1');
		await settle();
		const now = Date.parse((await n8n.control.state({ deliveries: 0 })).now);
		const since = new Date(now - 3_600_000).toISOString();
		expect(await ids(changed({ since }))).toEqual([1]);
		expect(await ids(changed({ since }))).toEqual([1]);
		const until = new Date(now - 1_800_000).toISOString();
		expect(await ids(changed({ since, until }))).toEqual([]);
		expect(messageOf(await n8n.run(changed({ since: until, until: since })))).toContain(
			'Until is before Since',
		);
	});

	test('returns nothing and remembers nothing if one of several projects is refused', async () => {
		await change('1');
		await settle();
		const both = changed({ projectId: byId('={{ $json.project }}') });
		const items = [{ project: PROJECT }, { project: OTHER_PROJECT }];
		await n8n.control.addFault({
			path: OTHER_PROJECT,
			effect: { kind: 'status', status: 403, body: { errors: 'Forbidden' } },
		});
		expect(messageOf(await n8n.run(both, items))).toContain('read access to the tool of RFIs');
		expect(jsonOf(await n8n.run(both, items))).toHaveLength(1);
	});

	test('returns changes of a company without a project', async () => {
		await n8n.control.change({
			companyId: COMPANY,
			resourceName: 'Company Vendors',
			resourceId: '7',
			eventType: 'update',
		});
		await settle();
		const vendors = changed({ resourceName: 'Company Vendors', projectId: byId('') });
		expect(await ids(vendors)).toEqual([7]);
	});
});
