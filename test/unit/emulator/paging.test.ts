import { COMPANY, PROJECT_WEBHOOKS, at, rows, useEmulator } from './support/api';
import type { Reply } from './support/api';

describe('paging', () => {
	const emulator = useEmulator();
	const size = ({ json }: Reply) => rows(at(json, 'data') ?? json).length;
	const next = ({ headers }: Reply) => /<([^>]+)>; rel="next"/.exec(headers.link ?? '')?.[1];

	test('returns 10 rows per page on v2.0, and 100 at most', async () => {
		const path = `${PROJECT_WEBHOOKS}/resources?payload_version=v4.0`;
		const first = await emulator.api.get(path);
		expect(size(first)).toBe(10);
		expect(first.headers).toMatchObject({ total: '99', 'per-page': '10' });

		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		await emulator.control.addDeliveries(hook, { count: 250 });
		const deliveries = `${PROJECT_WEBHOOKS}/hooks/${hook}/deliveries`;
		const capped = await emulator.api.get(`${deliveries}?per_page=1000`);
		expect([size(capped), capped.headers['per-page']]).toEqual([100, '100']);
	});

	test('returns every row once to a client that follows rel="next"', async () => {
		const names: unknown[] = [];
		let path: string | undefined = `${PROJECT_WEBHOOKS}/resources?payload_version=v2.0`;
		while (path) {
			const page: Reply = await emulator.api.get(path);
			names.push(...rows(at(page.json, 'data')).map((row) => at(row, 'name')));
			path = next(page)?.replace(emulator.api.url, '');
		}
		expect([names.length, new Set(names).size]).toEqual([96, 96]);
	});

	test('links the first, previous, next and last page', async () => {
		const path = `${PROJECT_WEBHOOKS}/resources?payload_version=v2.0&per_page=20&page=2`;
		const rels = [
			...((await emulator.api.get(path)).headers.link ?? '').matchAll(
				/[?&]page=(\d+)[^;]*; rel="(\w+)"/g,
			),
		];
		expect(rels.map(([, page, rel]) => `${rel} ${page}`)).toEqual([
			'first 1',
			'prev 1',
			'next 3',
			'last 5',
		]);
		const only = await emulator.api.get(`${path.replace('&page=2', '')}`.replace('20', '100'));
		expect(only.headers.link).toBeUndefined();
	});

	test('returns 100 projects per page, and 300 at most', async () => {
		for (let index = 0; index < 301; index++) {
			await emulator.control.addProject({ companyId: COMPANY, name: `Tower ${index}` });
		}
		const path = `/rest/v1.1/projects?company_id=${COMPANY}&view=compact`;
		expect(size(await emulator.api.get(path))).toBe(100);
		const most = await emulator.api.get(`${path}&per_page=1000`);
		expect([size(most), most.headers['per-page'], most.headers.total]).toEqual([300, '300', '305']);
	});
});

describe('projects', () => {
	const emulator = useEmulator();
	const names = async (query: string, version = 'v1.1') => {
		const path = `/rest/${version}/projects?company_id=${COMPANY}&${query}`;
		const list = await emulator.api.get(path);
		return rows(list.json).map((row) => at(row, 'name'));
	};

	test.each(['v1.0', 'v1.1'])(
		'on %s are the active ones unless told otherwise',
		async (version) => {
			expect(await names('', version)).not.toContain('Old Brewery Lofts');
			expect(await names('filters[by_status]=Inactive', version)).toEqual(['Old Brewery Lofts']);
			expect(await names('filters[by_status]=All', version)).toHaveLength(5);
		},
	);

	test('are filtered by name or number and ordered by `sort`', async () => {
		expect(await names('filters[name]=harbour')).toEqual(['Harbour Street Clinic']);
		expect(await names('filters[project_number]=DC-002')).toEqual(['Dry Creek Depot']);
		expect((await names('sort=name'))[0]).toBe('Dry Creek Depot');
	});

	test('have views', async () => {
		const first = async (query: string) =>
			Object.keys(
				Object(
					rows(
						(await emulator.api.get(`/rest/v1.1/projects?company_id=${COMPANY}&${query}`)).json,
					)[0],
				),
			);
		expect(await first('view=ids')).toEqual(['id']);
		expect(await first('view=compact')).toEqual(['id', 'name']);
		expect(await first('')).toContain('active');
	});

	test('require a company', async () => {
		expect((await emulator.api.get('/rest/v1.1/projects')).status).toBe(400);
	});

	test('allow a search for users', async () => {
		const path = `/rest/v1.0/companies/${COMPANY}/users?filters[search]=santos`;
		expect((await emulator.api.get(path)).json).toMatchObject([{ name: 'Miguel Santos' }]);
	});
});
