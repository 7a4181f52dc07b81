import { newestFirst } from '../../nodes/Procore/api/newest-first';
import type { ListClient } from '../../nodes/Procore/api/page-size';
import type { ProcoreRequest } from '../../nodes/Procore/api/request';
import { jsonObject, text, type JsonObject } from '../../nodes/Procore/model/json';

const REQUEST: ProcoreRequest = {
	method: 'GET',
	path: '/rest/v2.0/companies/1/webhooks/hooks/1/deliveries',
	companyId: '1',
	purpose: 'list the deliveries of hook 1',
	repeatable: true,
};

interface Server {
	readonly hasTotal?: boolean;
	readonly total?: number;
	readonly most?: number;
	readonly ignoresPage?: boolean;
	/** Called before each response. */
	readonly before?: (rows: JsonObject[], page: number) => void;
}

function list(rows: JsonObject[], server: Server = {}) {
	const sent: number[] = [];
	const client: ListClient = {
		pageSizes: new Map(),
		request: async ({ query = {} }) => {
			const page = server.ignoresPage ? 1 : Number(query.page);
			sent.push(Number(query.page));
			server.before?.(rows, Number(query.page));
			const size = Math.min(Number(query.per_page), server.most ?? 100);
			const total = String(server.total ?? rows.length);
			return await Promise.resolve({
				status: 200,
				headers: {
					'per-page': String(size),
					...(server.hasTotal === false ? {} : { total }),
				},
				body: { data: rows.slice((page - 1) * size, page * size) },
				isRetry: false,
			});
		},
	};
	const read = async (limit = Infinity) => {
		const found: string[] = [];
		const ascending = {
			request: REQUEST,
			perPage: 100,
			rowsOf: (body: unknown) => jsonObject(body).data,
			isAscending: (page: readonly JsonObject[]) => Number(page[0]?.id) <= Number(page.at(-1)?.id),
		};
		for await (const page of newestFirst(client, ascending, async () => await Promise.resolve())) {
			found.push(...page.map(({ id }) => text(id)));
			if (found.length >= limit) break;
		}
		return found;
	};
	return { read, sent };
}

function rowsTo(count: number): JsonObject[] {
	return Array.from({ length: count }, (_none, index) => ({ id: String(index + 1) }));
}

function newest(count: number): string[] {
	return rowsTo(count)
		.map(({ id }) => text(id))
		.reverse();
}

describe('a list that is read from its end', () => {
	test.each([0, 1, 99, 100])('takes one request for %d rows', async (count) => {
		const { read, sent } = list(rowsTo(count));
		expect(await read()).toEqual(newest(count));
		expect(sent).toEqual([1]);
	});

	test.each([101, 260, 1000])('returns all of %d rows, the last first', async (count) => {
		expect(await list(rowsTo(count)).read()).toEqual(newest(count));
	});

	test('takes two requests for the newest rows of a long list', async () => {
		const { read, sent } = list(rowsTo(5_000));
		expect((await read(50)).slice(0, 50)).toEqual(newest(5_000).slice(0, 50));
		expect(sent).toEqual([1, 50]);
	});

	test.each<[string, Server]>([
		['has no length', { hasTotal: false }],
		['has smaller pages', { most: 30 }],
		['promises more rows than it has', { total: 900 }],
	])('is complete if it %s', async (_case, server) => {
		expect(await list(rowsTo(260), server).read()).toEqual(newest(260));
	});

	test('ends if the server ignores the page', async () => {
		const { read, sent } = list(rowsTo(260), { ignoresPage: true, total: 1_000_000 });
		expect(await read()).toEqual(newest(100));
		expect(sent.length).toBeLessThan(6);
	});

	test('is read completely if its newest rows come first', async () => {
		const rows = rowsTo(260).reverse();
		const found = await list(rows).read();
		expect([...found].sort()).toEqual(newest(260).sort());
	});

	test('loses and repeats no row while rows are added and removed', async () => {
		const rows = rowsTo(350);
		const before = (all: JsonObject[], page: number) => {
			if (page === 3) all.splice(10, 5);
			all.push({ id: String(1000 + page) });
		};
		const found = await list(rows, { before }).read();
		expect(new Set(found).size).toBe(found.length);
		const kept = rows.map(({ id }) => text(id)).filter((id) => Number(id) <= 350);
		expect(found).toEqual(expect.arrayContaining(kept));
	});
});
