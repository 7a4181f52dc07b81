import type { DeliveryState, Event } from '../../emulator/control-client';
import { textAt, type JsonObject } from '../harness/json';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { Actions, SCOPE_NAMES, URL_A } from './actions';
import { CLINIC, COMPANY, DEPOT, expectedItem, GENERATIONS, SCOPES } from './procore';
import { Scene } from './scene';

const OPERATIONS = ['hook create', 'delivery getAll', 'delivery summarize', 'delivery getMissed'];

/** More than two pages. */
const LOGGED = 230;

function ulids(rows: ReadonlyArray<{ ulid?: unknown }>): string[] {
	return rows.map(({ ulid }) => String(ulid)).sort();
}

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Deliveries on Webhooks API %s', (generation) => {
	let scene: Scene;
	let actions: Actions;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		actions = await Actions.set(scene, OPERATIONS);
	});

	afterEach(async () => {
		await scene.clear();
	});

	/** Procore's view of a hook's deliveries. */
	async function held(hookId: string, wanted?: (row: DeliveryState) => boolean) {
		const { deliveries } = await scene.control.state();
		return deliveries.filter((row) => row.hookId === hookId && (wanted?.(row) ?? true));
	}

	describe('that Procore made to a workflow', () => {
		const [, { parameters, change }] = SCOPES;

		/** Waits until Procore has attempted to deliver an event, and returns the id of the delivery. */
		async function attempted(hookId: string, { ulid }: Event): Promise<string> {
			return await waitFor(
				'a delivery to be tried',
				async () => {
					const [delivery] = await held(hookId, (row) => row.ulid === ulid);
					return delivery?.attempts.length === 0 ? undefined : delivery?.id;
				},
				10_000,
				50,
			);
		}

		test('are listed with their status and every digit of their ids', async () => {
			await scene.activate(parameters);
			const { id: hook } = await scene.onlyHook();
			const delivered = [await scene.fire(change), await scene.fire(change)];
			for (const event of delivered) await attempted(hook, event);
			// From here on, n8n rejects requests because it knows another secret.
			await scene.control.editHook(hook, { authorization: 'Bearer of-somebody-else' });
			const failed = await scene.fire(change);
			await scene.control.failDelivery(await attempted(hook, failed));
			const retried = await scene.fire(change);
			await attempted(hook, retried);

			const listed = await actions.items('project delivery getAll', { hook });

			const row = (event: Event, more: JsonObject) =>
				expect.objectContaining({
					event_id: event.id,
					ulid: event.ulid,
					event: expectedItem(event, 'v2.0'),
					...more,
				});
			expect(listed).toHaveLength(4);
			expect(listed).toEqual(
				expect.arrayContaining([
					...delivered.map((event) =>
						row(event, { status: 'succeeded', outcome: 'ok', attempts: 1, response_status: 200 }),
					),
					row(failed, { status: 'failed', outcome: 'failed', response_status: 401 }),
					row(retried, { status: 'retrying', outcome: 'retried', response_status: 401 }),
				]),
			);

			const own = await actions.items('project delivery getAll', { hook, simplify: false });
			const [first] = delivered;
			const event = expect.objectContaining({ id: first?.id, ulid: first?.ulid });
			expect(own).toContainEqual(
				expect.objectContaining(
					generation === 'v1.0'
						? { event_id: first?.id, event, outcome: 'ok' }
						: { payload: event, status: 'delivered' },
				),
			);

			// Events that are still being retried do not count as missed.
			expect(await actions.items('project delivery getMissed', { hook })).toEqual([
				expectedItem(failed, 'v2.0'),
			]);
		});
	});

	describe('of two projects, the second of which is rejected (403)', () => {
		const MISSED = 'project delivery getMissed';
		const items = [{ project: CLINIC.id }, { project: DEPOT.id }];

		/** Ten events in the clinic that Procore gave up; the depot rejects requests. */
		async function tenMissed(): Promise<string[]> {
			const hook = await actions.makeHook('project');
			await actions.makeHook('project', { project: DEPOT.id });
			await scene.control.addDeliveries(hook, { count: 10, statuses: ['failed', 'discarded'] });
			await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [DEPOT.id] });
			return ulids(await held(hook));
		}

		test('return no missed event and forget none, and return them all once access is granted', async () => {
			const missed = await tenMissed();

			const failed = await actions.run(MISSED, ...items);

			expect(failed.error?.message).toContain('403');
			expect(failed.items).toEqual([]);

			await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });

			expect(ulids(await actions.items(MISSED, ...items))).toEqual(missed);
			expect(await actions.items(MISSED, ...items)).toEqual([]);
		});

		test('return the missed events of the first project if the node continues on an error', async () => {
			const lenient = await Actions.set(scene, ['delivery getMissed'], {
				onError: 'continueRegularOutput',
			});
			try {
				const missed = await tenMissed();
				const refusal = {
					error: expect.stringContaining('403'),
					details: { httpCode: '403', code: 'refused' },
				};

				const first = await lenient.items(MISSED, ...items);

				expect(ulids(first.slice(0, -1))).toEqual(missed);
				expect(first.at(-1)).toEqual(refusal);
				expect(await lenient.items(MISSED, ...items)).toEqual([refusal]);
			} finally {
				await lenient.remove();
			}
		});
	});

	describe.each(SCOPE_NAMES)('of a hook of a %s', (scope) => {
		const logged = async (count: number) => {
			const hook = await actions.makeHook(scope);
			await scene.control.addDeliveries(hook, {
				count,
				statuses: ['succeeded', 'failed', 'retrying', 'discarded', 'succeeded'],
			});
			return hook;
		};
		const list = async (item: JsonObject) => await actions.items(`${scope} delivery getAll`, item);

		test('are read to the end, or up to a limit', async () => {
			const hook = await logged(LOGGED);

			const all = await list({ hook });
			expect(ulids(all)).toEqual(ulids(await held(hook)));

			await scene.control.clearRequests();
			expect(await list({ hook, limit: 60 })).toEqual(all.slice(0, 60));
			const requests = await scene.control.requests();
			expect(requests.map(({ path }) => path.split('/').slice(-1)[0])).toEqual(['deliveries']);
			expect(requests[0]?.companyHeader).toBe(COMPANY.id);
			const time = (item: JsonObject) => textAt(item, 'timestamp') ?? '';
			const newest = [...all].sort((one, other) => (time(one) < time(other) ? 1 : -1));
			expect(new Set(all.map(time)).size).toBe(all.length);
			expect(await list({ hook, order: 'newest', limit: 60 })).toEqual(newest.slice(0, 60));
		});

		test('are an empty list if there are none', async () => {
			const hook = await actions.makeHook(scope);
			expect(await list({ hook })).toEqual([]);
		});

		test('are filtered by status, resource, event and time', async () => {
			const hook = await logged(50);
			const rows = await held(hook);
			const resource = rows[0]?.resourceName;
			const times = (await list({ hook }))
				.map(({ event }) => textAt(event, 'timestamp') ?? '')
				.sort();
			const filters: Array<[JsonObject, (row: DeliveryState, index: number) => boolean]> = [
				[{ status: 'any' }, () => true],
				[{ status: 'successful' }, ({ status }) => status === 'delivered'],
				[{ status: 'failing' }, ({ status }) => ['failed', 'retrying'].includes(status)],
				[{ status: 'discarded' }, ({ status }) => status === 'discarded'],
				[{ resource }, ({ resourceName }) => resourceName === resource],
				[{ event: 'update' }, ({ eventType }) => eventType === 'update'],
				[{ since: times[10], until: times[19] }, (_, index) => index >= 10 && index <= 19],
			];

			const { items, origins } = await actions.run(
				`${scope} delivery getAll`,
				...filters.map(([filter]) => ({ hook, ...filter })),
			);

			for (const [index, [filter, wanted]] of filters.entries()) {
				const found = items.filter((_, position) => origins[position] === index);
				expect([filter, ulids(found)]).toEqual([filter, ulids(rows.filter(wanted))]);
			}
		});

		test('are summarized, for one hook or for all in the namespace', async () => {
			const hook = await logged(50);
			const [byId, byNamespace, filtered, ...others] = await actions.items(
				`${scope} delivery summarize`,
				{ hook },
				{},
				{ hook, event: 'delete' },
			);

			expect(others).toEqual([]);
			const counts = {
				hook_id: hook,
				company_id: COMPANY.id,
				project_id: scope === 'project' ? CLINIC.id : null,
				deliveries: 50,
				failures: 30,
				by_outcome: { ok: 20, retried: 10, failed: 10, discarded: 10 },
				failures_by_response_status: { 500: 20, none: 10 },
			};
			expect(byId).toMatchObject(counts);
			expect(byNamespace).toMatchObject({ ...counts, namespace: 'flows', destination_url: URL_A });
			const deletions = await held(hook, ({ eventType }) => eventType === 'delete');
			expect(filtered).toMatchObject({ hook_id: hook, deliveries: deletions.length });
			const failures = (await held(hook, ({ status }) => status !== 'delivered')).map(
				({ eventId }) => eventId,
			);
			expect(byId).toMatchObject({
				first_failure: { event_id: failures[0] },
				last_failure: { event_id: failures.at(-1) },
				sample_reasons: [
					'Answered 500: Error',
					expect.stringMatching(/^Discarded without an attempt/),
				],
			});
		});

		test('return their missed events once, in the order of the ULIDs', async () => {
			const hook = await logged(50);
			const missed = ulids(
				await held(hook, ({ status }) => status === 'failed' || status === 'discarded'),
			);
			const get = async (item: JsonObject = {}) =>
				(await actions.items(`${scope} delivery getMissed`, { hook, ...item })).map(({ ulid }) =>
					String(ulid),
				);

			expect(await get({ limit: 15 })).toEqual(missed.slice(0, 15));
			expect(await get()).toEqual(missed.slice(15));
			expect(await get()).toEqual([]);
		});
	});
});
