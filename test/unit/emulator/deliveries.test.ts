import { PROJECT, PROJECT_WEBHOOKS, at, idAt, rows, useEmulator } from './support/api';

describe('the log of deliveries', () => {
	const emulator = useEmulator();
	let hook = '';
	const v2 = async (query: string) => {
		const path = `${PROJECT_WEBHOOKS}/hooks/${hook}/deliveries?per_page=100&${query}`;
		return await emulator.api.get(path);
	};
	const v1 = async (query: string) =>
		await emulator.api.get(
			`/rest/v1.0/webhooks/hooks/${hook}/deliveries?project_id=${PROJECT}&${query}`,
		);

	beforeEach(async () => {
		hook = await emulator.hook(PROJECT_WEBHOOKS);
	});

	test('is a 404 on v2.0 and empty on v1.0 for a hook that never delivered', async () => {
		expect((await v2('')).status).toBe(404);
		expect((await v1('')).json).toEqual([]);
		await emulator.control.addDeliveries(hook, { count: 1 });
		expect((await v2('filter[status]=failed')).json).toEqual({ data: [] });
	});

	test('filters by `succeeded` and answers `delivered` on v2.0', async () => {
		await emulator.control.addDeliveries(hook, {
			count: 10,
			statuses: ['delivered', 'failed', 'discarded', 'enqueued', 'retrying'],
		});
		const statuses = async (word: string) =>
			rows(at((await v2(`filter[status]=${word}`)).json, 'data')).map((row) => at(row, 'status'));
		expect(await statuses('succeeded')).toEqual(['delivered', 'delivered']);
		for (const word of ['failed', 'discarded', 'enqueued', 'retrying']) {
			expect(await statuses(word)).toEqual([word, word]);
		}
		expect((await v2('filter[status]=delivered')).status).toBe(400);
	});

	test('filters by any, successful, failing and discarded on v1.0', async () => {
		await emulator.control.addDeliveries(hook, {
			count: 4,
			statuses: ['delivered', 'failed', 'discarded', 'retrying'],
		});
		const outcomes = async (query: string) =>
			rows((await v1(query)).json).map((row) => at(row, 'outcome'));
		expect(await outcomes('filters[status]=any')).toHaveLength(4);
		expect(await outcomes('filters[status]=successful')).toEqual(['ok']);
		expect(await outcomes('filters[status]=failing')).toEqual(['failed', 'retried']);
		expect(await outcomes('filter[status]=discarded')).toEqual(['discarded']);
		expect((await v1('filters[status]=succeeded')).status).toBe(400);
	});

	test('filters by resource, event and day on v2.0', async () => {
		await emulator.control.addDeliveries(hook, {
			count: 6,
			resourceNames: ['RFIs', 'Submittals'],
		});
		const count = async (query: string) => rows(at((await v2(query)).json, 'data')).length;
		expect(await count('filter[resource_name]=RFIs')).toBe(3);
		expect(await count('filter[event_type]=create')).toBe(2);
		const now = Date.parse((await emulator.control.state()).now);
		const day = (offset: number) => new Date(now + offset * 86_400_000).toISOString().slice(0, 10);
		expect(await count(`filter[start]=${day(-1)}&filter[end]=${day(0)}`)).toBe(6);
		expect(await count(`filter[start]=${day(1)}`)).toBe(0);
		expect(await count(`filter[end]=${day(-2)}`)).toBe(0);
		expect((await v2(`filter[start]=${new Date(now).toISOString()}`)).status).toBe(400);
		expect((await v2('filter[event_type]=CREATED')).status).toBe(400);
	});

	test('pages by the last id seen on v1.0, 100 at most, without links', async () => {
		await emulator.control.addDeliveries(hook, { count: 250 });
		const seen: string[] = [];
		const sizes: number[] = [];
		for (let start = ''; ; start = seen[seen.length - 1] ?? '') {
			const page = await v1(`page_size=500&page_start=${start}`);
			expect(page.headers.link).toBeUndefined();
			const ids = rows(page.json).map((row) => idAt(row, 'id'));
			sizes.push(ids.length);
			if (ids.length === 0) break;
			seen.push(...ids);
		}
		expect(sizes).toEqual([100, 100, 50, 0]);
		expect(new Set(seen).size).toBe(250);
		expect(rows((await v1('page_size=7')).json)).toHaveLength(7);
		expect((await v1('page_size=all')).status).toBe(400);
	});

	test('keeps all 19 digits of event ids in the text of both generations', async () => {
		await emulator.control.addDeliveries(hook, { count: 1 });
		const [event] = (await emulator.control.state()).deliveries;
		const id = event?.eventId ?? '';
		expect(id).toMatch(/^\d{19}$/);
		expect((await v2('')).text).toContain(`"payload":{"id":${id},`);
		const old = (await v1('')).text;
		expect(old).toContain(`"event":{"id":${id},`);
		expect(old).toContain(`"event_id":${id},`);
	});

	test('creates and reads a hundred thousand rows quickly', async () => {
		await emulator.control.addDeliveries(hook, {
			count: 100_000,
			statuses: ['delivered', 'failed'],
		});
		const page = await v2('page=900&filter[status]=failed');
		expect(page.headers.total).toBe('50000');
		const state = await emulator.control.state({ deliveries: 5 });
		expect(state.deliveries).toHaveLength(5);
	});
});
