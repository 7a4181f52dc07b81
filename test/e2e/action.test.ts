import type { Event, HookState } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import type { WorkflowNode } from '../harness/n8n-rest';
import { runAction, type ActionResult } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { CLINIC, COMPANY, expectedItem, GENERATIONS, SCOPES, subscriptionsOf } from './procore';
import { Scene } from './scene';
import { actionNode, chosen } from './workflows';

const UNKNOWN_HOOK = '77';
const LOGGED_DELIVERIES = 230;

describe.each(GENERATIONS)('Procore node on Webhooks API %s', (generation) => {
	const [, { parameters, change, triggers }] = SCOPES;
	let stack: Stack<SharedN8n>;
	let scene: Scene;
	let hook: HookState;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		await scene.activate(parameters);
		hook = await scene.onlyHook();
	});

	afterAll(async () => {
		await scene.clear();
		await stack.stop();
	});

	async function run(
		operation: JsonObject,
		items: JsonObject[] = [{}],
		node: Partial<WorkflowNode> = {},
	): Promise<ActionResult> {
		const place = {
			scope: 'project',
			projectId: chosen(CLINIC.id),
			namespace: hook.namespace,
			...operation,
		};
		return await runAction(scene.rest, {
			node: { ...actionNode(scene.credential, place), ...node },
			items,
		});
	}

	async function results(operation: JsonObject, items?: JsonObject[]): Promise<JsonObject[]> {
		const result = await run(operation, items);
		if (result.error !== undefined) throw new Error(result.error.message);
		return result.items;
	}

	/** The operation on the hook of the item that comes in. */
	const ofIncomingHook = { hookId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };

	it('gets many hooks, secrets masked', async () => {
		const items = await results({ resource: 'hook', operation: 'getAll' });

		expect(items).toEqual([
			expect.objectContaining({
				id: hook.id,
				namespace: hook.namespace,
				destination_url: hook.destinationUrl,
				payload_version: 'v2.0',
				status: 'active',
				project_id: CLINIC.id,
			}),
		]);
		const secret = (hook.authorization ?? '').replace('Bearer ', '');
		expect(JSON.stringify(items)).not.toContain(secret);

		const inCompany = { resource: 'hook', operation: 'getAll', scope: 'company' };
		expect(await results(inCompany)).toEqual([]);
	});

	it('gets many triggers, of the hook that an item names', async () => {
		const items = await results(
			{ resource: 'trigger', operation: 'getAll', returnAll: true, ...ofIncomingHook },
			[{ id: hook.id }],
		);

		expect(items.map(({ hook_id }) => hook_id)).toEqual(triggers.map(() => hook.id));
		expect(items.map(({ id }) => id).sort()).toEqual(hook.triggers.map(({ id }) => id).sort());
		expect(
			items.map(({ resource_name, event_type }) => `${resource_name}:${event_type}`).sort(),
		).toEqual(subscriptionsOf(hook));

		const two = await results(
			{ resource: 'trigger', operation: 'getAll', limit: 2, ...ofIncomingHook },
			[{ id: hook.id }],
		);
		expect(two).toEqual(items.slice(0, 2));
	});

	it('reports a hook that does not exist by item, and goes on with the others', async () => {
		const getTriggers = { resource: 'trigger', operation: 'getAll', ...ofIncomingHook };
		const hooks = [{ id: UNKNOWN_HOOK }, { id: hook.id }];

		const stopped = await run(getTriggers, hooks);
		expect(stopped.error?.message).toMatch(/Could not list the triggers of hook 77.*404/);
		expect(stopped.error?.message).toMatch(/does not exist, or the account.*may not see it/);

		const { items } = await run(getTriggers, hooks, { onError: 'continueRegularOutput' });
		expect(items).toHaveLength(1 + triggers.length);
		expect(items[0]?.error).toMatch(/Could not list the triggers of hook 77/);
	});

	describe('deliveries', () => {
		const getDeliveries = { resource: 'delivery', operation: 'getAll', ...ofIncomingHook };
		let delivered: Event[];
		let failed: Event;
		let retried: Event;

		/** Waits until Procore has tried to deliver an event. */
		async function attempted({ ulid }: Event): Promise<string> {
			return await waitFor(
				'a delivery to be tried',
				async () => {
					const { deliveries } = await scene.control.state();
					const delivery = deliveries.find((candidate) => candidate.ulid === ulid);
					return delivery?.attempts.length === 0 ? undefined : delivery?.id;
				},
				10_000,
				50,
			);
		}

		beforeAll(async () => {
			delivered = [await scene.fire(change), await scene.fire(change)];
			for (const event of delivered) await attempted(event);
			// From here on n8n refuses, since it knows another secret.
			await scene.control.editHook(hook.id, { authorization: 'Bearer of-somebody-else' });
			failed = await scene.fire(change);
			await scene.control.failDelivery(await attempted(failed));
			retried = await scene.fire(change);
			await attempted(retried);
		});

		it('gets many, with what became of each and every digit of its ids', async () => {
			const items = await results({ ...getDeliveries, returnAll: true }, [{ id: hook.id }]);

			const row = (event: Event, more: JsonObject) =>
				expect.objectContaining({
					event_id: event.id,
					ulid: event.ulid,
					event: expectedItem(event, 'v2.0'),
					...more,
				});
			expect(items).toHaveLength(4);
			expect(items).toEqual(
				expect.arrayContaining([
					...delivered.map((event) =>
						row(event, { status: 'succeeded', outcome: 'ok', attempts: 1, response_status: 200 }),
					),
					row(failed, { status: 'failed', outcome: 'failed', response_status: 401 }),
					row(retried, { status: 'retrying', outcome: 'retried', response_status: 401 }),
				]),
			);
		});

		it("gives Procore's own JSON without Simplify, every digit kept", async () => {
			const [first] = delivered;

			const items = await results({ ...getDeliveries, returnAll: true, simplify: false }, [
				{ id: hook.id },
			]);

			const event = expect.objectContaining({ id: first?.id, ulid: first?.ulid });
			expect(items).toContainEqual(
				expect.objectContaining(
					generation === 'v1.0'
						? { event_id: first?.id, event, outcome: 'ok' }
						: { payload: event, status: 'delivered' },
				),
			);
		});

		it('reads every page for Return All, and stops at the limit', async () => {
			await scene.control.addDeliveries(hook.id, {
				count: LOGGED_DELIVERIES,
				statuses: ['succeeded', 'failed', 'discarded'],
			});
			const { deliveries } = await scene.control.state();

			const all = await results({ ...getDeliveries, returnAll: true }, [{ id: hook.id }]);
			expect(all.map(({ ulid }) => ulid).sort()).toEqual(deliveries.map(({ ulid }) => ulid).sort());
			expect(all.length).toBeGreaterThan(LOGGED_DELIVERIES);

			await scene.control.clearRequests();
			const some = await results({ ...getDeliveries, limit: 60 }, [{ id: hook.id }]);
			expect(some).toEqual(all.slice(0, 60));
			const pages = (await scene.control.requests()).filter(({ path }) =>
				path.endsWith('/deliveries'),
			);
			expect(pages).toHaveLength(1);
			expect(pages[0]?.companyHeader).toBe(COMPANY.id);
		});
	});
});
