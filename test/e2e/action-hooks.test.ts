import type { JsonObject } from '../harness/json';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { Actions, SCOPE_NAMES, SECRET, URL_A, URL_B } from './actions';
import { CLINIC, COMPANY, DEPOT, GENERATIONS } from './procore';
import { Scene } from './scene';

const OPERATIONS = ['create', 'upsert', 'get', 'getAll', 'update', 'delete'];

/** The masked form of {@link SECRET}. */
const MASKED = '*****k9Qz7';

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Hooks on Webhooks API %s', (generation) => {
	const isV2 = generation === 'v2.0';
	let scene: Scene;
	let actions: Actions;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		actions = await Actions.set(
			scene,
			OPERATIONS.map((operation) => `hook ${operation}`),
		);
	});

	afterEach(async () => {
		await scene.control.reset();
	});

	/** The methods of the requests that a piece of work sends to Procore. */
	async function methodsOf(work: () => Promise<unknown>): Promise<string[]> {
		await scene.control.clearRequests();
		await work();
		return (await scene.control.requests()).map(({ method }) => method);
	}

	describe.each(SCOPE_NAMES)('of a %s', (scope) => {
		const projectId = scope === 'project' ? CLINIC.id : null;

		test('are created and returned one by one and in a list, with their secrets masked', async () => {
			const created = await actions.item(`${scope} hook create`, {
				authorization: SECRET,
				version: 'v3.0',
			});

			const hook = await scene.onlyHook();
			expect(hook).toMatchObject({
				scope: { companyId: COMPANY.id, projectId },
				namespace: 'flows',
				destinationUrl: URL_A,
				authorization: SECRET,
				payloadVersion: 'v3.0',
				status: 'active',
				triggers: [],
			});
			expect(created).toMatchObject({
				id: hook.id,
				namespace: 'flows',
				destination_url: URL_A,
				destination_headers: { Authorization: MASKED },
				payload_version: 'v3.0',
				status: 'active',
				company_id: projectId === null ? COMPANY.id : null,
				project_id: projectId,
			});
			expect(await actions.item(`${scope} hook get`, { hook: hook.id })).toMatchObject(created);
			expect(await actions.items(`${scope} hook getAll`)).toEqual([
				expect.objectContaining(created),
			]);
			// In Procore's own JSON, ids of v1.0 are numbers.
			const own = await actions.item(`${scope} hook get`, { hook: hook.id, simplify: false });
			expect(own).toMatchObject(
				isV2 ? { id: hook.id, hook_type: 'classic' } : { id: Number(hook.id), api_version: 'v3' },
			);
		});

		test('are created once, then updated if they differ, then left unchanged', async () => {
			const upsert = async (item = {}) => await actions.item(`${scope} hook upsert`, item);

			expect(await upsert({ authorization: SECRET })).toMatchObject({ result: 'created' });
			const { id } = await scene.onlyHook();
			await scene.control.editHook(id, {
				triggers: [{ resourceName: 'RFIs', eventType: 'create' }],
			});
			expect(
				await methodsOf(async () => {
					expect(await upsert({ authorization: SECRET })).toMatchObject({
						id,
						result: 'unchanged',
					});
				}),
			).toEqual(['GET']);

			expect(await upsert({ url: URL_B })).toMatchObject({ id, result: 'updated' });
			expect(await scene.onlyHook()).toMatchObject({
				id,
				destinationUrl: URL_B,
				authorization: SECRET,
				triggers: [{ resourceName: 'RFIs' }],
			});
		});

		test('are updated one field at a time and never lose a secret', async () => {
			const changes = [
				{ change: { url: URL_B }, becomes: { destinationUrl: URL_B } },
				{ change: { authorization: 'Bearer new' }, becomes: { authorization: 'Bearer new' } },
				{ change: { rename: 'renamed' }, becomes: { namespace: 'renamed' } },
				{ change: { version: 'v4.0' }, becomes: { payloadVersion: 'v4.0' } },
				...(isV2 ? [{ change: { status: 'disabled' }, becomes: { status: 'disabled' } }] : []),
			];
			const names = changes.map((_, index) => ({ namespace: `flows-${index}` }));
			await actions.items(
				`${scope} hook create`,
				...names.map((name) => ({ ...name, authorization: SECRET })),
			);
			const before = await scene.hooks();

			const methods = await methodsOf(async () => {
				const { items, origins, error } = await actions.run(
					`${scope} hook update`,
					...changes.map(({ change }, index) => ({
						...names[index],
						hook: before[index]?.id,
						...change,
					})),
				);
				expect(error).toBeUndefined();
				expect(items.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
				expect(origins).toEqual(changes.map((_, index) => index));
				expect(JSON.stringify(items)).not.toContain(SECRET);
			});

			expect(methods).toEqual(changes.map(() => 'PATCH'));
			expect(await scene.hooks()).toEqual(
				before.map((hook, index) => ({ ...hook, ...changes[index]?.becomes })),
			);
		});

		test('are deleted in their own scope and in no other', async () => {
			const kept = await actions.makeHook(scope, { namespace: 'kept' });
			const hook = await actions.makeHook(scope);
			const elsewhere = scope === 'project' ? 'company' : 'project';

			expect(await actions.failure(`${elsewhere} hook delete`, { hook })).toMatch(
				new RegExp(`Could not delete hook ${hook}.*Check Hook, Company and Project`),
			);
			expect(await scene.hooks()).toHaveLength(2);

			expect(await actions.item(`${scope} hook delete`, { hook })).toEqual({
				deleted: true,
				id: hook,
			});
			expect((await scene.onlyHook()).id).toBe(kept);
		});
	});

	test('are processed for every item, in the order of the items', async () => {
		const projects = [CLINIC.id, DEPOT.id, CLINIC.id, DEPOT.id];
		const items = projects.map((project, index) => ({ project, namespace: `flows-${index}` }));

		const { items: created, origins } = await actions.run('project hook create', ...items);

		expect(origins).toEqual([0, 1, 2, 3]);
		expect(
			created.map(({ project_id, namespace }) => ({ project: project_id, namespace })),
		).toEqual(items);
		const ids = (await scene.hooks()).map(({ id }) => id);
		expect(created.map(({ id }) => String(id)).sort()).toEqual(ids.sort());
	});

	test('are listed for one namespace, or for all if Procore supports that', async () => {
		const [first, second] = await actions.items(
			'project hook create',
			{ namespace: 'flows' },
			{ namespace: 'others' },
		);

		const listed = await actions.items(
			'project hook getAll',
			{ namespace: 'others' },
			{ namespace: '' },
			{ namespace: '', limit: 1 },
		);
		// Both were created at the same time, so Procore determines the order.
		const [underOne, ...underAll] = listed.map(({ id }) => String(id));
		expect(underOne).toBe(second?.id);
		expect(underAll).toHaveLength(3);
		expect(underAll.slice(0, 2).sort()).toEqual([first?.id, second?.id].sort());
		expect(underAll[2]).toBe(underAll[0]);

		const inCompany = { namespace: '' };
		if (isV2) {
			expect(await actions.failure('company hook getAll', inCompany)).toMatch(
				/Enter the namespace of the hook in Namespace/,
			);
		} else {
			expect(await actions.items('company hook getAll', inCompany)).toEqual([]);
		}
	});

	test.each<[JsonObject, RegExp]>([
		[{ authorization: MASKED }, /Authorization contains Procore.s masked value/],
		[{ rename: 'No Good' }, /only lowercase letters, digits and dashes, for example "no-good"/],
		[{}, /Nothing to update/],
		...(isV2
			? []
			: [[{ status: 'disabled' }, /v1\.0 have no status/] satisfies [JsonObject, RegExp]]),
	])('are not changed by %j', async (change, message) => {
		const hook = await actions.makeHook('project', { authorization: SECRET });
		const before = await scene.onlyHook();

		const methods = await methodsOf(async () => {
			expect(await actions.failure('project hook update', { hook, ...change })).toMatch(message);
		});

		expect(methods).toEqual([]);
		expect(await scene.onlyHook()).toEqual(before);
	});
});
