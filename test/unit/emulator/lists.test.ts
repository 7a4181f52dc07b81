import {
	COMPANY,
	COMPANY_WEBHOOKS,
	OTHER_PROJECT,
	PROJECT,
	PROJECT_WEBHOOKS,
	at,
	rows,
	useEmulator,
} from './support/api';

describe('a list that ignores its filters', () => {
	const emulator = useEmulator();
	const v1 = '/rest/v1.0/webhooks';
	const of = `project_id=${PROJECT}`;
	const ids = async (path: string) => {
		const { json } = await emulator.api.get(path);
		return rows(at(json, 'data') ?? json).map((row) => String(at(row, 'id') ?? at(row, 'tools')));
	};
	const ignore = async (names?: string[], path?: string) => {
		await emulator.control.addFault({
			times: 0,
			effect: { kind: 'ignoreFilters', ...(names === undefined ? {} : { names }) },
			...(path === undefined ? {} : { path }),
		});
	};
	const counts = async (paths: string[]) => {
		const found: number[] = [];
		for (const path of paths) found.push((await ids(path)).length);
		return found;
	};

	test('returns the hooks of every namespace and payload version, on both generations', async () => {
		await emulator.hook(PROJECT_WEBHOOKS, { namespace: 'one', version: 'v2.0' });
		await emulator.hook(PROJECT_WEBHOOKS, { namespace: 'two', version: 'v4.0' });
		const paths = [
			`${PROJECT_WEBHOOKS}/hooks?namespace=one`,
			`${PROJECT_WEBHOOKS}/hooks?payload_version=v2.0`,
			`${v1}/hooks?${of}&namespace=one`,
			`${v1}/hooks?${of}&api_version=v2`,
		];
		expect(await counts(paths)).toEqual([1, 1, 1, 1]);
		await ignore();
		expect(await counts(paths)).toEqual([2, 2, 2, 2]);
	});

	test('still requires the namespace of a company', async () => {
		await emulator.hook(COMPANY_WEBHOOKS, { namespace: 'one' });
		await ignore();
		expect(await counts([`${COMPANY_WEBHOOKS}/hooks?namespace=two`])).toEqual([1]);
		expect((await emulator.api.get(`${COMPANY_WEBHOOKS}/hooks`)).status).toBe(400);
	});

	test('returns the triggers of the other hooks of the scope', async () => {
		const one = await emulator.hook(PROJECT_WEBHOOKS, {
			namespace: 'one',
			events: ['RFIs:create'],
		});
		await emulator.hook(PROJECT_WEBHOOKS, { namespace: 'two', events: ['RFIs:update'] });
		const paths = [
			`${PROJECT_WEBHOOKS}/hooks/${one}/triggers`,
			`${v1}/hooks/${one}/triggers?${of}`,
		];
		expect(await counts(paths)).toEqual([1, 1]);
		await ignore(['hook']);
		expect(await counts(paths)).toEqual([2, 2]);
	});

	test('returns deliveries of every status, with the usual pages', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS);
		await emulator.control.addDeliveries(hook, { count: 4, statuses: ['failed', 'succeeded'] });
		const paths = [
			`${PROJECT_WEBHOOKS}/hooks/${hook}/deliveries?filter[status]=failed`,
			`${v1}/hooks/${hook}/deliveries?${of}&filters[status]=failing`,
			`${v1}/hooks/${hook}/deliveries?${of}&filters[status]=failing&page_size=3`,
		];
		expect(await counts(paths)).toEqual([2, 2, 2]);
		await ignore();
		expect(await counts(paths)).toEqual([4, 4, 3]);
	});

	test('returns resources of every payload version', async () => {
		const paths = [
			`${PROJECT_WEBHOOKS}/resources?payload_version=v2.0&per_page=100`,
			`${v1}/resources?${of}&api_version=v2`,
		];
		const before = await counts(paths);
		await ignore(['payload_version', 'api_version']);
		expect(await counts(paths)).toEqual([100, (before[1] ?? 0) * 3 + 3]);
	});

	test('returns projects of every company, status and name, only on the paths that the fault names', async () => {
		const list = `/rest/v1.1/projects?company_id=${COMPANY}&filters[by_status]=Active`;
		await ignore(undefined, '/projects\\?');
		expect(await counts([list, `${list}&filters[name]=harbour`])).toEqual([8, 8]);
		const users = `/rest/v1.0/companies/${COMPANY}/users?filters[search]=santos`;
		expect(await counts([users])).toEqual([1]);
	});
});

describe('a list that shifts while it is read', () => {
	const emulator = useEmulator();
	const names = async (page: number) => {
		const list = `/rest/v1.1/projects?company_id=${COMPANY}&view=compact&sort=name&per_page=300`;
		const { json } = await emulator.api.get(`${list}&page=${page}`);
		return rows(json).map((row) => at(row, 'name'));
	};
	beforeEach(async () => {
		await emulator.control.addFault({
			path: '/projects\\?',
			times: 0,
			effect: { kind: 'capPages', rows: 2 },
		});
	});

	test('misses an active project if another one closes between two pages', async () => {
		await emulator.control.addFault({
			path: 'page=2$',
			effect: { kind: 'changeProject', projectId: OTHER_PROJECT, active: false },
		});
		expect(await names(1)).toEqual(['Dry Creek Depot', 'Harbour Street Clinic']);
		expect(await names(2)).toEqual(['North Quay Apartments']);
	});

	test('contains a project twice if another one moves forward between two pages', async () => {
		await emulator.control.addFault({
			path: 'page=2$',
			effect: { kind: 'changeProject', projectId: '902402', name: 'Abbey Road' },
		});
		expect(await names(1)).toEqual(['Dry Creek Depot', 'Harbour Street Clinic']);
		expect(await names(2)).toEqual(['Harbour Street Clinic', 'Mill Lane School']);
	});
});

describe('one project', () => {
	const emulator = useEmulator();
	const show = async (id: string, company = COMPANY) =>
		await emulator.api.get(`/rest/v1.0/projects/${id}?company_id=${company}`);

	test('is returned whether it is active or not', async () => {
		expect((await show(PROJECT)).json).toMatchObject({ id: Number(PROJECT), active: true });
		await emulator.control.closeProject(PROJECT);
		expect((await show(PROJECT)).json).toMatchObject({ id: Number(PROJECT), active: false });
	});

	test('is not found in another company or after its deletion', async () => {
		expect((await show('598134325900121')).status).toBe(404);
		await emulator.control.deleteProject(PROJECT);
		expect((await show(PROJECT)).status).toBe(404);
	});

	test('says when it last changed', async () => {
		const { now } = await emulator.control.advance(0);
		await emulator.control.closeProject(PROJECT);
		const { json } = await show(PROJECT);
		expect(Date.parse(String(at(json, 'updated_at')))).toBeGreaterThanOrEqual(
			Date.parse(now) - 1000,
		);
	});
});

describe('a token', () => {
	const emulator = useEmulator();

	test('can belong to another user', async () => {
		const { accessToken } = await emulator.control.issueToken({
			grant: 'authorizationCode',
			userId: '7713880',
		});
		const me = await emulator.api.get('/rest/v1.0/me', {
			headers: { Authorization: `Bearer ${accessToken}` },
		});
		expect(me.json).toMatchObject({ id: 7713880 });
	});

	test('of client credentials can belong to another service account', async () => {
		await emulator.control.setServiceAccount('7713880');
		const { accessToken } = await emulator.control.issueToken({ grant: 'clientCredentials' });
		const me = await emulator.api.get('/rest/v1.0/me', {
			headers: { Authorization: `Bearer ${accessToken}` },
		});
		expect(me.json).toMatchObject({ id: 7713880 });
	});
});
