import { allPages } from '../../nodes/Procore/api/paging';
import type { AcceptedResponse, ProcoreRequest } from '../../nodes/Procore/api/request';

const LIST: ProcoreRequest = {
	method: 'GET',
	path: '/rest/v1.0/things',
	query: {},
	companyId: '4501177',
	purpose: 'list the things',
	repeatable: true,
};

/** A server that returns the given pages. */
function serving(pageOf: (page: number) => Array<{ id: string }>) {
	const asked: number[] = [];
	return {
		asked,
		pageSizes: new Map<string, number>(),
		async request({ query }: ProcoreRequest): Promise<AcceptedResponse> {
			const page = Number(query?.page);
			asked.push(page);
			const body = pageOf(page);
			return await Promise.resolve({ status: 200, headers: {}, body, isRetry: false });
		},
	};
}

async function idsFrom(server: ReturnType<typeof serving>): Promise<unknown[]> {
	const rows = await allPages(server, LIST, 2, (body) => body);
	return rows.map(({ id }) => id);
}

describe('a list of several pages', () => {
	test('is read until a page is not full', async () => {
		const server = serving((page) =>
			page < 3 ? [{ id: `${page}a` }, { id: `${page}b` }] : [{ id: '3a' }],
		);
		expect(await idsFrom(server)).toEqual(['1a', '1b', '2a', '2b', '3a']);
	});

	test('returns each row once if it shifts while it is read', async () => {
		const server = serving((page) =>
			page === 1 ? [{ id: 'a' }, { id: 'b' }] : page === 2 ? [{ id: 'b' }, { id: 'c' }] : [],
		);
		expect(await idsFrom(server)).toEqual(['a', 'b', 'c']);
	});

	test('ends at a server that always returns the same page', async () => {
		const server = serving(() => [{ id: 'a' }, { id: 'b' }]);
		expect(await idsFrom(server)).toEqual(['a', 'b']);
		expect(server.asked).toEqual([1, 2]);
	});
});
