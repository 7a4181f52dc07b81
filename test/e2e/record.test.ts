import type { Change, Event } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CLINIC, COMPANY, expectedItem, PAYLOAD_VERSIONS } from './procore';
import { Scene } from './scene';
import { RECORD, recordNode, TRIGGER } from './workflows';

const IN_CLINIC = { scope: 'projects', projectIds: [CLINIC.id] };
const RFI = { companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' } as const;

/** As long as Procore might take to show a change; a client reported seconds. */
const READ_LAG = 3000;

/** Beyond 2^53. */
const BIG_ID = '598134325900999001';

describe('Procore, Record: Get behind a Procore Trigger', () => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
	});

	afterAll(async () => {
		await stack.stop();
	});

	/** Activates both nodes, makes a change in Procore, and returns the execution that it starts. */
	async function runOn(
		trigger: JsonObject,
		change: Change,
		record: JsonObject = {},
	): Promise<{ event: Event; run: Execution }> {
		const workflow = await scene.activate(trigger, recordNode(scene.credential, record));
		const event = await scene.fire(change);
		const [run] = await scene.executions(workflow.id, 1);
		if (run === undefined) throw new Error('The event started nothing');
		return { event, run };
	}

	function recordsOf({ run }: { run: Execution }): JsonObject[] {
		if (run.error !== undefined) throw new Error(run.error.message);
		return run.itemsOf(RECORD);
	}

	async function readPaths(): Promise<string[]> {
		return (await scene.control.requests())
			.map(({ path }) => path)
			.filter((path) => path.startsWith('/rest/') && !path.includes('/webhooks/'));
	}

	test('returns the changed RFI although Procore shows it three seconds late', async () => {
		await scene.control.setReadLag(READ_LAG);

		const result = await runOn(
			{ ...IN_CLINIC, events: ['RFIs:update'] },
			{ ...RFI, resourceId: '338821', eventType: 'update', record: { subject: 'Moved door' } },
		);

		expect(recordsOf(result)).toEqual([
			expect.objectContaining({ id: 338821, subject: 'Moved door', status: 'open' }),
		]);
		const paths = await readPaths();
		expect(new Set(paths)).toEqual(new Set([`/rest/v1.0/projects/${CLINIC.id}/rfis/338821`]));
		expect(paths.length).toBeGreaterThan(1);
	});

	test('returns the changed vendor of the company with its event, late too', async () => {
		await scene.control.setReadLag(READ_LAG);

		const result = await runOn(
			{ scope: 'company', events: ['Company Vendors:update'] },
			{
				companyId: COMPANY.id,
				resourceName: 'Company Vendors',
				resourceId: '5503877',
				eventType: 'update',
				record: { name: 'Brightwater Electrical' },
			},
			{ output: 'eventAndRecord' },
		);

		expect(recordsOf(result)).toEqual([
			{
				event: expectedItem(result.event, 'v2.0'),
				record: expect.objectContaining({ id: 5503877, name: 'Brightwater Electrical' }),
				record_state: 'current',
			},
		]);
	});

	test('returns the last result and marks it if Procore shows the change later than it waits', async () => {
		await scene.control.setReadLag(120_000);

		const result = await runOn(
			{ ...IN_CLINIC, events: ['Submittals:update'] },
			{ ...RFI, resourceName: 'Submittals', eventType: 'update', record: { title: 'Changed' } },
			{ options: { waitSeconds: 2 } },
		);

		expect(recordsOf(result)).toEqual([
			expect.objectContaining({ title: 'Curtain wall shop drawings', record_state: 'outdated' }),
		]);
	});

	test('waits for an RFI that was just created', async () => {
		await scene.control.setReadLag(READ_LAG);

		const result = await runOn(
			{ ...IN_CLINIC, events: ['RFIs:create'] },
			{ ...RFI, eventType: 'create', record: { subject: 'Slab edge' } },
		);

		expect(recordsOf(result)).toEqual([expect.objectContaining({ subject: 'Slab edge' })]);
	});

	test('passes a deletion through and reads nothing', async () => {
		const result = await runOn(
			{ ...IN_CLINIC, events: ['RFIs:delete'] },
			{ ...RFI, eventType: 'delete' },
		);

		expect(recordsOf(result)).toEqual([
			{ record_state: 'deleted', event: expectedItem(result.event, 'v2.0') },
		]);
		expect(await readPaths()).toEqual([]);
	});

	test('fails if Procore does not return the record, and says what is missing and what to do', async () => {
		const { run } = await runOn(
			{ ...IN_CLINIC, events: ['RFI Replies:create'] },
			{ ...RFI, resourceName: 'RFI Replies', resourceId: '71', eventType: 'create' },
		);

		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({
			node: RECORD,
			message: `Reading RFI Replies also requires rfi_id (the ID of its RFI), which the event doesn't include: list the RFIs of the project and try each, with HTTP Request nodes, at /rest/v1.0/projects/${CLINIC.id}/rfis/{rfi_id}/replies/71.`,
		});
	});

	test('finds a record in a list if no endpoint returns it by id', async () => {
		const result = await runOn(
			{ scope: 'company', events: ['Change Types:update'] },
			{
				companyId: COMPANY.id,
				resourceName: 'Change Types',
				resourceId: '41',
				eventType: 'update',
				record: { change_type: 'Field Change' },
			},
		);

		expect(recordsOf(result)).toEqual([
			expect.objectContaining({ id: 41, change_type: 'Field Change' }),
		]);
	});

	test('reads a line item under the parent that payload v3.0 names', async () => {
		const result = await runOn(
			{
				...IN_CLINIC,
				events: ['Purchase Order Contract Line Items:update'],
				options: { payloadVersion: 'v3.0' },
			},
			{
				...RFI,
				resourceName: 'Purchase Order Contract Line Items',
				eventType: 'update',
				relatedResources: [{ id: '441290', name: 'Purchase Order Contracts' }],
			},
		);

		expect(recordsOf(result)).toEqual([expect.objectContaining({ description: 'Rebar #5' })]);
	});

	test.each(
		PAYLOAD_VERSIONS.flatMap((version) => [true, false].map((on) => [version, on] as const)),
	)(
		'keeps every digit of the ids with payload %s and Simplify %s in the trigger',
		async (payloadVersion, simplify) => {
			const result = await runOn(
				{ ...IN_CLINIC, events: ['RFIs:update'], options: { payloadVersion, simplify } },
				{ ...RFI, resourceId: BIG_ID, eventType: 'update' },
			);

			expect(recordsOf(result)).toEqual([expect.objectContaining({ id: BIG_ID })]);
			expect(await readPaths()).toEqual([`/rest/v1.0/projects/${CLINIC.id}/rfis/${BIG_ID}`]);
			expect(result.run.itemsOf(TRIGGER)).toHaveLength(1);
		},
	);

	test('sends at most 25 requests for 20 changed records that were deleted', async () => {
		const events: Event[] = [];
		for (let record = 1; record <= 20; record += 1) {
			const change = { ...RFI, resourceId: String(338900 + record) };
			events.push(...(await scene.control.change({ ...change, eventType: 'update' })));
			await scene.control.change({ ...change, eventType: 'delete' });
		}
		await scene.control.clearRequests();

		const start = Date.now();
		const { items, error } = await runAction(scene.rest, {
			node: recordNode(scene.credential, { options: { missing: 'empty' } }),
			items: events.map((event) => expectedItem(event, 'v2.0')),
		});

		expect(error).toBeUndefined();
		expect(items).toEqual(events.map(() => ({})));
		expect((await readPaths()).length).toBeLessThanOrEqual(25);
		// Six requests and ten seconds per record would take 40 seconds.
		expect(Date.now() - start).toBeLessThan(20_000);
	});

	test('reads 20 records in 20 requests for 200 events in one execution', async () => {
		const events: Event[] = [];
		for (let record = 1; record <= 20; record += 1) {
			const resourceId = String(338800 + record);
			events.push(
				...(await scene.control.change({
					...RFI,
					resourceId,
					eventType: 'update',
					record: { subject: `RFI ${record}` },
					count: 10,
				})),
			);
		}
		// As they would arrive from a queue that was waiting.
		events.sort((a, b) => (a.id.slice(-2) < b.id.slice(-2) ? -1 : 1));
		await scene.control.clearRequests();

		const { items, error } = await runAction(scene.rest, {
			node: recordNode(scene.credential),
			items: events.map((event) => expectedItem(event, 'v2.0')),
		});

		expect(error).toBeUndefined();
		expect(items.map(({ subject }) => subject)).toEqual(
			events.map(({ resourceId }) => `RFI ${Number(resourceId) - 338800}`),
		);
		const paths = await readPaths();
		expect(paths).toHaveLength(20);
		expect(new Set(paths).size).toBe(20);
	});
});
