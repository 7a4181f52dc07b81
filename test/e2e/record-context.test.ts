import type { Event } from '../../emulator/control-client';
import { SERVICE_ACCOUNT, WEB_USER } from '../../emulator/seed';
import { objectAt, type JsonObject } from '../harness/json';
import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CLINIC, COMPANY, DEPOT, expectedItem, GENERATIONS } from './procore';
import { Scene } from './scene';
import { recordNode } from './workflows';

const RFI = { companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' } as const;

const PROJECTS = [CLINIC.id, DEPOT.id, '902391'];
const USERS = [WEB_USER.id, SERVICE_ACCOUNT.id, '7713880', '7714012', '7714455'];

const NAMED = { options: { addContext: true, waitForChange: false } };

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Names and link of a record on Webhooks API %s', (generation) => {
	let scene: Scene;

	// A new credential for each test, because n8n keeps names for ten minutes for each.
	beforeEach(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	});

	/** How many requests read records, and how many read names. */
	async function reads(): Promise<{ records: number; names: number }> {
		const paths = (await scene.control.requests())
			.map(({ path }) => path)
			.filter((path) => path.startsWith('/rest/') && !path.includes('/webhooks'));
		const records = paths.filter((path) => /\/rfis\/\d+$/.test(path)).length;
		return { records, names: paths.length - records };
	}

	async function read(events: readonly Event[]): Promise<JsonObject[]> {
		await scene.control.clearRequests();
		const { items, error } = await runAction(scene.rest, {
			node: recordNode(scene.credential, NAMED),
			items: events.map((event) => expectedItem(event, 'v2.0')),
		});
		expect(error).toBeUndefined();
		return items;
	}

	test.each([200, 20])(
		'200 events of 5 users in 3 projects about %d records cost one read per record and 9 of names',
		async (records) => {
			const events: Event[] = [];
			for (let index = 0; index < 200; index += 1) {
				// So that each record stays in its project.
				const record = index % records;
				events.push(
					await scene.fire({
						...RFI,
						projectId: PROJECTS[record % 3] ?? '',
						resourceId: String(338_000 + record),
						eventType: 'update',
						userId: USERS[index % 5] ?? '',
					}),
				);
			}

			const items = await read(events);

			expect(items).toHaveLength(200);
			const contexts = items.map((item) => objectAt(item, 'context') ?? {});
			expect(contexts.filter(({ user_name, project_name }) => !user_name || !project_name)).toEqual(
				[],
			);
			expect(new Set(contexts.map(({ user_email }) => user_email)).size).toBe(5);
			expect(new Set(contexts.map(({ project_name }) => project_name)).size).toBe(3);
			const { records: recordReads, names } = await reads();
			expect(recordReads).toBeLessThanOrEqual(records);
			expect(names).toBeLessThanOrEqual(9);
		},
	);

	test.each([403, 404])('a user whom the account cannot access (%d) is null', async (status) => {
		await scene.control.addFault({
			path: '/users/',
			times: 0,
			effect: { kind: 'status', status, body: { errors: ['Not available'] } },
		});
		const event = await scene.fire({ ...RFI, eventType: 'update', userId: WEB_USER.id });

		expect(await read([event])).toMatchObject([
			{
				number: '14',
				context: {
					company_name: COMPANY.name,
					project_name: 'Harbour Street Clinic',
					project_number: 'HS-014',
					user_name: null,
					user_email: null,
					url: `${scene.control.url}/${CLINIC.id}/project/rfi/show/${event.resourceId}`,
				},
			},
		]);
	});
});
