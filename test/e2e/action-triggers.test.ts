import type { JsonObject } from '../harness/json';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { Actions } from './actions';
import { CLINIC, COMPANY, GENERATIONS, subscriptionsOf } from './procore';
import { Scene } from './scene';

const OPERATIONS = ['create', 'getAll', 'delete', 'sync'];

/** Events that each scope offers: three to begin with, and one to be added. */
const SCOPES = [
	{
		scope: 'project',
		events: ['RFIs:create', 'RFIs:update', 'Submittals:delete'],
		added: 'Drawings:update',
		ids: { company_id: null, project_id: CLINIC.id },
	},
	{
		scope: 'company',
		events: ['Departments:update', 'Offices:create', 'Offices:delete'],
		added: 'Trades:delete',
		ids: { company_id: COMPANY.id, project_id: null },
	},
] as const;

function eventOf({ resource_name, event_type }: JsonObject): string {
	return `${resource_name}:${event_type}`;
}

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Triggers on Webhooks API %s', (generation) => {
	let scene: Scene;
	let actions: Actions;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		actions = await Actions.set(scene, [
			'hook create',
			...OPERATIONS.map((operation) => `trigger ${operation}`),
		]);
	});

	afterEach(async () => {
		await scene.control.reset();
	});

	async function held(): Promise<string[]> {
		return subscriptionsOf(await scene.onlyHook());
	}

	/** The requests that a piece of work sends to Procore. */
	async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
		await scene.control.clearRequests();
		await work();
		return (await scene.control.requests()).map(
			({ method, path }) => `${method} ${path.split('/').slice(-1)[0]}`,
		);
	}

	describe.each(SCOPES)('of a $scope', ({ scope, events, added, ids }) => {
		test('are created, listed and deleted one by one', async () => {
			const hook = await actions.makeHook(scope);
			const wanted = events.map((event) => {
				const [resource, type] = event.split(':');
				return { hook, resource, event: type };
			});

			const created = await actions.items(`${scope} trigger create`, ...wanted);

			const { triggers } = await scene.onlyHook();
			expect(created).toEqual(
				wanted.map(({ resource, event }) => ({
					id: triggers.find((one) => one.resourceName === resource && one.eventType === event)?.id,
					hook_id: hook,
					resource_name: resource,
					event_type: event,
					...ids,
				})),
			);
			expect(await held()).toEqual(events);

			const listed = await actions.items(
				`${scope} trigger getAll`,
				{ hook },
				{ hook, limit: 2 },
				{ hook, simplify: false, limit: 1 },
			);
			expect(listed.map(({ id }) => String(id))).toEqual(
				[0, 1, 2, 0, 1, 0].map((index) => triggers[index]?.id),
			);
			// In Procore's own words: uppercase, with another name for the hook.
			expect(listed.at(-1)).toMatchObject({ event_type: triggers[0]?.eventType.toUpperCase() });
			expect(listed.at(-1)).toHaveProperty('webhook_hook_id');

			const [first, ...others] = created;
			const remove = { hook, trigger: first?.id };
			expect(await actions.item(`${scope} trigger delete`, remove)).toEqual({
				deleted: true,
				id: first?.id,
			});
			expect(await held()).toEqual(others.map(eventOf).sort());
			expect(await actions.failure(`${scope} trigger delete`, remove)).toMatch(
				/Could not delete subscription \d+\. It does not exist on hook \d+/,
			);
		});

		test('are reconciled with the selected events in bulk, and then left unchanged', async () => {
			const hook = await actions.makeHook(scope);
			const [kept, ...surplus] = events;
			await actions.item(`${scope} trigger sync`, { hook, events });
			const wanted = [kept, added];

			const changed = await requestsOf(async () => {
				expect(
					await actions.item(`${scope} trigger sync`, { hook, events: wanted.join(', ') }),
				).toEqual({ hook_id: hook, added: [added], removed: surplus, kept: [kept] });
			});
			expect(changed.sort()).toEqual([
				'DELETE bulk',
				// On v1.0, new triggers must name the payload version of the hook.
				...(generation === 'v1.0' ? ['GET hooks'] : []),
				'GET triggers',
				'POST bulk',
			]);
			expect(await held()).toEqual([...wanted].sort());

			const unchanged = await requestsOf(async () => {
				expect(await actions.item(`${scope} trigger sync`, { hook, events: wanted })).toMatchObject(
					{
						added: [],
						removed: [],
					},
				);
			});
			expect(unchanged).toEqual(['GET triggers']);
		});
	});

	test('stay as they are if one entry of a 207 is rejected, and the nearest name is suggested', async () => {
		const hook = await actions.makeHook('project');
		await actions.item('project trigger sync', {
			hook,
			events: ['RFIs:create', 'Drawings:update'],
		});
		const before = await held();

		const message = await actions.failure('project trigger sync', {
			hook,
			events: ['RFI:create', 'RFIs:update'],
		});

		expect(message).toMatch(/RFI:create \(.*is not supported, did you mean RFIs\)/);
		expect(message).toContain('The subscriptions were not changed.');
		expect(before).toEqual(['Drawings:update', 'RFIs:create']);
		expect(await held()).toEqual(before);
	});

	test.each([
		['project', { resource: 'RFI', event: 'create' }, /RFI create.*\(did you mean RFIs\)/],
		['project', { resource: 'Task Items', event: 'delete' }, /Task Items has only create, update/],
		// A company does not offer the events of a project tool.
		[
			'company',
			{ resource: 'RFIs', event: 'create' },
			/Could not subscribe hook \d+ to RFIs create/,
		],
		['project', { resource: 'RFIs', event: 'archive' }, /RFIs has only create, update, delete/],
	] as const)('are rejected in a %s for %j', async (scope, trigger, message) => {
		const hook = await actions.makeHook(scope);

		expect(await actions.failure(`${scope} trigger create`, { hook, ...trigger })).toMatch(message);
		expect(await held()).toEqual([]);
	});
});
