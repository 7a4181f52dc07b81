import type { IDataObject } from 'n8n-workflow';

import type { Change, Event } from '../../emulator/control-client';
import { SERVICE_ACCOUNT, WEB_USER } from '../../emulator/seed';
import { expectedItem } from '../e2e/procore';
import { jsonOf, messageOf, onlyJson } from './action-support';
import { COMPANY, OTHER_PROJECT, PROJECT, shape, useN8n } from './harness';

const SUPERINTENDENT = '7713880';

const PLAIN = { resource: 'record', operation: 'get' };
const NAMED = { ...PLAIN, options: { addContext: true } };

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs', resourceId: '338821' };

const PROJECT_READ = 'GET /rest/v1.0/projects/#';
const USER_READ = 'GET /rest/v1.3/companies/#/users/#';
const PROJECT_USER_READ = 'GET /rest/v1.0/projects/#/users/#';
const HOST_READ = 'GET /rest/v1.0/company_base_url';
const COMPANIES_READ = 'GET /rest/v1.0/companies';
const RFI_READ = 'GET /rest/v1.0/projects/#/rfis/#';

describe('Record: Get with Add Names and Link', () => {
	const n8n = useN8n();

	async function itemOf(change: Partial<Change> = {}): Promise<IDataObject> {
		const [event] = await n8n.control.change({
			...RFI,
			eventType: 'update',
			userId: WEB_USER.id,
			...change,
		});
		if (event === undefined) throw new Error('No event');
		await n8n.control.clearRequests();
		return { ...expectedItem(event satisfies Event, 'v2.0') };
	}

	/** How often each kind of request was sent. */
	async function reads(): Promise<Record<string, number>> {
		const counts: Record<string, number> = {};
		for (const request of await n8n.requests()) {
			counts[shape(request)] = (counts[shape(request)] ?? 0) + 1;
		}
		return counts;
	}

	const context = () => ({
		company_name: 'Larkspur Build Co',
		project_name: 'Harbour Street Clinic',
		project_number: 'HS-014',
		user_name: 'Dana Okafor',
		user_email: WEB_USER.login,
		url: `${n8n.control.url}/${PROJECT}/project/rfi/show/338821`,
	});

	test('adds what a message to a person needs', async () => {
		const item = await itemOf();
		const json = onlyJson(await n8n.run(NAMED, [item]));
		expect(json).toMatchObject({ number: '14', subject: 'Anchor bolts at grid C4' });
		expect(json.context).toEqual(context());
		expect(await reads()).toEqual({
			[RFI_READ]: 1,
			[PROJECT_READ]: 1,
			[USER_READ]: 1,
			[HOST_READ]: 1,
		});
	});

	test('adds it to the event and the record, and to a deleted or missing record', async () => {
		const item = await itemOf();
		const both = onlyJson(await n8n.run({ ...NAMED, output: 'eventAndRecord' }, [item]));
		expect(both).toMatchObject({ event: item, record: { id: 338821 }, context: context() });
		const deleted = await itemOf({ eventType: 'delete' });
		expect(onlyJson(await n8n.run(NAMED, [deleted]))).toEqual({
			record_state: 'deleted',
			event: deleted,
			context: context(),
		});
		const options = { addContext: true, missing: 'empty', waitSeconds: 0 };
		expect(onlyJson(await n8n.run({ ...PLAIN, options }, [item]))).toEqual({ context: context() });
	});

	test('adds and reads nothing if it is off', async () => {
		const item = await itemOf();
		expect(onlyJson(await n8n.run(PLAIN, [item]))).not.toHaveProperty('context');
		expect(await reads()).toEqual({ [RFI_READ]: 1 });
	});

	test('reads each project and user once for 200 events', async () => {
		const items: IDataObject[] = [];
		const projects = [PROJECT, OTHER_PROJECT, '902391'];
		const users = [WEB_USER.id, SERVICE_ACCOUNT.id, SUPERINTENDENT];
		for (let index = 0; index < 200; index += 1) {
			items.push(
				await itemOf({
					projectId: projects[index % 3] ?? '',
					userId: users[Math.floor(index / 3) % 3] ?? '',
					resourceId: String(100 + (index % 21)),
				}),
			);
		}
		const results = jsonOf(await n8n.run(NAMED, items));
		expect(results).toHaveLength(200);
		expect(new Set(results.map((json) => JSON.stringify(Object.keys(json.context ?? {}))))).toEqual(
			new Set([JSON.stringify(Object.keys(context()))]),
		);
		expect(JSON.stringify(results)).not.toContain('null,"user_email"');
		expect(await reads()).toEqual({
			[RFI_READ]: 21,
			[PROJECT_READ]: 3,
			[USER_READ]: 3,
			[HOST_READ]: 1,
		});
	});

	test('reads no name again in the next executions', async () => {
		const item = await itemOf();
		await n8n.run(NAMED, [item]);
		await n8n.control.clearRequests();
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual(context());
		expect(await reads()).toEqual({ [RFI_READ]: 1 });
	});

	test('does not give the names that one account can access to another account', async () => {
		const item = await itemOf();
		await n8n.run(NAMED, [item]);
		await n8n.connect();
		await n8n.control.addFault({
			path: '/users/',
			times: 0,
			effect: { kind: 'status', status: 403 },
		});
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toMatchObject({ user_name: null });
	});

	test.each([403, 404])('leaves a user empty if the account gets a %d', async (status) => {
		await n8n.control.addFault({
			path: '/users/',
			times: 0,
			effect: { kind: 'status', status, body: { errors: ['Not available'] } },
		});
		const item = await itemOf();
		const results = jsonOf(await n8n.run(NAMED, [item, item, item]));
		expect(results.map((json) => json.context)).toEqual(
			[1, 2, 3].map(() => ({ ...context(), user_name: null, user_email: null })),
		);
		expect(await reads()).toMatchObject({ [USER_READ]: 1, [PROJECT_USER_READ]: 1 });
		await n8n.run(NAMED, [item]);
		expect(await reads()).toEqual({ [RFI_READ]: 1 });
	});

	test("finds a user in the project's directory if the company's is hidden", async () => {
		await n8n.control.addFault({
			path: '/companies/\\d+/users/',
			times: 0,
			effect: { kind: 'status', status: 403 },
		});
		const item = await itemOf();
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual(context());
		expect(await reads()).toMatchObject({ [USER_READ]: 1, [PROJECT_USER_READ]: 1 });
	});

	describe('with 5 users in 3 projects', () => {
		const USERS = [WEB_USER.id, SERVICE_ACCOUNT.id, SUPERINTENDENT, '7714012', '7714455'];
		const PLACES = [PROJECT, OTHER_PROJECT, '902391'];

		/** An event of each user in each project. */
		async function events(): Promise<IDataObject[]> {
			const items: IDataObject[] = [];
			for (const [index, projectId] of PLACES.entries()) {
				for (const userId of USERS) {
					items.push(await itemOf({ projectId, userId, resourceId: String(300 + index) }));
				}
			}
			return items;
		}

		async function hide(path: string, status: number): Promise<void> {
			await n8n.control.addFault({ path, times: 0, effect: { kind: 'status', status } });
		}

		const names = (results: IDataObject[]) =>
			results.map(({ context: of }) => (typeof of === 'object' && of !== null ? of : {}));

		test.each([403, 404])(
			"asks the company's directory once if it is hidden with %d, and a project for each user",
			async (status) => {
				const items = await events();
				await hide('/companies/\\d+/users/', status);
				const results = jsonOf(await n8n.run(NAMED, items));
				expect(names(results)).toEqual(
					results.map(() => expect.objectContaining({ user_name: expect.any(String) })),
				);
				expect(await reads()).toEqual({
					...{ [RFI_READ]: 3, [PROJECT_READ]: 3, [HOST_READ]: 1 },
					...{ [USER_READ]: 1, [PROJECT_USER_READ]: 5 },
				});
			},
		);

		test('asks each directory once if all are hidden', async () => {
			const items = await events();
			await hide('/users/', 403);
			const results = jsonOf(await n8n.run(NAMED, items));
			expect(names(results)).toEqual(
				results.map(() => expect.objectContaining({ user_name: null })),
			);
			expect(await reads()).toEqual({
				...{ [RFI_READ]: 3, [PROJECT_READ]: 3, [HOST_READ]: 1 },
				...{ [USER_READ]: 1, [PROJECT_USER_READ]: 3 },
			});
		});
	});

	test('names a user whom only the second of two projects shows', async () => {
		const here = await itemOf();
		const there = await itemOf({ projectId: OTHER_PROJECT, resourceId: '338822' });
		for (const path of ['/companies/\\d+/users/', `/projects/${PROJECT}/users/`]) {
			await n8n.control.addFault({ path, times: 0, effect: { kind: 'status', status: 404 } });
		}
		expect(onlyJson(await n8n.run(NAMED, [here])).context).toMatchObject({ user_name: null });
		expect(onlyJson(await n8n.run(NAMED, [there])).context).toMatchObject({
			user_name: 'Dana Okafor',
		});
	});

	test('leaves the user empty for an event without one', async () => {
		const item = { ...(await itemOf()), user_id: null };
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toMatchObject({
			project_name: 'Harbour Street Clinic',
			user_name: null,
			user_email: null,
		});
		expect(await reads()).not.toHaveProperty(USER_READ);
	});

	test('does not put an ID that is none into the path of a request', async () => {
		const item = { ...(await itemOf()), user_id: '../../me' };
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toMatchObject({ user_name: null });
		expect(await reads()).not.toHaveProperty(USER_READ);
	});

	test('takes the name of the company from its list if the project is hidden', async () => {
		const item = await itemOf();
		await n8n.control.addFault({
			path: `/rest/v1.0/projects/${PROJECT}\\?`,
			times: 0,
			effect: { kind: 'status', status: 404 },
		});
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual({
			...context(),
			project_name: null,
			project_number: null,
		});
		expect(await reads()).toMatchObject({ [COMPANIES_READ]: 1 });
	});

	test('names a project that is closed', async () => {
		const item = await itemOf({ projectId: '901870' });
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toMatchObject({
			project_name: 'Old Brewery Lofts',
			project_number: 'OB-003',
		});
	});

	test('has no project for a record of the company', async () => {
		const item = await itemOf({ resourceName: 'Departments', projectId: null });
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual({
			company_name: 'Larkspur Build Co',
			project_name: null,
			project_number: null,
			user_name: 'Dana Okafor',
			user_email: WEB_USER.login,
			url: `${n8n.control.url}/${COMPANY}/company/home/list`,
		});
	});

	test('has no link if Procore does not tell the web host of a gateway', async () => {
		await n8n.control.addFault({
			path: '/company_base_url',
			times: 0,
			effect: { kind: 'status', status: 404 },
		});
		const item = await itemOf();
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual({ ...context(), url: null });
	});

	test('fails if Procore does not respond, because an empty name would be wrong', async () => {
		const item = await itemOf();
		await n8n.control.addFault({
			path: '/users/',
			times: 0,
			effect: { kind: 'status', status: 422, body: { errors: ['Broken'] } },
		});
		expect(messageOf(await n8n.run(NAMED, [item]))).toBe(
			`Could not look up user ${WEB_USER.id}. Procore answered 422: Broken. Correct the values named above and try again.`,
		);
		await n8n.control.clearFaults();
		expect(onlyJson(await n8n.run(NAMED, [item])).context).toEqual(context());
	});

	test('reads no names if another item has already failed the run', async () => {
		const item = await itemOf();
		const { error } = await n8n.run(NAMED, [item, { ...item, resource_id: '999' }]);
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
		expect(await reads()).not.toHaveProperty(PROJECT_READ);
	});
});
