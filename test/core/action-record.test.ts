import type { IDataObject } from 'n8n-workflow';

import type { Change, Event } from '../../emulator/control-client';
import { expectedItem } from '../e2e/procore';
import { jsonOf, messageOf, NOTHING, onlyJson } from './action-support';
import { byId, COMPANY, EUROPE, PROJECT, shape, useN8n } from './harness';

/** The parameters that the editor saves for an unchanged node. */
const DEFAULTS = { resource: 'record', operation: 'get' };
const BOTH = { ...DEFAULTS, output: 'eventAndRecord' };

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs', resourceId: '338821' };
const RFI_PATH = `/rest/v1.0/projects/${PROJECT}/rfis`;

/** Beyond 2^53. */
const BIG_ID = '598134325900999001';

/** An event as the trigger returns it with Simplify on. */
function itemOf(event: Event, more: IDataObject = {}): IDataObject {
	return { ...expectedItem(event, 'v2.0'), ...more };
}

describe('Record: Get', () => {
	const n8n = useN8n();

	async function happen(change: Partial<Change> = {}): Promise<Event> {
		const [event] = await n8n.control.change({ ...RFI, eventType: 'update', ...change });
		if (event === undefined) throw new Error('No event');
		return event;
	}

	async function reads(): Promise<string[]> {
		return (await n8n.requests()).map(({ method, path }) => `${method} ${path}`);
	}

	test('reads the record of an event without any parameters', async () => {
		const item = itemOf(await happen({ record: { subject: 'Moved door' } }));
		const result = await n8n.run(DEFAULTS, [item]);
		expect(onlyJson(result)).toMatchObject({ id: 338821, subject: 'Moved door', status: 'open' });
		expect(onlyJson(result)).not.toHaveProperty('record_state');
		expect(result.items[0]?.pairedItem).toEqual({ item: 0 });
		const [request, ...others] = await n8n.requests();
		expect(request).toMatchObject({
			method: 'GET',
			path: `${RFI_PATH}/338821`,
			query: {},
			companyHeader: COMPANY,
		});
		expect(others).toEqual([]);
	});

	test("reads the record of an event in Procore's own form, as the trigger returns it without Simplify", async () => {
		const event = await happen();
		const raw = {
			id: event.ulid,
			timestamp: event.timestamp,
			reason: 'UPDATED',
			company_id: COMPANY,
			project_id: PROJECT,
			user_id: '7710345',
			resource_type: 'RFIs',
			resource_id: '338821',
		};
		expect(onlyJson(await n8n.run(BOTH, [raw]))).toMatchObject({
			event: raw,
			record: { id: 338821 },
			record_state: 'current',
		});
		const numbers = { ...itemOf(event), resource_id: 338821, project_id: Number(PROJECT) };
		expect(onlyJson(await n8n.run(DEFAULTS, [numbers]))).toMatchObject({ id: 338821 });
	});

	test('keeps every digit of every id', async () => {
		const item = itemOf(await happen({ resourceId: BIG_ID }));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({ id: BIG_ID });
		expect(await reads()).toEqual([`GET ${RFI_PATH}/${BIG_ID}`]);
	});

	test('reads a company-level record, whose event has no project', async () => {
		const change = { companyId: EUROPE, resourceName: 'Company Vendors', projectId: null };
		const item = itemOf(await happen(change));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({
			name: 'Brightwater Electric',
		});
		expect(await n8n.requests()).toMatchObject([
			{ path: '/rest/v1.0/vendors/338821', query: { company_id: EUROPE }, companyHeader: EUROPE },
		]);
	});

	test('unwraps the envelope of API v2.0', async () => {
		const item = itemOf(await happen({ resourceName: 'Coordination Issues' }));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({
			id: '338821',
			title: 'Duct meets beam',
		});
	});

	test('finds a record in a list, on whichever page, if no endpoint returns it by id', async () => {
		for (let id = 1; id <= 120; id += 1) {
			await happen({ resourceName: 'Specification Areas', resourceId: String(id) });
		}
		const last = { resourceName: 'Specification Areas', resourceId: '120' };
		const item = itemOf(await happen({ ...last, record: { name: 'Volume 9' } }));
		await n8n.control.clearRequests();
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({
			id: '120',
			name: 'Volume 9',
		});
		expect((await n8n.requests()).map(shape)).toEqual(
			Array(2).fill('GET /rest/v2.1/companies/#/projects/#/specification_areas'),
		);
	});

	test('finds a record in the flat list of meeting topics', async () => {
		const change = { resourceName: 'Meeting Topics', record: { title: 'Crane moved' } };
		const item = itemOf(await happen(change));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({
			id: 338821,
			title: 'Crane moved',
		});
		expect(await reads()).toEqual([`GET /rest/v1.1/projects/${PROJECT}/meeting_topics`]);
	});

	test('finds a record inside the change event that contains it', async () => {
		const resourceName = 'Change Event Line Items';
		const relatedResources = [{ id: '7001', name: 'Change Events' }];
		await happen({ resourceName, resourceId: '1' });
		const change = { resourceName, relatedResources, record: { description: 'Formwork' } };
		const item = itemOf(await happen(change));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({
			id: 338821,
			description: 'Formwork',
		});
	});

	test('finds a record in the list of meeting topics although Procore fails to return large pages of it', async () => {
		for (let id = 1; id <= 25; id += 1) {
			await happen({ resourceName: 'Meeting Topics', resourceId: String(id) });
		}
		await n8n.control.addFault({
			path: 'meeting_topics',
			times: 0,
			effect: { kind: 'pageTooLarge', above: 10, status: 500 },
		});
		const item = itemOf(await happen({ resourceName: 'Meeting Topics', resourceId: '25' }));
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({ id: 25 });
	});

	test('does not guess if a drawing has several revisions and none is marked as current', async () => {
		const body = [
			{ id: 1, drawing_id: 5, name: 'a' },
			{ id: 2, drawing_id: 5, name: 'b' },
		];
		await n8n.control.addFault({
			path: 'drawing_revisions',
			effect: { kind: 'status', status: 200, body },
		});
		const item = itemOf(await happen({ resourceName: 'Drawings', resourceId: '5' }));
		expect(messageOf(await n8n.run(DEFAULTS, [item]))).toMatch(
			/^Could not read Drawings 5\. .*2 rows have this ID\. It is unknown which one/,
		);
	});

	test('reads a line item under the parent that payload v3.0 names', async () => {
		const related_resources = [{ id: '441290', name: 'Purchase Order Contracts' }];
		const change = {
			resourceName: 'Purchase Order Contract Line Items',
			relatedResources: related_resources,
		};
		const event = await happen(change);
		const item = itemOf(event, { api_version: 'v3.0', related_resources });
		expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({ description: 'Rebar #5' });
		expect(messageOf(await n8n.run(DEFAULTS, [itemOf(event)]))).toMatch(
			/also requires purchase_order_contract_id .*select V3\.0 as Payload Version/,
		);
	});

	test('reads a record that is entered manually, with another company and project', async () => {
		await happen({ companyId: EUROPE, projectId: '598134325900121', resourceId: '77' });
		const selected = {
			resourceName: 'RFIs',
			recordId: '77',
			companyId: byId(EUROPE),
			projectId: byId('598134325900121'),
		};
		const result = await n8n.run({ ...BOTH, ...selected }, [{ note: 'no event' }]);
		expect(onlyJson(result)).toMatchObject({
			event: { note: 'no event' },
			record: { id: 77 },
			record_state: 'unverified',
		});
	});

	test('uses the company and project of the event if they are left empty', async () => {
		const item = itemOf(await happen());
		const empty = { companyId: byId(NOTHING), projectId: byId(NOTHING) };
		expect(onlyJson(await n8n.run({ ...DEFAULTS, ...empty }, [item]))).toMatchObject({
			id: 338821,
		});
	});

	test('uses the company of the credential if none is set', async () => {
		await n8n.connect({ companyId: COMPANY });
		await happen();
		const selected = { resourceName: 'RFIs', recordId: '338821', projectId: byId(PROJECT) };
		const result = await n8n.run({ ...DEFAULTS, ...selected, companyId: byId(NOTHING) });
		expect(onlyJson(result)).toMatchObject({ id: 338821 });
	});

	test('ignores an event about another record, including its deletion', async () => {
		await n8n.control.setReadLag(60_000);
		await happen({ resourceId: '77' });
		const parameters = { ...BOTH, recordId: '77' };
		const items = [itemOf(await happen()), itemOf(await happen({ eventType: 'delete' }))];
		await n8n.control.clearRequests();
		expect(jsonOf(await n8n.run(parameters, items))).toMatchObject([
			{ record: { id: 77 }, record_state: 'unverified' },
			{ record: { id: 77 }, record_state: 'unverified' },
		]);
		expect(await reads()).toEqual([`GET ${RFI_PATH}/77`]);
	});

	describe('when Procore returns the change late', () => {
		test('retries until the record includes the change', async () => {
			await n8n.control.setReadLag(1200);
			const item = itemOf(await happen({ record: { subject: 'Moved door' } }));
			expect(onlyJson(await n8n.run(BOTH, [item]))).toMatchObject({
				record: { subject: 'Moved door' },
				record_state: 'current',
			});
			expect((await reads()).length).toBeGreaterThan(1);
		});

		test('waits for a record that was just created', async () => {
			await n8n.control.setReadLag(1200);
			const item = itemOf(await happen({ eventType: 'create' }));
			expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({ id: 338821 });
		});

		test('returns the last result and marks it when the time is up', async () => {
			await n8n.control.setReadLag(60_000);
			const item = itemOf(await happen({ record: { subject: 'Moved door' } }));
			const options = { waitSeconds: 1 };
			expect(onlyJson(await n8n.run({ ...DEFAULTS, options }, [item]))).toMatchObject({
				subject: 'Anchor bolts at grid C4',
				record_state: 'outdated',
			});
			expect(await reads()).toHaveLength(3);
			expect(onlyJson(await n8n.run({ ...BOTH, options }, [item]))).toMatchObject({
				record: { subject: 'Anchor bolts at grid C4' },
				record_state: 'outdated',
			});
		});

		test('reads once without Wait for Change', async () => {
			await n8n.control.setReadLag(60_000);
			const item = itemOf(await happen());
			const options = { waitForChange: false };
			expect(onlyJson(await n8n.run({ ...BOTH, options }, [item]))).toMatchObject({
				record_state: 'outdated',
			});
			expect(await reads()).toHaveLength(1);
		});

		test('reads once if the record has no updated_at to compare', async () => {
			await n8n.control.setReadLag(60_000);
			const item = itemOf(await happen({ resourceName: 'Departments', projectId: null }));
			expect(onlyJson(await n8n.run(BOTH, [item]))).toMatchObject({
				record: { name: 'Estimating' },
				record_state: 'unverified',
			});
			expect(await reads()).toHaveLength(1);
		});

		test.each([-1, 301, 'soon'])('rejects a maximum wait of %j seconds', async (waitSeconds) => {
			const item = itemOf(await happen());
			const parameters = {
				...DEFAULTS,
				options: { waitSeconds: `={{ ${JSON.stringify(waitSeconds)} }}` },
			};
			expect(messageOf(await n8n.run(parameters, [item]))).toMatch(
				`Maximum Wait (Seconds) must be a number from 0 to 300, but got "${waitSeconds}".`,
			);
		});
	});

	describe('when the record is not visible yet, or never will be', () => {
		const many = async (change: Partial<Change>): Promise<IDataObject[]> => {
			const items: IDataObject[] = [];
			for (let id = 1; id <= 20; id += 1) {
				items.push(itemOf(await happen({ resourceId: String(id), ...change })));
			}
			await n8n.control.clearRequests();
			return items;
		};
		const states = async (items: IDataObject[], options: IDataObject = {}) => {
			const parameters = { ...BOTH, options: { missing: 'empty', ...options } };
			return jsonOf(await n8n.run(parameters, items)).map(({ record_state }) => record_state);
		};
		const gone = { path: '/rfis/', times: 0, effect: { kind: 'status', status: 404 } } as const;

		test('retries if the record is missing from its list right after its creation', async () => {
			await n8n.control.setReadLag(1200);
			const change = {
				resourceName: 'Change Types',
				projectId: null,
				eventType: 'create',
			} as const;
			const item = itemOf(await happen(change));
			expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toMatchObject({ id: 338821 });
			expect((await reads()).length).toBeGreaterThan(1);
		});

		test('looks once more after an update', async () => {
			const item = itemOf(await happen());
			await n8n.control.addFault({ ...gone, times: 1 });
			expect(await states([item])).toEqual(['current']);
			await n8n.control.addFault(gone);
			await n8n.control.clearRequests();
			expect(await states([item])).toEqual(['missing']);
			expect(await reads()).toHaveLength(2);
		});

		test('waits after an update that arrives together with the creation', async () => {
			await n8n.control.setReadLag(2500);
			const created = itemOf(await happen({ eventType: 'create' }));
			const updated = itemOf(await happen());
			expect(await states([updated, created])).toEqual(['current', 'current']);
		});

		test('spends at most two requests each on 20 updates of deleted records', async () => {
			const items = await many({});
			await n8n.control.addFault(gone);
			expect(new Set(await states(items))).toEqual(new Set(['missing']));
			// The tool counts as hidden after three items that read twice. Four more can be on their way by then, and the other 13 read once.
			expect((await reads()).length).toBeLessThanOrEqual(3 * 2 + 4 * 2 + 13);
		});

		test('looks twice in a tool that returns other records', async () => {
			const items = await many({});
			await n8n.control.addFault({ ...gone, path: '/rfis/[2-9]$' });
			expect(await states(items)).toEqual(
				items.map((_item, index) => (index >= 1 && index <= 8 ? 'missing' : 'current')),
			);
			expect(await reads()).toHaveLength(20 + 8);
		});

		test('finds the records that exist after many that were deleted', async () => {
			const items = await many({});
			await n8n.control.addFault({ ...gone, path: '/rfis/\\d$' });
			expect(await states(items)).toEqual(
				items.map((_item, index) => (index < 9 ? 'missing' : 'current')),
			);
		});

		test('does not wait repeatedly in a tool that stays hidden', async () => {
			const items = await many({ eventType: 'create' });
			await n8n.control.addFault(gone);
			expect(new Set(await states(items, { waitSeconds: 2 }))).toEqual(new Set(['missing']));
			// Five at a time wait: at 0, 500, 1500 and 2000 ms.
			expect((await reads()).length).toBeLessThanOrEqual(5 * 4 + 15);
		});

		test('reads one list for all items that need it', async () => {
			const items = await many({ resourceName: 'Meeting Topics' });
			expect(new Set(await states(items))).toEqual(new Set(['current']));
			expect(await reads()).toHaveLength(1);
		});

		test.each([
			['text', 'maintenance'],
			['a list', []],
			['null', null],
		])('finds no record in a response that contains %s', async (_case, body) => {
			const item = itemOf(await happen());
			await n8n.control.addFault({
				path: '/rfis/',
				times: 0,
				effect: { kind: 'status', status: 200, body },
			});
			const parameters = { ...DEFAULTS, options: { missing: 'empty' } };
			expect(messageOf(await n8n.run(parameters, [item]))).toMatch(
				/^Could not read RFIs 338821\. /,
			);
		});
	});

	describe('when the record does not exist', () => {
		const options = { waitSeconds: 0 };

		test('fails with a message that says what to do', async () => {
			const item = itemOf(await happen({ eventType: 'create' }));
			await happen({ eventType: 'delete' });
			expect(messageOf(await n8n.run({ ...DEFAULTS, options }, [item]))).toBe(
				`RFIs 338821 was not found in project ${PROJECT}, or this account can't access it. Check the IDs, or select Return an Empty Item in If Record Is Missing.`,
			);
		});

		test('returns an empty item if requested, also for a record in a list', async () => {
			const rfi = itemOf(await happen({ eventType: 'create' }));
			const type = itemOf(await happen({ resourceName: 'Change Types', projectId: null }));
			await happen({ eventType: 'delete' });
			await happen({ resourceName: 'Change Types', projectId: null, eventType: 'delete' });
			const empty = { options: { ...options, missing: 'empty' } };
			const result = await n8n.run({ ...DEFAULTS, ...empty }, [rfi, type]);
			expect(jsonOf(result)).toEqual([{}, {}]);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
			expect(onlyJson(await n8n.run({ ...BOTH, ...empty }, [rfi]))).toEqual({
				event: rfi,
				record: null,
				record_state: 'missing',
			});
		});

		test('returns the event of a deletion under `event`, so that it is not taken for the record, without reading', async () => {
			const item = itemOf(await happen({ eventType: 'delete' }));
			expect(onlyJson(await n8n.run(DEFAULTS, [item]))).toEqual({
				record_state: 'deleted',
				event: item,
			});
			expect(onlyJson(await n8n.run(BOTH, [item]))).toEqual({
				event: item,
				record: null,
				record_state: 'deleted',
			});
			// Also for a record that Procore never returns.
			const unreadable = { ...item, resource_name: 'Meeting Categories' };
			expect(onlyJson(await n8n.run(DEFAULTS, [unreadable]))).toEqual({
				record_state: 'deleted',
				event: unreadable,
			});
			expect(await reads()).toEqual([]);
		});

		test('does not wait if a later item says that the record was deleted', async () => {
			const update = itemOf(await happen());
			const deletion = itemOf(await happen({ eventType: 'delete' }), {
				timestamp: '2999-01-01T00:00:00.000001Z',
			});
			await n8n.control.clearRequests();
			const parameters = { ...BOTH, options: { missing: 'empty' } };
			expect(jsonOf(await n8n.run(parameters, [update, deletion]))).toMatchObject([
				{ record_state: 'missing' },
				{ record_state: 'deleted' },
			]);
			expect(await reads()).toHaveLength(1);
		});
	});

	describe('with many items', () => {
		test('reads the record once for all events about it', async () => {
			const events: Event[] = [];
			for (let round = 0; round < 10; round += 1) {
				for (let record = 1; record <= 20; record += 1) {
					events.push(await happen({ resourceId: String(record), record: { number: round } }));
				}
			}
			await n8n.control.clearRequests();
			const result = await n8n.run(
				DEFAULTS,
				events.map((event) => itemOf(event)),
			);
			expect(jsonOf(result).map(({ id }) => String(id))).toEqual(
				events.map(({ resourceId }) => resourceId),
			);
			expect(jsonOf(result).every((json) => json.number === 9)).toBe(true);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
				events.map((_event, item) => ({ item })),
			);
			const paths = await reads();
			expect(paths).toHaveLength(20);
			expect(new Set(paths).size).toBe(20);
		});

		test('waits for the latest of the events', async () => {
			await n8n.control.setReadLag(1000);
			const past = '2020-01-01T00:00:00.000000Z';
			const item = itemOf(await happen({ record: { subject: 'Moved door' } }));
			const result = await n8n.run(BOTH, [{ ...item, timestamp: past }, item]);
			const [first, second] = jsonOf(result);
			// A change that a later node makes to one item must not affect another.
			expect(first?.record).not.toBe(second?.record);
			for (const json of jsonOf(result)) {
				expect(json).toMatchObject({ record: { subject: 'Moved door' }, record_state: 'current' });
			}
		});

		test('continues after a failure if requested, each error paired with its item', async () => {
			const good = itemOf(await happen());
			const items = [good, { ...good, resource_name: 'RFI' }, { other: true }, good];
			const result = await n8n.run(DEFAULTS, items, { onError: 'continueRegularOutput' });
			expect(jsonOf(result)).toMatchObject([
				{ id: 338821 },
				{ error: `This node can't read records of "RFI". Did you mean "RFIs"?` },
				{ error: expect.stringMatching(/^Resource Name is missing. Connect this node/) },
				{ id: 338821 },
			]);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3].map((item) => ({ item })),
			);
			expect(await reads()).toHaveLength(1);
		});

		test('sends nothing if the input of an item is incomplete', async () => {
			const good = itemOf(await happen());
			const { error } = await n8n.run(DEFAULTS, [good, { ...good, resource_name: 'RFI' }]);
			expect(error).toMatchObject({ context: { itemIndex: 1 } });
			expect(await reads()).toEqual([]);
		});
	});

	test('names the missing permission if the account cannot access the tool', async () => {
		const body = { errors: ['You do not have permission'] };
		await n8n.control.addFault({ path: '/rfis/', effect: { kind: 'status', status: 403, body } });
		const item = itemOf(await happen());
		expect(messageOf(await n8n.run(DEFAULTS, [item]))).toBe(
			"Could not read RFIs 338821. Procore answered 403: You do not have permission. In this company and project, give read access to the tool of RFIs to the user who connected the credential or, with Client Credentials, the app's service account.",
		);
	});

	test('explains that the app is not connected to the company', async () => {
		const item = itemOf(await happen());
		await n8n.control.setPermissions({ companyId: COMPANY, connected: false });
		expect(messageOf(await n8n.run(DEFAULTS, [item]))).toMatch(/Install the app in this company/);
	});
});
