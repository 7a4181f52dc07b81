/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync } from 'node:fs';
import { WEB_USER } from '../../emulator/seed';
import { serveFiles } from '../harness/file-server';
import type { JsonObject } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import type { Workflow } from '../harness/n8n-rest';
import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { URL_A } from './actions';
import {
	exampleDraft,
	EXAMPLES,
	importExample,
	runExample,
	startingWith,
} from './example-workflows';
import { CLINIC, COMPANY, DEPOT, expectedItem, GENERATIONS, subscriptionsOf } from './procore';
import { Scene } from './scene';
import { actionNode, selected, WEBHOOK_PATH } from './workflows';

const RFI = { companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' } as const;

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

test('every example can be imported from the URL of its raw file, as the editor does it', async () => {
	const files = readdirSync(EXAMPLES);
	const raw = await serveFiles(EXAMPLES);
	try {
		const imported = await Promise.all(
			files.map(async (file) => await stack.n8n.rest.importFromUrl(`${raw.url}/${file}`)),
		);
		expect(imported).toEqual(files.map(exampleDraft));
	} finally {
		await raw.stop();
	}
});

describe.each(GENERATIONS)('Example workflows on Webhooks API %s', (generation) => {
	let scene: Scene;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.clear();
	});

	async function imported(file: string, settings: JsonObject = {}): Promise<Workflow> {
		return await importExample(scene, file, settings);
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

	async function run(workflow: Workflow): Promise<Execution> {
		return await runExample(scene, workflow);
	}

	/** Creates a hook that does not belong to the example and returns its id. */
	async function makeHook(projectId: string, namespace: string, destinationUrl = URL_A) {
		const parameters = { scope: 'project', projectId: selected(projectId), namespace };
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

	test('rfi-event.json tells in a sentence who changed which RFI of which project, and links to it', async () => {
		const workflow = await imported('rfi-event.json', { projectIds: [CLINIC.id] });
		await scene.rest.activate(workflow.id);

		const { resourceId } = await scene.fire({ ...RFI, eventType: 'update', userId: WEB_USER.id });

		const [execution] = await scene.executions(workflow.id, 1);
		expect(execution?.itemsOf('Write Message')).toEqual([
			{
				message:
					'RFI 14, Anchor bolts at grid C4, in Harbour Street Clinic was changed by Dana Okafor',
				url: `${scene.control.url}/${CLINIC.id}/project/rfi/show/${resourceId}`,
			},
		]);
	});

	test('rfi-event.json continues with nine of ten recovered events if the RFI of one was deleted', async () => {
		const draft = await imported('rfi-event.json');
		const events = await scene.control.change({
			...RFI,
			eventType: 'create',
			count: 10,
			record: { subject: 'Moved door' },
		});
		const gone = events[3]?.resourceId ?? '';
		await scene.control.change({ ...RFI, eventType: 'delete', resourceId: gone });
		const together = startingWith(
			draft,
			events.map((event) => expectedItem(event, 'v2.0')),
		);
		const workflow = await scene.add({
			...together,
			nodes: together.nodes.map((node) =>
				node.name === 'Changed RFI'
					? { ...node, parameters: { ...node.parameters, options: { waitForChange: false } } }
					: node,
			),
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
		const kept = async () => {
			const before = (await scene.hooks()).map(({ id }) => id);
			const { id } = await scene.activate({
				scope: 'projects',
				projectIds: [CLINIC.id],
				events: ['RFIs:create'],
				options: { whenUnpublished: 'keepHook' },
			});
			await scene.rest.deactivate(id);
			const hook = (await scene.hooks()).find((each) => !before.includes(each.id));
			return { workflowId: id, hookId: hook?.id ?? '' };
		};
		const deleted = await kept();
		await scene.delete(deleted.workflowId);
		const unpublished = await kept();
		const gone = `${scene.rest.url}/webhook/0c2d7c1e-8a43-4a0e-b0a5-4b9c1b9f5f01/${WEBHOOK_PATH}`;
		const orphanId = await makeHook(DEPOT.id, 'larkspur-field', gone);
		const ids = [deleted.hookId, orphanId];
		const others = [
			// One hook of another integration, and one of this package whose n8n does not respond.
			await makeHook(DEPOT.id, 'others', `${scene.rest.url}/webhook/somebody-else`),
			await makeHook(DEPOT.id, 'procore-trigger-tsrqponmlkjihgfedcba', URL_A),
		];
		const found = (await scene.hooks())
			.filter(({ id }) => [...ids, unpublished.hookId].includes(id))
			.map(({ id, namespace, destinationUrl, scope }) => ({
				project: scope.projectId === CLINIC.id ? CLINIC.name : DEPOT.name,
				project_id: scope.projectId,
				hook_id: id,
				namespace,
				destination_url: destinationUrl,
			}));
		expect(found).toHaveLength(3);

		const look = await run(await imported('clean-up-hooks.json'));

		expect(byHook(look.itemsOf('Hooks Without Owner'))).toEqual(byHook(found));
		expect(look.itemsOf('Delete Hook').map(({ would }) => would)).toEqual([true, true, true]);
		expect(await scene.hooks()).toHaveLength(6);

		const keep = `1, ${unpublished.hookId}`;
		const clean = await run(await imported('clean-up-hooks.json', { dryRun: false, keep }));

		expect(
			clean
				.itemsOf('Delete Hook')
				.map(({ id }) => id)
				.sort(),
		).toEqual([...ids].sort());
		const left = (await scene.hooks()).map(({ id }) => id);
		expect(left.sort()).toEqual([ownedHook?.id ?? '', unpublished.hookId, ...others].sort());
		expect((await scene.rest.getWorkflow(owned.id)).active).toBe(true);
	});
});

function byProject(items: JsonObject[]): JsonObject[] {
	return [...items].sort((a, b) => (String(a.project) < String(b.project) ? -1 : 1));
}

function byHook(items: JsonObject[]): JsonObject[] {
	return [...items].sort((a, b) => (String(a.hook_id) < String(b.hook_id) ? -1 : 1));
}
