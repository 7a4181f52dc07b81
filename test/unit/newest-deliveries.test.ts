import { newestDeliveries, sizeForFullLastPage } from '../../nodes/Procore/api/newest-deliveries';
import type { ListClient } from '../../nodes/Procore/api/page-size';
import type { ProcoreRequest } from '../../nodes/Procore/api/request';
import { jsonObject, type JsonObject } from '../../nodes/Procore/model/json';

const REQUEST: ProcoreRequest = {
	method: 'GET',
	path: '/rest/v2.0/companies/1/webhooks/hooks/1/deliveries',
	companyId: '1',
	purpose: 'list the deliveries of hook 1',
	repeatable: true,
};

function row(index: number, status = 'delivered'): JsonObject {
	const timestamp = new Date(Date.parse('2026-11-20T00:00:00Z') + index * 1000).toISOString();
	const payload = { id: `${index}`, event_type: 'update', resource_name: 'RFIs', resource_id: '1' };
	return { id: `delivery-${index}`, status, payload: { ...payload, timestamp } };
}

/** A list of deliveries on v2.0; `sent` contains the queries that it received. */
function listOf(rows: JsonObject[], { hasTotal = true, most = 100 } = {}) {
	const sent: Array<Record<string, unknown>> = [];
	const client: ListClient = {
		pageSizes: new Map(),
		request: async ({ query = {} }) => {
			sent.push(query);
			const status = query['filter[status]'];
			const listed = rows.filter((each) => status === undefined || each.status === status);
			const size = Math.min(Number(query.per_page), most);
			const start = (Number(query.page) - 1) * size;
			return await Promise.resolve({
				status: 200,
				headers: {
					'per-page': String(size),
					...(hasTotal ? { total: String(listed.length) } : {}),
				},
				body: { data: listed.slice(start, start + size) },
				isRetry: false,
			});
		},
	};
	const read = async () => {
		const newest = await newestDeliveries(client, REQUEST, 100, (body) => jsonObject(body).data);
		return newest.map(({ model }) => model.event?.id);
	};
	return { read, sent };
}

function ids(from: number, to: number): string[] {
	return Array.from({ length: to - from }, (_none, index) => String(from + index));
}

describe('the newest deliveries', () => {
	test.each([0, 1, 99, 100])('of %d take one request', async (count) => {
		const list = listOf(ids(0, count).map((id) => row(Number(id))));
		expect(await list.read()).toEqual(ids(0, count));
		expect(list.sent).toHaveLength(1);
	});

	test.each([101, 150, 200, 301, 1000])(
		'of %d take two requests and include at least the last 51, each once',
		async (count) => {
			const list = listOf(ids(0, count).map((id) => row(Number(id))));
			const found = await list.read();
			expect(new Set(found).size).toBe(found.length);
			expect(found).toEqual(expect.arrayContaining(ids(count - 51, count)));
			expect(list.sent).toHaveLength(2);
		},
	);

	test('stand on the first page if Procore lists them first', async () => {
		const list = listOf(
			ids(0, 500)
				.reverse()
				.map((id) => row(Number(id))),
		);
		expect(await list.read()).toEqual(ids(400, 500).reverse());
		expect(list.sent).toHaveLength(1);
	});

	test('include the one that is retried if only ones that wait are on the last page', async () => {
		const list = listOf([
			...ids(0, 200).map((id) => row(Number(id))),
			row(200, 'retrying'),
			...ids(201, 400).map((id) => row(Number(id), 'enqueued')),
		]);
		expect(await list.read()).toContain('200');
		expect(list.sent).toHaveLength(3);
	});

	test('are found on a server with smaller pages', async () => {
		const list = listOf(
			ids(0, 301).map((id) => row(Number(id))),
			{ most: 50 },
		);
		expect(await list.read()).toContain('300');
		expect(list.sent).toHaveLength(2);
	});

	test('take the whole list if it does not say how long it is', async () => {
		const list = listOf(
			ids(0, 250).map((id) => row(Number(id))),
			{ hasTotal: false },
		);
		expect(await list.read()).toEqual(ids(0, 250));
	});

	test('come on a last page that is as full as possible', () => {
		expect(sizeForFullLastPage(200, 100)).toBe(100);
		for (const total of [101, 301, 999, 1001]) {
			const size = sizeForFullLastPage(total, 100);
			expect(((total - 1) % size) + 1).toBeGreaterThanOrEqual(50);
		}
		expect(sizeForFullLastPage(301, 10)).toBe(10);
	});
});
