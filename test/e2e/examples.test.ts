/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, listAt, parseObject, type JsonObject } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import { workflowDraftOf, type Workflow, type WorkflowNode } from '../harness/n8n-rest';
import { repositoryRoot } from '../harness/paths';
import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { URL_A } from './actions';
import { CREDENTIAL_TYPE } from './credentials';
import { CLINIC, COMPANY, DEPOT, GENERATIONS, subscriptionsOf } from './procore';
import { Scene } from './scene';
import { ACTION_TYPE, actionNode, chosen, TRIGGER_TYPE, WEBHOOK_PATH } from './workflows';

const SCHEDULE_TYPE = 'n8n-nodes-base.scheduleTrigger';
const EVERY_FEW_SECONDS = { field: 'seconds', secondsInterval: 4 };

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Example workflows on Webhooks API %s', (generation) => {
	let scene: Scene;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	});

	/**
	 * Imports an example and does what its notes ask: selects the credential in the Procore nodes and fills in the
	 * rest. The reader adds the nodes that send a message, so the examples end before them.
	 *
	 * @param settings by name: values of the node Settings, or parameters of Procore Trigger
	 */
	async function imported(file: string, settings: JsonObject = {}): Promise<Workflow> {
		const path = join(repositoryRoot, 'examples', file);
		const draft = workflowDraftOf(parseObject(readFileSync(path, 'utf8')));
		const { id, name } = scene.credential;
		const credentials = { [CREDENTIAL_TYPE]: { id, name } };
		const nodes = draft.nodes.map((node): WorkflowNode => {
			switch (node.type) {
				case ACTION_TYPE:
					return { ...node, credentials };
				case SCHEDULE_TYPE:
					return { ...node, parameters: { rule: { interval: [EVERY_FEW_SECONDS] } } };
				case TRIGGER_TYPE:
					return { ...node, credentials, parameters: { ...node.parameters, ...settings } };
				default:
					return node.name === 'Settings' ? withSettings(node, settings) : node;
			}
		});
		return await scene.add({ ...draft, nodes });
	}

	/** Creates a hook that has a trigger and returns its id. */
	async function makeHealthyHook(projectId: string, namespace: string): Promise<string> {
		const id = await makeHook(projectId, namespace);
		await scene.control.editHook(id, { triggers: [{ resourceName: 'RFIs', eventType: 'update' }] });
		return id;
	}

	/** Waits until so many executions that run from now on have ended. */
	async function waitForMore({ id }: Workflow, count: number): Promise<Execution[]> {
		const before = (await scene.rest.executions(id)).length;
		return await scene.rest.waitForExecutions(id, before + count, { timeoutMs: 120_000 });
	}

	/** Clicks the editor's button at the first node and waits for the end. */
	async function run({ id, nodes }: Workflow): Promise<Execution> {
		const started = await scene.rest.runManually(id, { from: nodes[0]?.name ?? '' });
		if (!('executionId' in started)) throw new Error('The workflow waits for a webhook');
		const execution = await scene.rest.waitForExecution(started.executionId);
		if (execution.error !== undefined) throw new Error(execution.error.message);
		return execution;
	}

	/** Creates a hook that does not belong to the example and returns its id. */
	async function makeHook(projectId: string, namespace: string, destinationUrl = URL_A) {
		const parameters = { scope: 'project', projectId: chosen(projectId), namespace };
		const { items } = await runAction(scene.rest, {
			node: actionNode(scene.credential, {
				...{ resource: 'hook', operation: 'create', destinationUrl },
				...parameters,
			}),
		});
		return String(items[0]?.id);
	}

	async function activeProjects(): Promise<Array<{ id: string; display_name: string }>> {
		const { companies } = await scene.control.seed();
		const company = companies.find(({ id }) => id === COMPANY.id);
		return (company?.projects ?? []).filter(({ active }) => active);
	}

	test('rfi-event.json writes a message about an RFI event', async () => {
		const workflow = await imported('rfi-event.json', { projectIds: [CLINIC.id] });
		await scene.rest.activate(workflow.id);

		const event = await scene.fire({
			companyId: COMPANY.id,
			projectId: CLINIC.id,
			resourceName: 'RFIs',
			eventType: 'update',
			record: { subject: 'Moved door' },
		});

		const [execution] = await scene.executions(workflow.id, 1);
		const [{ message } = {}] = execution?.itemsOf('Write Message') ?? [];
		for (const part of ['"Moved door"', CLINIC.id, event.userId, event.timestamp, 'updated']) {
			expect(message).toContain(part);
		}
	});

	test('rfi-event.json continues with nine of ten recovered events if the RFI of one was deleted', async () => {
		const draft = await imported('rfi-event.json');
		const rfi = { companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' };
		const events = await scene.control.change({
			...rfi,
			eventType: 'create',
			count: 10,
			record: { subject: 'Moved door' },
		});
		const gone = events[3]?.resourceId ?? '';
		await scene.control.change({ ...rfi, eventType: 'delete', resourceId: gone });
		// In one execution, as the trigger returns recovered events.
		const together: WorkflowNode = {
			name: 'Procore Trigger',
			type: 'n8n-nodes-base.code',
			typeVersion: 2,
			position: [0, 0],
			parameters: {
				jsCode: `return ${JSON.stringify(
					events.map((event) => ({
						json: {
							...{ id: event.id, ulid: event.ulid, timestamp: event.timestamp },
							...{ event_type: event.eventType, resource_name: event.resourceName },
							...{ resource_id: event.resourceId, company_id: event.companyId },
							...{ project_id: event.projectId, user_id: event.userId },
							...{ api_version: 'v2.0', metadata: null },
						},
					})),
				)};`,
			},
		};
		const start: WorkflowNode = {
			...{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
			...{ position: [-200, 0], parameters: {} },
		};
		const others = draft.nodes
			.filter(({ name }) => name !== 'Procore Trigger')
			.map((node) =>
				node.name === 'Changed RFI'
					? { ...node, parameters: { ...node.parameters, options: { waitForChange: false } } }
					: node,
			);
		const workflow = await scene.add({
			name: 'Ten recovered events',
			nodes: [start, together, ...others],
			connections: {
				...draft.connections,
				Start: { main: [[{ node: 'Procore Trigger', type: 'main', index: 0 }]] },
			},
		});

		const execution = await run(workflow);

		expect(execution.itemsOf('Write Message')).toHaveLength(9);
		expect(execution.itemsOf('Not Read')).toEqual([
			{
				rfi: gone,
				project_id: CLINIC.id,
				reason: expect.stringContaining(`RFIs ${gone} was not found in project ${CLINIC.id}`),
			},
		]);
	});

	test('daily-failed-deliveries.json reports failures and sends nothing on a good day', async () => {
		const workflow = await imported('daily-failed-deliveries.json');
		const good = await makeHook(CLINIC.id, 'clinic-flows');
		await scene.control.addDeliveries(good, { count: 10, statuses: ['succeeded'] });

		const goodDay = await run(workflow);

		expect(goodDay.nodes).toContain('Not All Delivered');
		expect(goodDay.itemsOf('Write Message')).toEqual([]);
		expect(goodDay.nodes).not.toContain('Write Message');

		const bad = await makeHook(DEPOT.id, 'depot-flows');
		await scene.control.addDeliveries(bad, {
			count: 30,
			statuses: ['succeeded', 'failed', 'discarded'],
			resourceNames: ['RFIs'],
		});

		const badDay = await run(workflow);

		const [{ subject, message } = {}, ...others] = badDay.itemsOf('Write Message');
		expect(others).toEqual([]);
		expect(subject).toBe('Procore: events of 1 hook were not delivered');
		expect(message).toContain(
			`${DEPOT.name}: 20 of 30 events did not reach ${URL_A} (hook ${bad}, namespace depot-flows)`,
		);
		expect(message).toContain('- Resources: 20 × RFIs');
		expect(message).toContain('- Answers of the destination: 10 × 500, 10 × none');
		expect(message).toContain('failed: 10, discarded: 10');
		expect(message).toContain('Answered 500: Error');
		expect(message).not.toContain(CLINIC.name);
	});

	test('alert-unhealthy-hooks.json writes one message when something changes, and none otherwise', async () => {
		const hook = await makeHealthyHook(CLINIC.id, 'clinic-flows');
		await makeHealthyHook(DEPOT.id, 'depot-flows');
		const workflow = await imported('alert-unhealthy-hooks.json');
		await scene.rest.activate(workflow.id);
		const messages = (executions: readonly Execution[]) =>
			executions.flatMap((execution) => execution.itemsOf('What Changed'));

		expect(messages(await waitForMore(workflow, 2))).toEqual([]);

		await scene.control.editHook(hook, { triggers: [] });
		expect(messages(await waitForMore(workflow, 4))).toEqual([
			{
				subject: 'Procore: 1 problem with hooks',
				message: `${CLINIC.name}, hook ${hook} (clinic-flows): has no triggers, or not all of them`,
			},
		]);

		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [CLINIC.id] });
		const [, refused, ...others] = messages(await waitForMore(workflow, 4));
		expect(others).toEqual([]);
		expect(refused?.subject).toBe('Procore: 2 problems with hooks');
		expect(refused?.message).toMatch(/^[^\n]+: could not be checked; Could not list .*403[^\n]*$/);

		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
		await scene.control.editHook(hook, {
			triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
		});
		const all = messages(await waitForMore(workflow, 4));
		expect(all).toHaveLength(3);
		expect(all[2]?.subject).toBe('Procore: all hooks are healthy again');
	});

	test('provision-projects.json provisions every active project and changes nothing the second time', async () => {
		const settings = {
			namespace: 'larkspur-sync',
			destination: URL_A,
			events: 'RFIs:create, Submittals:update',
		};
		const workflow = await imported('provision-projects.json', { ...settings, dryRun: false });
		const projects = await activeProjects();
		await scene.control.setPermissions({ companyId: COMPANY.id, projectIds: [DEPOT.id] });

		const look = await run(await imported('provision-projects.json', settings));

		expect(await scene.hooks()).toEqual([]);

		const first = await run(workflow);

		const provisioned = projects.filter(({ id }) => id !== DEPOT.id);
		const hooks = await scene.hooks();
		expect(hooks.map(({ scope }) => scope.projectId).sort()).toEqual(
			provisioned.map(({ id }) => id).sort(),
		);
		for (const hook of hooks) {
			expect(hook).toMatchObject({ namespace: 'larkspur-sync', destinationUrl: URL_A });
			expect(subscriptionsOf(hook)).toEqual(['RFIs:create', 'Submittals:update']);
		}
		const row = (project: string, hook: string, added: string) => ({
			...{ project, hook, added, removed: '', would: false },
		});
		const names = provisioned.map(({ display_name }) => display_name).sort();
		expect(byProject(first.itemsOf('Done'))).toEqual(
			names.map((name) => row(name, 'created', 'RFIs:create, Submittals:update')),
		);
		expect(byProject(look.itemsOf('Done'))).toEqual(
			byProject(first.itemsOf('Done')).map((done) => ({ ...done, would: true })),
		);
		expect(look.itemsOf('Not Done')).toEqual(first.itemsOf('Not Done'));
		expect(first.itemsOf('Not Done')).toEqual([
			{ project: DEPOT.name, reason: expect.stringMatching(/403.*permission "Webhooks API"/) },
		]);

		const second = await run(workflow);

		expect(byProject(second.itemsOf('Done'))).toEqual(
			names.map((name) => row(name, 'unchanged', '')),
		);
		expect(await scene.hooks()).toEqual(hooks);

		const mistyped = await run(
			await imported('provision-projects.json', {
				...settings,
				events: 'RFIs:create, Submittal:update',
				dryRun: false,
			}),
		);

		expect(mistyped.itemsOf('Done')).toEqual([]);
		expect(byProject(mistyped.itemsOf('Not Done')).map(({ project }) => project)).toEqual(
			[...names, DEPOT.name].sort(),
		);
		expect(mistyped.itemsOf('Not Done')).toContainEqual({
			project: CLINIC.name,
			reason: expect.stringMatching(/Submittal:update \(.*did you mean Submittals\)/),
		});
		expect(await scene.hooks()).toEqual(hooks);
	});

	test('clean-up-hooks.json lists the hooks without a workflow and deletes them when told to', async () => {
		const owned = await scene.activate({
			scope: 'projects',
			projectIds: [CLINIC.id],
			events: ['RFIs:update'],
		});
		const [ownedHook] = await scene.hooks();
		const gone = `${scene.rest.url}/webhook/0c2d7c1e-8a43-4a0e-b0a5-4b9c1b9f5f01/${WEBHOOK_PATH}`;
		const orphans = [
			{ project: CLINIC, namespace: 'procore-trigger-abcdefghijklmnopqrst', url: gone },
			{ project: DEPOT, namespace: 'larkspur-field', url: gone },
		];
		const ids: string[] = [];
		for (const { project, namespace, url } of orphans) {
			ids.push(await makeHook(project.id, namespace, url));
		}
		const others = [
			// One hook of another integration, and one of this package whose n8n does not respond.
			await makeHook(DEPOT.id, 'others', `${scene.rest.url}/webhook/somebody-else`),
			await makeHook(DEPOT.id, 'procore-trigger-tsrqponmlkjihgfedcba', URL_A),
		];
		const found = orphans.map(({ project, namespace, url }, index) => ({
			project: project.name,
			project_id: project.id,
			hook_id: ids[index],
			namespace,
			destination_url: url,
		}));

		const look = await run(await imported('clean-up-hooks.json'));

		expect(byProject(look.itemsOf('Hooks Without Owner'))).toEqual(byProject(found));
		expect(look.itemsOf('Delete Hook').map(({ would }) => would)).toEqual([true, true]);
		expect(await scene.hooks()).toHaveLength(5);

		const clean = await run(await imported('clean-up-hooks.json', { dryRun: false }));

		expect(
			clean
				.itemsOf('Delete Hook')
				.map(({ id }) => id)
				.sort(),
		).toEqual([...ids].sort());
		const left = (await scene.hooks()).map(({ id }) => id);
		expect(left.sort()).toEqual([ownedHook?.id ?? '', ...others].sort());
		expect((await scene.rest.getWorkflow(owned.id)).active).toBe(true);
	});
});

function byProject(items: JsonObject[]): JsonObject[] {
	return [...items].sort((a, b) => (String(a.project) < String(b.project) ? -1 : 1));
}

/** A Set node with other values. */
function withSettings(node: WorkflowNode, settings: JsonObject): WorkflowNode {
	const assignments = listAt(node.parameters, 'assignments', 'assignments')
		.filter(isObject)
		.map((one) => ({ ...one, value: settings[String(one.name)] ?? one.value }));
	return { ...node, parameters: { ...node.parameters, assignments: { assignments } } };
}
