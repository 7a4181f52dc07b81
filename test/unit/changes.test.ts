import type { Change } from '../../emulator/control-client';
import { readResponse } from '../../nodes/Procore/api/http-response';
import type { ListClient } from '../../nodes/Procore/api/page-size';
import type { AcceptedResponse, ProcoreRequest } from '../../nodes/Procore/api/request';
import {
	changeKey,
	planChanges,
	readChanges,
	type ChangedRecord,
	type ChangesQuery,
} from '../../nodes/Procore/record/changes';
import { COMPANY, PROJECT, useEmulator } from './emulator/support/api';
import { failure } from './support/node';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs' } as const;

describe('the changed records of a span', () => {
	const emulator = useEmulator();

	/** The query strings of the requests. */
	let asked: URLSearchParams[] = [];
	let client: ListClient;

	beforeEach(() => {
		asked = [];
		client = {
			pageSizes: new Map<string, number>(),
			async request({ path, query = {}, companyId }: ProcoreRequest): Promise<AcceptedResponse> {
				const search = new URLSearchParams(
					Object.entries(query).map(([name, value]) => [name, String(value)]),
				);
				asked.push(search);
				const { status, headers, text } = await emulator.api.get(`${path}?${search.toString()}`, {
					company: companyId,
				});
				const response = readResponse({ statusCode: status, headers, body: text });
				if (status >= 300) throw failure({ kind: status < 500 ? 'refused' : 'unknown', status });
				return { ...response, isRetry: false };
			},
		};
	});

	function queryOf(resourceName: string, more: Partial<ChangesQuery> = {}): ChangesQuery {
		const plan = planChanges(resourceName, COMPANY, PROJECT);
		if (!plan.ok) throw new Error(plan.message);
		return { ...plan.query, ...more };
	}

	async function change(more: Partial<Change> = {}): Promise<void> {
		await emulator.control.change({ ...RFI, eventType: 'create', silent: true, ...more });
	}

	/** Creates records with these ids, some seconds apart, and lets the last one settle. */
	async function createSome(ids: readonly string[], secondsApart = 1): Promise<void> {
		for (const resourceId of ids) {
			await change({ resourceId });
			await emulator.control.advance(secondsApart);
		}
		await emulator.control.advance(5);
	}

	async function procoreTime(): Promise<number> {
		return Date.parse((await emulator.control.state({ deliveries: 0 })).now);
	}

	/** Reads what changed since `ago`, with the local clock `ahead` of Procore's. */
	async function readSince(
		ago: number,
		query: ChangesQuery = queryOf('RFIs'),
		ahead = 0,
	): Promise<ChangedRecord[]> {
		const now = (await procoreTime()) + ahead;
		const span = { from: now - ago, to: now + HOUR_MS };
		return await readChanges(client, query, span, () => now);
	}

	const idsOf = (records: readonly ChangedRecord[]) => records.map(({ id }) => id);
	const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
	const sorted = (ids: readonly string[]) => [...ids].sort((a, b) => Number(a) - Number(b));

	test('are returned oldest change first, with one request', async () => {
		await createSome(['1', '2', '3']);
		await change({ resourceId: '1', eventType: 'update' });
		const records = await readSince(HOUR_MS);
		expect(idsOf(records)).toEqual(['2', '3', '1']);
		expect(asked).toHaveLength(1);
		expect(asked[0]?.get('filters[updated_at]')).toMatch(/^[\d:TZ-]{20}\.\.\.[\d:TZ-]{20}$/);
		expect(asked[0]?.get('per_page')).toBe('1000');
		expect(records[0]).toMatchObject({ isSettled: true, row: { subject: expect.any(String) } });
	});

	test('are each read in a single response, however many there are', async () => {
		await createSome(numbers(60), 30);
		const records = await readSince(DAY_MS, queryOf('RFIs', { perPage: 10 }));
		expect(idsOf(records)).toEqual(numbers(60));
		expect(asked.map((query) => query.get('page'))).toEqual(asked.map(() => '1'));
		expect(asked.length).toBeLessThan(60);
	});

	test('are complete although a record moves while they are read', async () => {
		await createSome(numbers(40), 30);
		for (let after = 1; after <= 12; after += 1) {
			await emulator.control.addFault({
				path: 'rfis',
				after,
				effect: {
					kind: 'changeRecord',
					change: { ...RFI, eventType: 'update', resourceId: String(after) },
				},
			});
		}
		const records = await readSince(HOUR_MS, queryOf('RFIs', { perPage: 10 }));
		expect(sorted(idsOf(records))).toEqual(numbers(40));
		expect(asked.length).toBeGreaterThan(12);
		// The records that moved are there as they were last.
		for (const { id, createdAt, updatedAt } of records) {
			if (Number(id) <= 12) expect(updatedAt).toBeGreaterThan(createdAt);
		}
	});

	test('would lack a record if the list were read page by page', async () => {
		await createSome(numbers(4));
		await emulator.control.addFault({
			path: '[?&]page=2',
			effect: { kind: 'changeRecord', change: { ...RFI, eventType: 'update', resourceId: '1' } },
		});
		// With this fault the list is not trusted, so it is read page by page.
		await emulator.control.addFault({ times: 0, effect: { kind: 'ignoreFilters' } });
		await change({ resourceId: '9', record: { updated_at: '2020-01-01T00:00:00Z' } });
		const records = await readSince(HOUR_MS, queryOf('RFIs', { perPage: 2 }));
		expect(sorted(idsOf(records))).not.toContain('2');
	});

	test('are read page by page if many changed in the same second', async () => {
		await change({ count: 25 });
		await emulator.control.advance(5);
		const records = await readSince(HOUR_MS, queryOf('RFIs', { perPage: 10 }));
		expect(new Set(idsOf(records)).size).toBe(25);
	});

	test('are read with smaller pages after a 500', async () => {
		await createSome(numbers(120));
		await emulator.control.addFault({
			times: 0,
			effect: { kind: 'pageTooLarge', above: 50, status: 500 },
		});
		expect(sorted(idsOf(await readSince(HOUR_MS)))).toEqual(numbers(120));
		expect([...new Set(asked.map((query) => query.get('per_page')))]).toEqual([
			'1000',
			'100',
			'10',
		]);
		expect(client.pageSizes.size).toBe(1);
	});

	test('are filtered again if the list comes back unfiltered', async () => {
		await change({ resourceId: '1', record: { updated_at: '2020-01-01T00:00:00Z' } });
		await createSome(['2', '3']);
		await emulator.control.addFault({ times: 0, effect: { kind: 'ignoreFilters' } });
		expect(idsOf(await readSince(HOUR_MS))).toEqual(['2', '3']);
		expect(idsOf(await readSince(HOUR_MS, queryOf('RFIs', { perPage: 2 })))).toEqual(['2', '3']);
		expect(asked.length).toBeLessThan(6);
	});

	test.each([90, -90])('are complete with a clock that is %s seconds off', async (seconds) => {
		await createSome(numbers(30), 2);
		const records = await readSince(5 * 60_000, queryOf('RFIs', { perPage: 10 }), seconds * 1000);
		expect(idsOf(records)).toEqual(numbers(30));
		expect(records.every(({ isSettled }) => isSettled)).toBe(true);
	});

	test('are not settled while the second of the change might not be over', async () => {
		await createSome(['1']);
		await change({ resourceId: '2' });
		const settled = (records: readonly ChangedRecord[]) =>
			records.map(({ id, isSettled }) => [id, isSettled]);
		expect(settled(await readSince(HOUR_MS, queryOf('RFIs'), 90_000))).toEqual([
			['1', true],
			['2', false],
		]);
		await emulator.control.advance(5);
		expect(settled(await readSince(HOUR_MS, queryOf('RFIs'), -90_000))).toEqual([
			['1', true],
			['2', true],
		]);
	});

	test('unwrap the envelope of v2.0, whose pages have 100 rows', async () => {
		await change({ resourceName: 'Coordination Issues', resourceId: '7' });
		expect(idsOf(await readSince(HOUR_MS, queryOf('Coordination Issues')))).toEqual(['7']);
		expect(asked[0]?.get('per_page')).toBe('100');
	});

	test('are drawings, not their revisions', async () => {
		await change({ resourceName: 'Drawings', resourceId: '71' });
		const [record] = await readSince(HOUR_MS, queryOf('Drawings'));
		expect(record).toMatchObject({ id: '71', row: { id: 971 }, createdAt: NaN });
	});

	test('keep every digit of their ids', async () => {
		await change({ resourceId: '598134325900999001' });
		expect(idsOf(await readSince(HOUR_MS))).toEqual(['598134325900999001']);
	});

	test('are recognized by id and time, or by their content if the list tells no time', () => {
		const record: ChangedRecord = {
			id: '7',
			createdAt: NaN,
			updatedAt: Date.parse('2026-11-20T08:00:00Z'),
			isSettled: true,
			row: { id: 7, title: 'A' },
		};
		expect(changeKey(record)).toBe('7@2026-11-20T08:00:00Z');
		const timeless = { ...record, updatedAt: NaN };
		expect(changeKey(timeless)).toMatch(/^7@[0-9a-f]{64}$/);
		expect(changeKey({ ...timeless, row: { id: 7, title: 'B' } })).not.toBe(changeKey(timeless));
	});

	test('say which access is missing', async () => {
		const refusing: ListClient = {
			pageSizes: new Map<string, number>(),
			request: async () => await Promise.reject(failure({ kind: 'refused', status: 403 })),
		};
		const reading = readChanges(refusing, queryOf('RFIs'), { from: 0, to: 1000 }, () => 0);
		await expect(reading).rejects.toThrow(/read access to the tool of RFIs/);
	});
});
