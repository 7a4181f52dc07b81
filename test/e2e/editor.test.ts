import type { Page } from 'playwright-core';
import { waitFor } from '../harness/wait';
import { URL_A } from './actions';
import type { Editor } from './editor';
import { EditorScene } from './editor-scene';
import { saveScreenshot } from './pages';
import { CLINIC, COMPANY, DEPOT, SCOPES } from './procore';
import { Scene } from './scene';
import { ACTION_TYPE, actionNode, selected, RECORD, recordNode, triggerNode } from './workflows';

const RFI_UPDATED = 'RFIs updated (RFI updated, RFI changed, request for information)';

const NAMESPACE = 'procore';

describe('Panels in the n8n editor', () => {
	const [, { change }] = SCOPES;
	let opened: EditorScene;
	let scene: Scene;
	let page: Page;
	let editor: Editor;

	beforeAll(async () => {
		opened = await EditorScene.open();
		({ scene, page, editor } = opened);
	});

	afterEach(async () => await opened.endTest());

	afterAll(async () => await opened.close());

	async function screenshot(name: string): Promise<void> {
		await saveScreenshot(page, name);
	}

	test('fill the lists of Procore Trigger and show a test event', async () => {
		const workflow = await scene.draft({ companyId: undefined });
		await editor.openPanel(workflow);
		await editor.at('parameter-input-events').waitFor();
		await screenshot('trigger-1-new');

		expect(await editor.openLocator('companyId')).toEqual([COMPANY.name, 'Larkspur Europe GmbH']);
		await screenshot('trigger-2-companies');
		await editor.locatorChoices.filter({ hasText: COMPANY.name }).click();

		expect(await editor.openList('scope')).toEqual(['All Projects', 'Company', 'Projects']);
		await screenshot('trigger-3-scopes');
		await editor.choose('Projects');

		expect(await editor.openList('projectIds')).toEqual([
			DEPOT.name,
			CLINIC.name,
			'MS-107 - Mill Lane School',
			'NQ-021 - North Quay Apartments',
		]);
		await screenshot('trigger-4-projects');
		await editor.choose(CLINIC.name);
		await editor.closeChoices();

		const events = await editor.openList('events');
		expect(events).toEqual(
			expect.arrayContaining([
				'RFIs created (RFI created, request for information)',
				RFI_UPDATED,
				'Submittals deleted (submittal deleted, shop drawing)',
			]),
		);
		expect(events).not.toContain('Admin: Offices created');
		await screenshot('trigger-5-events');
		await editor.choose(RFI_UPDATED);
		await editor.closeChoices();
		await screenshot('trigger-6-filled');

		await editor.executeStep();
		await page.getByText('Listening for test event').waitFor();
		await screenshot('trigger-7-listening');
		await waitFor(
			'the test hook to have its trigger',
			async () => ((await scene.hooks())[0]?.triggers.length === 1 ? true : undefined),
			30_000,
		);
		const event = await scene.fire(change);
		await editor.at('output-panel').getByText(event.id).first().waitFor();
		await editor
			.at('output-panel')
			.getByText(/keeps the hook of this trigger in the namespace procore-trigger-[a-z]{20}\./)
			.waitFor();
		await screenshot('trigger-8-test-event');
		await scene.hooksBecome(0);
	});

	test('test Procore Trigger with an event that Procore has recorded', async () => {
		const parameters = {
			scope: 'projects',
			projectIds: [CLINIC.id],
			events: ['RFIs:update'],
		};
		await scene.activate(parameters);
		const event = await scene.fire(change);
		const options = { testEvent: 'latest' };
		await editor.openPanel(await scene.draft({ ...parameters, options }));
		await editor.executeStep();
		await editor.at('output-panel').getByText(event.id).first().waitFor();
		await screenshot('trigger-9-latest-event');
	});

	test('fill the lists of Procore', async () => {
		const trigger = await scene.activate({
			scope: 'projects',
			projectIds: [CLINIC.id],
			namespace: NAMESPACE,
			events: ['RFIs:update'],
		});
		const node = actionNode(scene.credential, { companyId: undefined });
		const workflow = await scene.rest.createWorkflow({ name: 'Procore panel', nodes: [node] });
		await editor.openPanel(workflow);
		await screenshot('action-1-new');

		expect(await editor.openList('resource')).toEqual(
			expect.arrayContaining(['Record', 'Delivery', 'Hook', 'Subscription']),
		);
		await screenshot('action-2-resources');
		await editor.choose('Delivery');

		expect(await editor.openLocator('companyId')).toEqual([COMPANY.name, 'Larkspur Europe GmbH']);
		await screenshot('action-3-companies');
		await editor.locatorChoices.filter({ hasText: COMPANY.name }).click();

		expect(await editor.openLocator('projectId')).toEqual(
			expect.arrayContaining([CLINIC.name, DEPOT.name]),
		);
		await screenshot('action-4-projects');
		await editor.locatorChoices.filter({ hasText: CLINIC.name }).click();

		const hook = `RFIs updated · ${NAMESPACE} · Harbour Street Clinic · Workflow ${trigger.id}`;
		expect(await editor.openLocator('hookId')).toEqual([hook]);
		await screenshot('action-5-hooks');
		await editor.locatorChoices.first().click();
		await screenshot('action-6-filled');
	});

	test('find projects by name, number and id, and distinguish equal names', async () => {
		const { control } = scene;
		const name = 'Tenant Improvement';
		const made = [];
		for (let index = 1; index <= 12; index += 1) {
			const number = index <= 2 ? `TI-${index}` : '';
			made.push(await control.addProject({ companyId: COMPANY.id, name, number }));
		}
		const labels = made.map(({ id }, index) =>
			index < 2 ? `TI-${index + 1} - ${name}` : `${name} (ID ${id})`,
		);
		try {
			const node = actionNode(scene.credential, { resource: 'hook', operation: 'getAll' });
			await editor.openPanel(await scene.add({ name: 'Project picker', nodes: [node] }));
			await editor.openLocator('projectId');
			await editor.searchInLocator('tenant', labels);
			await screenshot('projects-1-equal-names');
			await editor.searchInLocator('TI-2', [`TI-2 - ${name}`]);
			await screenshot('projects-2-by-number');
			await editor.searchInLocator(String(made[6]?.id), [`${name} (ID ${made[6]?.id})`]);
			await screenshot('projects-3-by-id');

			const trigger = triggerNode(scene.credential, { scope: 'projects' });
			await editor.openPanel(await scene.add({ name: 'Project list', nodes: [trigger] }));
			expect(await editor.openList('projectIds')).toEqual(expect.arrayContaining(labels));
			await screenshot('projects-4-trigger');
		} finally {
			for (const { id } of made) await control.deleteProject(id);
		}
	});

	/** The names of the parameters in the open panel, in order. */
	async function shownParameters(): Promise<string[]> {
		const ids = await page
			.locator('[data-test-id^="parameter-input-"]:visible')
			.evaluateAll((inputs) => inputs.map((input) => input.getAttribute('data-test-id') ?? ''));
		const names = new Set(ids.map((id) => id.replace('parameter-input-', '')));
		// The editable part of a text parameter.
		names.delete('field');
		return [...names].slice(['resource', 'operation'].length);
	}

	test('ask for what each resource needs, from the company down', async () => {
		const list = ['returnAll', 'limit', 'simplify'];
		const scope = ['companyId', 'scope', 'projectId'];
		const hook = [...scope, 'namespace', 'hookId'];
		const panels: Array<[resource: string, operation: string, parameters: string[]]> = [
			['Company', 'Get Many', list],
			['Project', 'Get Many', ['companyId', 'search', ...list]],
			['Webhook Resource', 'Get Many', [...scope, 'payloadVersion', ...list]],
			['Hook', 'Update', [...hook, 'simplify']],
			['Subscription', 'Sync', [...hook, 'events', 'dryRun']],
			['Delivery', 'Get Missed Events', [...hook, ...list]],
		];
		const node = actionNode(scene.credential, { companyId: undefined });
		await editor.openPanel(await scene.add({ name: 'Panels of the resources', nodes: [node] }));

		for (const [resource, operation, parameters] of panels) {
			await editor.openList('resource');
			await editor.choose(resource);
			await editor.openList('operation');
			await editor.choose(operation);
			await editor.openChoices.first().waitFor({ state: 'hidden' });
			expect([resource, await shownParameters()]).toEqual([resource, parameters]);
			await screenshot(`resource-${resource.toLowerCase().replace(' ', '-')}`);
		}
	});

	test.each([
		['a new schedule', { safetyCheck: 'custom' }, ['Every Few Hours or Minutes', '1', 'Hours']],
		[
			'a stored schedule',
			{
				safetyCheck: 'custom',
				pollTimes: {
					item: [
						{ mode: 'everyDay', hour: 6, minute: 30 },
						{ mode: 'everyX', value: 15, unit: 'minutes' },
						{ mode: 'custom', cronExpression: '0 0 6 * * 1-5' },
					],
				},
			},
			[
				...['Every Day', '6', '30'],
				...['Every Few Hours or Minutes', '15', 'Minutes'],
				...['Custom (Cron)', '0 0 6 * * 1-5'],
			],
		],
	])(
		'show only the fields that the Safety Check mode %s needs',
		async (name, parameters, shown) => {
			await editor.openPanel(await scene.draft({ projectIds: [CLINIC.id], ...parameters }));

			const fields = editor.at('fixed-collection-pollTimes').locator('input:visible');
			await fields.first().waitFor();
			const values = (await fields.all()).map(async (field) => await field.inputValue());
			expect(await Promise.all(values)).toEqual(shown);
			await screenshot(`safety-check-${name.replace(/ /g, '-')}`);
		},
	);

	test('show an error that says what to do', async () => {
		const node = actionNode(scene.credential, {
			...{ resource: 'hook', operation: 'create', destinationUrl: URL_A },
			...{ scope: 'project', projectId: selected(CLINIC.id), namespace: 'My Flows' },
		});
		await editor.openPanel(await scene.add({ name: 'An error', nodes: [node] }));

		await editor.executeStep();

		const message =
			/"My Flows" is not a valid namespace.*digits and dashes, for example "my-flows"/;
		await editor.at('output-panel').getByText(message).first().waitFor();
		await screenshot('error');
	});

	test('say in the lists that a company must be selected first', async () => {
		const companyId = '';
		const { credential } = await Scene.set(scene.rest, scene.control, 'v2.0', {
			companyId,
			// n8n saves no service account without one.
			grantType: 'authorizationCode',
		});
		const message =
			'No company selected. Select one in Company or set Company ID in the credential.';
		const parameters = { companyId: undefined, resource: 'trigger', operation: 'create' };
		const action = actionNode(credential, parameters);
		await editor.openPanel(await scene.add({ name: 'No company', nodes: [action] }));

		expect(await editor.openList('eventType')).toEqual([message]);
		await editor.closeChoices();
		await editor.clickLocator('resourceName');
		await editor.at('rlc-error-container').getByText(message).waitFor();
		await editor.closeChoices();
		await editor.clickLocator('projectId');
		await editor.at('rlc-error-container').getByText(message).waitFor();
		await screenshot('no-company-1-action');

		const trigger = triggerNode(credential, { companyId: undefined });
		await editor.openPanel(await scene.add({ name: 'No company', nodes: [trigger] }));
		expect(await editor.openList('events')).toEqual([message]);
		await screenshot('no-company-2-trigger');
	});

	test('say in a list why Procore refuses it, and beside a filled field in the tooltip', async () => {
		const { control } = scene;
		const reason = /Give the app the permission "Webhooks API" at level Standard/;
		await control.setPermissions({ companyId: COMPANY.id, webhooks: 'none' });
		try {
			const parameters = { scope: 'projects', projectIds: [CLINIC.id] };
			await editor.openPanel(await scene.draft({ ...parameters, events: [] }));
			expect(await editor.openList('events')).toEqual([expect.stringMatching(reason)]);
			await screenshot('refused-1-new');

			const filled = await scene.draft({ ...parameters, events: ['RFIs:update'] });
			await editor.openWorkflow(filled);
			await editor.canvasNode(filled.nodes[0]?.name ?? '').dblclick();
			const field = editor.at('parameter-input-events');
			await field.locator('input[value="Error fetching options from Procore Trigger"]').waitFor();
			await field.locator('[data-test-id="parameter-issues"]').hover();
			await page.getByText(reason).first().waitFor();
			await screenshot('refused-2-filled');
		} finally {
			await control.setPermissions({ companyId: COMPANY.id, webhooks: 'standard' });
		}
	});

	test('ask for users by name, and for a value in the other filters of the trigger', async () => {
		const conditions = [
			{ field: 'source_user_id', operator: 'isOneOf' },
			{ field: 'source_project_id', operator: 'isOneOf', value: CLINIC.id },
		];
		await editor.openPanel(await scene.draft({ projectIds: [CLINIC.id], filters: { conditions } }));

		const shown = async (label: string) =>
			await editor.at('fixed-collection-filters').getByText(label, { exact: true }).count();
		await page.getByText('Users Not Listed (IDs)', { exact: true }).waitFor();
		expect(await shown('Field')).toBe(2);
		expect(await shown('User Names or IDs')).toBe(1);
		expect(await shown('Users Not Listed (IDs)')).toBe(1);
		expect(await shown('Value')).toBe(1);
		await screenshot('filters');
	});

	test.each(['get', 'getFiles'])(
		'open the list of Resource Name at the first click on Fixed, without an event, in Record: %s',
		async (operation) => {
			const node = recordNode(scene.credential, { operation });
			await editor.openPanel(await scene.add({ name: `Record ${operation}`, nodes: [node] }));

			await editor.fix('resourceName');
			expect(await editor.choices(editor.locatorChoices)).toEqual(
				expect.arrayContaining(['RFIs (RFI, request for information)', 'Departments']),
			);
			await screenshot(`record-${operation}-1-fixed`);
			const photos = 'Images (photo, image, picture)';
			await editor.searchInLocator('photo', [photos]);
			await editor.locatorChoices.click();

			const field = editor
				.at('resource-locator-resourceName')
				.locator('[data-test-id="rlc-input"]');
			expect(await field.inputValue()).toBe(photos);
			await screenshot(`record-${operation}-2-resource`);
		},
	);

	test('open on Record: Get as the tool of an AI agent, and let the model define which record to read', async () => {
		const { credentials } = recordNode(scene.credential);
		const tool = { name: 'Read Record', type: `${ACTION_TYPE}Tool`, credentials };
		const agent = { name: 'Agent', type: '@n8n/n8n-nodes-langchain.agent', typeVersion: 2.2 };
		const connections = {
			[tool.name]: { ai_tool: [[{ node: agent.name, type: 'ai_tool', index: 0 }]] },
		};
		const nodes = [tool, agent];
		await editor.openPanel(await scene.add({ name: 'A tool', nodes, connections }));

		expect(await editor.valueOf('resource')).toBe('Record');
		expect(await editor.valueOf('operation')).toBe('Get');
		for (const parameter of ['resourceName', 'recordId', 'companyId', 'projectId']) {
			await editor.letModelDefine(parameter);
		}
		await screenshot('tool-filled-by-model');
	});

	test('require nothing to fill in for Record: Get behind a trigger', async () => {
		const workflow = await scene.draft(
			{ scope: 'projects', projectIds: [CLINIC.id], events: ['RFIs:update'] },
			undefined,
			// As added from n8n's list of nodes, before anything is selected.
			recordNode(scene.credential, { resource: undefined, operation: undefined }),
		);
		await editor.openPanel(workflow, RECORD);

		await editor.openList('resource');
		await editor.choose('Record');
		for (const [parameter, expression] of [
			['resourceName', '{{ $json.resource_name ?? $json.resource_type }}'],
			['recordId', '{{ $json.resource_id }}'],
			['companyId', '{{ $json.company_id }}'],
			['projectId', '{{ $json.project_id }}'],
		] as const) {
			const input = editor.at(`parameter-input-${parameter}`).filter({ hasText: expression });
			expect(await input.count()).toBeGreaterThan(0);
		}
		await screenshot('record-1-selected');

		await editor.executeStep();
		await waitFor(
			'the test hook to have its trigger',
			async () => ((await scene.hooks())[0]?.triggers.length === 1 ? true : undefined),
			30_000,
		);
		await scene.fire({ ...change, record: { subject: 'Door moved to grid D5' } });
		await editor.at('output-panel').getByText('Door moved to grid D5').first().waitFor();
		await screenshot('record-2-executed');
		await scene.hooksBecome(0);

		await editor.at('parameter-input-companyId').locator('.cm-content').click();
		await page.getByText(COMPANY.id, { exact: true }).first().waitFor();
		await screenshot('record-3-company-resolved');
		await editor.closeChoices();
		await editor.at('collection-parameter-add').last().click();
		expect(await editor.choices(editor.openChoices)).toEqual([
			'Add Names and Link',
			'If Record Is Missing',
			'Wait for Change',
			'Maximum Wait (Seconds)',
		]);
		await screenshot('record-4-options');
	});
});
