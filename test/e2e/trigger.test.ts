import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { createCredential, CREDENTIAL_TYPE } from './credentials';
import {
	byUlid,
	CLINIC,
	COMPANY,
	DEPOT,
	MORE_THAN_AN_EVENT,
	expectedItem,
	GENERATIONS,
	PAYLOAD_VERSIONS,
	SCOPES,
	subscriptionsOf,
} from './procore';
import { post, Scene } from './scene';
import { RECEIVED, TRIGGER } from './workflows';

const OWN_NAMESPACE = ['with a namespace of its own', ''] as const;
const GIVEN_NAMESPACE = ['with a given namespace', 'larkspur-field-2'] as const;

describe.each(GENERATIONS)('Procore Trigger on Webhooks API %s', (generation) => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	}, 60_000);

	afterAll(async () => {
		await stack.stop();
	}, 60_000);

	describe.each(SCOPES)('$name scope', ({ parameters, scope, triggers, change }) => {
		test('creates exactly one hook at activation and leaves none after deactivation', async () => {
			const workflow = await scene.activate(parameters);

			const hook = await scene.onlyHook();
			expect(hook).toMatchObject({
				scope,
				destinationUrl: scene.url(workflow),
				payloadVersion: 'v2.0',
				status: 'active',
			});
			// Valid under both of Procore's published rules.
			expect(hook.namespace).toMatch(/^procore-trigger-[a-z]+$/);
			expect(hook.authorization).toMatch(/^Bearer [0-9a-f]{64}$/);
			expect(subscriptionsOf(hook)).toEqual(triggers);

			await scene.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		});

		test('starts the workflow with one item per event and every digit, for every payload version', async () => {
			const active = await Promise.all(
				PAYLOAD_VERSIONS.map(async (payloadVersion) => ({
					payloadVersion,
					workflow: await scene.activate({ ...parameters, options: { payloadVersion } }),
				})),
			);
			const versions = (await scene.hooks()).map(({ payloadVersion }) => payloadVersion);
			expect(versions.sort()).toEqual([...PAYLOAD_VERSIONS]);

			const details = {
				applicationId: 'app-5521',
				operationId: '01HZX0T4E7D3T5V3J9W2B6K8QX',
				// Beyond 2^53, like the event's own id.
				relatedResources: [{ id: '598134325900999013', name: 'Submittals' }],
			};
			const first = await scene.fire({ ...change, ...details, resourceId: '598134325900999001' });
			const second = await scene.fire({ ...change, ...details });
			expect(first.id).toMatch(/^\d{19}$/);
			expect(first.deliveries).toBe(3);

			for (const { workflow, payloadVersion } of active) {
				const runs = await scene.received(workflow, 2);
				expect(runs.map((run) => run.length)).toEqual([1, 1]);
				expect(byUlid(runs.flat())).toEqual(
					byUlid([
						expectedItem(first, payloadVersion, details),
						expectedItem(second, payloadVersion, details),
					]),
				);
			}
		});

		test('starts nothing for requests that are not from Procore or are not events', async () => {
			const workflow = await scene.activate(parameters);
			const url = scene.url(workflow);
			const { authorization } = await scene.onlyHook();
			const fields = {
				id: 612044771883055,
				ulid: '01J0Q8R7S6T5V4W3X2Y1Z0ABCD',
				event_type: 'update',
				resource_name: 'RFIs',
				resource_id: 338821,
				api_version: 'v2',
			};
			const event = JSON.stringify(fields);
			const oversized = JSON.stringify({ ...fields, data: 'x'.repeat(MORE_THAN_AN_EVENT) });
			const unknown = JSON.stringify({ data: 'x'.repeat(MORE_THAN_AN_EVENT) });
			const forged = `Bearer ${'0'.repeat(64)}`;

			const answers = {
				unsigned: await post(url, event, null),
				forged: await post(url, event, forged),
				secretWithoutScheme: await post(url, event, (authorization ?? '').replace('Bearer ', '')),
				forgedAndOversized: await post(url, oversized, forged),
				notJson: await post(url, '{"id": 1,', authorization, 'text/plain'),
				notTheJsonItIsCalled: await post(url, '{"id": 1,', authorization),
				empty: await post(url, '', authorization),
				list: await post(url, `[${event}]`, authorization),
				withoutIdentity: await post(url, '{"hello": "world"}', authorization),
				newVersionAndLarge: await post(url, unknown, authorization),
			};
			expect(answers).toEqual({
				unsigned: 401,
				forged: 401,
				secretWithoutScheme: 401,
				forgedAndOversized: 401,
				notJson: 400,
				// n8n's own response, before it calls the node.
				notTheJsonItIsCalled: 422,
				empty: 400,
				// JSON that the node does not know: an error would block the queue of the hook.
				list: 200,
				withoutIdentity: 200,
				newVersionAndLarge: 200,
			});

			// An execution that they had started would come before that of a real event.
			const real = await scene.fire(change);
			const items = (await scene.received(workflow, 1)).flat();
			expect(items.map(({ ulid }) => ulid)).toEqual([real.ulid]);
		});

		test('follows changed events with exactly one correct hook', async () => {
			const workflow = await scene.activate(parameters);
			const before = await scene.onlyHook();
			const [kept, ...dropped] = parameters.events;
			const added = scope.projectId === null ? 'Trades:delete' : 'Punch Items:delete';

			const changed = await scene.republish(workflow, (trigger) => ({
				...trigger,
				parameters: { ...trigger.parameters, events: [kept, added] },
			}));

			const hook = await scene.onlyHook();
			expect(hook).toMatchObject({
				scope,
				namespace: before.namespace,
				destinationUrl: scene.url(changed),
				status: 'active',
			});
			expect(subscriptionsOf(hook)).toEqual([kept, added].sort());
			expect(dropped.length).toBeGreaterThan(0);
			const [resourceName = ''] = added.split(':');
			const event = await scene.fire({ ...change, resourceName, eventType: 'delete' });
			expect(await scene.received(changed, 1)).toEqual([[expectedItem(event, 'v2.0')]]);

			await scene.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		});

		test('survives a rename of the node with exactly one correct hook', async () => {
			const workflow = await scene.activate(parameters);
			const before = await scene.onlyHook();

			const renamed = await scene.republish(workflow, (trigger) => ({
				...trigger,
				name: 'Changes in Procore',
			}));

			const hook = await scene.onlyHook();
			expect(hook).toMatchObject({
				scope,
				namespace: before.namespace,
				destinationUrl: scene.url(renamed),
				status: 'active',
			});
			expect(subscriptionsOf(hook)).toEqual(triggers);
			const event = await scene.fire(change);
			expect(await scene.received(renamed, 1)).toEqual([[expectedItem(event, 'v2.0')]]);

			await scene.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		});

		test.each(scope.projectId === null ? [OWN_NAMESPACE] : [OWN_NAMESPACE, GIVEN_NAMESPACE])(
			'listens for a test event while the production hook is active, %s',
			async (_, namespace) => {
				const workflow = await scene.activate({ ...parameters, namespace });
				const production = await scene.onlyHook();
				const isProduction = ({ id }: { id: string }) => id === production.id;

				expect(await scene.rest.runManually(workflow.id, { from: TRIGGER })).toEqual({
					waitingForWebhook: true,
				});
				const listening = await scene.hooks();
				expect(listening).toHaveLength(2);
				expect(listening.find(isProduction)).toEqual(production);
				const test = listening.find((hook) => !isProduction(hook));
				expect(test).toMatchObject({
					scope,
					destinationUrl: scene.url(workflow, { test: true }),
					status: 'active',
				});
				expect(test?.namespace).toMatch(/^[a-z0-9-]+$/);
				expect(test?.authorization).toMatch(/^Bearer [0-9a-f]{64}$/);
				expect(test?.authorization).not.toBe(production.authorization);
				expect(subscriptionsOf(test)).toEqual(triggers);

				const event = await scene.fire(change);
				expect(event.deliveries).toBe(2);
				const runs = await scene.executions(workflow.id, 2);
				expect(runs.map(({ mode, status }) => `${mode} ${status}`).sort()).toEqual([
					'manual success',
					'webhook success',
				]);
				for (const run of runs) {
					expect(run.itemsOf(RECEIVED)).toEqual([expectedItem(event, 'v2.0')]);
				}
				expect(await scene.hooksBecome(1)).toEqual([production]);

				// Listening that is stopped before an event arrives leaves nothing behind either.
				await scene.rest.runManually(workflow.id, { from: TRIGGER });
				expect(await scene.hooks()).toHaveLength(2);
				await scene.rest.stopListening(workflow.id);
				expect(await scene.hooksBecome(1)).toEqual([production]);
			},
		);
	});

	test('creates one hook per project for several projects, in one namespace', async () => {
		const workflow = await scene.activate({
			scope: 'projects',
			projectIds: [CLINIC.id, DEPOT.id],
			events: ['RFIs:create'],
		});

		const hooks = await scene.hooks();
		expect(hooks.map((hook) => hook.scope.projectId).sort()).toEqual([CLINIC.id, DEPOT.id]);
		expect(new Set(hooks.map(({ namespace }) => namespace)).size).toBe(1);
		expect(hooks.map(subscriptionsOf)).toEqual([['RFIs:create'], ['RFIs:create']]);
		expect(hooks.map(({ destinationUrl }) => destinationUrl)).toEqual([
			scene.url(workflow),
			scene.url(workflow),
		]);

		const rfi = { companyId: COMPANY.id, resourceName: 'RFIs', eventType: 'create' } as const;
		const inDepot = await scene.fire({ ...rfi, projectId: DEPOT.id });
		const inClinic = await scene.fire({ ...rfi, projectId: CLINIC.id });
		const items = (await scene.received(workflow, 2)).flat();
		expect(byUlid(items)).toEqual(
			byUlid([expectedItem(inDepot, 'v2.0'), expectedItem(inClinic, 'v2.0')]),
		);

		// A project that is no longer selected loses its hook, and the other keeps its own.
		await scene.republish(workflow, (trigger) => ({
			...trigger,
			parameters: { ...trigger.parameters, projectIds: [DEPOT.id] },
		}));
		expect((await scene.onlyHook()).scope.projectId).toBe(DEPOT.id);

		await scene.rest.deactivate(workflow.id);
		expect(await scene.hooks()).toEqual([]);
	});

	test('creates one hook in every active project of the company for all projects', async () => {
		const seed = await scene.control.seed();
		const active = seed.companies
			.filter(({ id }) => id === COMPANY.id)
			.flatMap(({ projects }) => projects)
			.filter((project) => project.active)
			.map(({ id }) => id);
		expect(active.length).toBeGreaterThan(2);

		const workflow = await scene.activate({ scope: 'allProjects', events: ['RFIs:create'] });

		const hooks = await scene.hooks();
		expect(hooks.map((hook) => hook.scope.projectId).sort()).toEqual([...active].sort());
		expect(new Set(hooks.map(({ namespace }) => namespace)).size).toBe(1);
		for (const projectId of active) {
			await scene.fire({
				companyId: COMPANY.id,
				projectId,
				resourceName: 'RFIs',
				eventType: 'create',
			});
		}
		const items = (await scene.received(workflow, active.length)).flat();
		expect(items.map(({ project_id }) => project_id).sort()).toEqual([...active].sort());

		await scene.rest.deactivate(workflow.id);
		expect(await scene.hooks()).toEqual([]);
	});

	test('keeps foreign hooks and separates two trigger nodes', async () => {
		const { parameters, change } = SCOPES[1];
		const first = await scene.activate(parameters);
		const before = await scene.onlyHook();
		const second = await scene.activate(parameters);

		const namespaces = (await scene.hooks()).map(({ namespace }) => namespace);
		expect(new Set(namespaces).size).toBe(2);
		await scene.rest.deactivate(second.id);
		expect(await scene.hooks()).toEqual([before]);
		const event = await scene.fire(change);
		expect(await scene.received(first, 1)).toEqual([[expectedItem(event, 'v2.0')]]);
	});

	test('keeps its hook if the workflow is imported again and n8n rejects the second one', async () => {
		const { parameters, change } = SCOPES[1];
		const first = await scene.activate(parameters);
		const before = await scene.onlyHook();

		// The file of an exported workflow contains its webhook id, and n8n serves one workflow per URL.
		const copy = await scene.draft(parameters);
		await scene.rest.updateWorkflow(copy.id, { nodes: first.nodes });
		await expect(scene.rest.activate(copy.id)).rejects.toThrow(/conflict|already taken/);
		await scene.rest.deactivate(copy.id);

		expect(await scene.hooks()).toEqual([before]);
		const event = await scene.fire(change);
		expect(await scene.received(first, 1)).toEqual([[expectedItem(event, 'v2.0')]]);
	});

	test.each(GENERATIONS)(
		'has exactly one correct hook after its credential was replaced with one of %s',
		async (other) => {
			const { parameters, change } = SCOPES[1];
			const workflow = await scene.activate(parameters);
			const { namespace, destinationUrl } = await scene.onlyHook();
			const { id, name } = await createCredential(scene.rest, scene.control, other);

			const changed = await scene.republish(workflow, (trigger) => ({
				...trigger,
				credentials: { [CREDENTIAL_TYPE]: { id, name } },
			}));

			expect(await scene.onlyHook()).toMatchObject({ namespace, destinationUrl });
			const event = await scene.fire(change);
			expect(await scene.received(changed, 1)).toEqual([[expectedItem(event, 'v2.0')]]);
			await scene.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		},
	);

	test("returns Procore's own JSON without Simplify, with every digit", async () => {
		const { parameters, change } = SCOPES[1];
		const workflow = await scene.activate({ ...parameters, options: { simplify: false } });

		const event = await scene.fire(change);

		const [[item] = []] = await scene.received(workflow, 1);
		expect(item).toMatchObject({
			id: event.id,
			ulid: event.ulid,
			api_version: generation === 'v1.0' ? 'v2' : 'v2.0',
			metadata: { source_user_id: Number(event.userId) },
		});
	});

	test('starts the workflow if it acknowledges immediately', async () => {
		const { parameters, change } = SCOPES[1];
		const workflow = await scene.activate({
			...parameters,
			options: { acknowledge: 'immediately' },
		});

		const event = await scene.fire(change);

		expect(await scene.received(workflow, 1)).toEqual([[expectedItem(event, 'v2.0')]]);
		const { deliveries } = await scene.control.state();
		expect(deliveries.map(({ attempts }) => attempts.map((a) => a.responseStatus))).toEqual([
			[202],
		]);
	});

	test('makes n8n confirm the delivery, so that Procore does not retry', async () => {
		const { parameters, change } = SCOPES[1];
		const workflow = await scene.activate(parameters);
		for (let sent = 0; sent < 5; sent += 1) await scene.fire(change);

		await scene.received(workflow, 5);

		const deliveries = await waitFor(
			'the deliveries to be over',
			async () => {
				const state = await scene.control.state();
				return state.deliveries.every(({ status }) => status === 'delivered')
					? state.deliveries
					: undefined;
			},
			10_000,
		);
		expect(deliveries.map(({ attempts }) => attempts.map((a) => a.responseStatus))).toEqual(
			Array.from({ length: 5 }, () => [200]),
		);
	});
});
