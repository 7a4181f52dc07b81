/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import { parseObject } from '../harness/json';
import { workflowDraftOf, type Workflow } from '../harness/n8n-rest';
import { repositoryRoot } from '../harness/paths';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { URL_A } from './actions';
import { openPage } from './pages';
import { CLINIC, COMPANY, DEPOT, SCOPES } from './procore';
import { Scene } from './scene';
import {
	ACTION_TYPE,
	actionNode,
	chosen,
	RECORD,
	recordNode,
	TRIGGER_TYPE,
	triggerNode,
} from './workflows';

const SCREENSHOTS = process.env.SCREENSHOT_DIR ?? join(tmpdir(), 'n8n-nodes-procore-screenshots');

/** Pixels around the nodes of a canvas; their names stand below them. */
const MARGIN = 70;

/** The default of the action node's parameter. */
const NAMESPACE = 'procore';

describe('Panels in the n8n editor', () => {
	const [, { change }] = SCOPES;
	let stack: Stack<SharedN8n>;
	let scene: Scene;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		await mkdir(SCREENSHOTS, { recursive: true });
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
		browser = await openBrowser();
		page = await openPage(browser, stack.n8n);
	});

	// What there was to see when a test failed.
	afterEach(async () => {
		await screenshot(`end-of-${expect.getState().currentTestName?.replace(/\W+/g, '-')}`);
		await scene.clear();
	});

	afterAll(async () => {
		await browser.close();
		await stack.stop();
	});

	function at(testId: string): Locator {
		return page.locator(`[data-test-id="${testId}"]`);
	}

	/** Opens the panel of a node, of the first one unless named. */
	async function openPanel({ id, nodes }: Workflow, name = nodes[0]?.name): Promise<void> {
		const node = nodes.find((one) => one.name === name);
		await page.goto(`${stack.n8n.url}/workflow/${id}/${node?.id}`);
		await at('ndv').first().waitFor();
	}

	async function screenshot(name: string): Promise<void> {
		await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
	}

	/** The choices of a list that is open, the first line of each, when they have come. */
	async function choices(list: Locator): Promise<string[]> {
		await list.first().waitFor();
		return (await list.allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
	}

	const locatorChoices = () => at('rlc-item');
	const openChoices = () => page.locator('[role="option"]:visible');

	async function openLocator(parameter: string): Promise<void> {
		await at(`resource-locator-${parameter}`).locator('[data-test-id="rlc-input"]').click();
	}

	/** Opens a list of choices; while they are being fetched, its input is disabled. */
	async function openList(parameter: string): Promise<string[]> {
		await openChoices().first().waitFor({ state: 'hidden' });
		await at(`parameter-input-${parameter}`).locator('input:enabled').first().click();
		return await choices(openChoices());
	}

	async function choose(name: string): Promise<void> {
		await openChoices()
			.filter({ has: page.getByText(name, { exact: true }) })
			.click();
	}

	async function closeChoices(): Promise<void> {
		await at('tab-params').click();
	}

	it('fills the pickers of Procore Trigger, and shows a test event', async () => {
		const workflow = await scene.draft({ companyId: undefined });
		await openPanel(workflow);
		await at('parameter-input-events').waitFor();
		await screenshot('trigger-1-new');

		await openLocator('companyId');
		expect(await choices(locatorChoices())).toEqual([COMPANY.name, 'Larkspur Europe GmbH']);
		await screenshot('trigger-2-companies');
		await locatorChoices().filter({ hasText: COMPANY.name }).click();

		expect(await openList('scope')).toEqual(['All Projects', 'Company', 'Projects']);
		await screenshot('trigger-3-scopes');
		await choose('Projects');

		expect(await openList('projectIds')).toEqual([
			DEPOT.name,
			CLINIC.name,
			'MS-107 - Mill Lane School',
			'NQ-021 - North Quay Apartments',
		]);
		await screenshot('trigger-4-projects');
		await choose(CLINIC.name);
		await closeChoices();

		const events = await openList('events');
		expect(events).toEqual(
			expect.arrayContaining(['RFIs created', 'RFIs updated', 'Submittals deleted']),
		);
		expect(events).not.toContain('Offices created');
		await screenshot('trigger-5-events');
		await choose('RFIs updated');
		await closeChoices();
		await screenshot('trigger-6-filled');

		await at('node-execute-button').first().click();
		await page.getByText('Listening for test event').waitFor();
		await screenshot('trigger-7-listening');
		await waitFor(
			'the test hook to have its trigger',
			async () => ((await scene.hooks())[0]?.triggers.length === 1 ? true : undefined),
			30_000,
		);
		const event = await scene.fire(change);
		await at('output-panel').getByText(event.id).first().waitFor();
		await screenshot('trigger-8-test-event');
		await scene.hooksBecome(0);
	});

	it('fills the pickers of Procore', async () => {
		const hooked = await scene.activate({
			scope: 'projects',
			projectIds: [CLINIC.id],
			namespace: NAMESPACE,
			events: ['RFIs:update'],
		});
		const node = actionNode(scene.credential, { companyId: undefined });
		const workflow = await scene.rest.createWorkflow({ name: 'Procore panel', nodes: [node] });
		await openPanel(workflow);
		await screenshot('action-1-new');

		expect(await openList('resource')).toEqual(
			expect.arrayContaining(['Delivery', 'Hook', 'Trigger']),
		);
		await screenshot('action-2-resources');
		await choose('Delivery');

		await openLocator('companyId');
		expect(await choices(locatorChoices())).toEqual([COMPANY.name, 'Larkspur Europe GmbH']);
		await screenshot('action-3-companies');
		await locatorChoices().filter({ hasText: COMPANY.name }).click();

		await openLocator('projectId');
		expect(await choices(locatorChoices())).toEqual(
			expect.arrayContaining([CLINIC.name, DEPOT.name]),
		);
		await screenshot('action-4-projects');
		await locatorChoices().filter({ hasText: CLINIC.name }).click();

		await openLocator('hookId');
		const hook = `${scene.url(hooked)} (${NAMESPACE})`;
		expect(await choices(locatorChoices())).toEqual([hook]);
		await screenshot('action-5-hooks');
		await locatorChoices().first().click();
		await screenshot('action-6-filled');
	});

	/** The names of the parameters that the open panel shows, in its order. */
	async function shownParameters(): Promise<string[]> {
		const ids = await page
			.locator('[data-test-id^="parameter-input-"]:visible')
			.evaluateAll((inputs) => inputs.map((input) => input.getAttribute('data-test-id') ?? ''));
		const names = new Set(ids.map((id) => id.replace('parameter-input-', '')));
		// The part of a text parameter that is typed into.
		names.delete('field');
		return [...names].slice(['resource', 'operation'].length);
	}

	it('asks in the panel of each resource for what that needs, from the company down', async () => {
		const list = ['returnAll', 'limit', 'simplify'];
		const scope = ['companyId', 'scope', 'projectId'];
		const hook = [...scope, 'namespace', 'hookId'];
		const panels: Array<[resource: string, operation: string, parameters: string[]]> = [
			['Company', 'Get Many', list],
			['Project', 'Get Many', ['companyId', ...list]],
			['Webhook Resource', 'Get Many', [...scope, 'payloadVersion', ...list]],
			['Hook', 'Update', [...hook, 'simplify']],
			['Trigger', 'Sync', [...hook, 'events']],
			['Delivery', 'Get Missed Events', [...hook, ...list]],
		];
		const node = actionNode(scene.credential, { companyId: undefined });
		await openPanel(await scene.add({ name: 'Panels of the resources', nodes: [node] }));

		for (const [resource, operation, parameters] of panels) {
			await openList('resource');
			await choose(resource);
			await openList('operation');
			await choose(operation);
			await openChoices().first().waitFor({ state: 'hidden' });
			expect([resource, await shownParameters()]).toEqual([resource, parameters]);
			await screenshot(`resource-${resource.toLowerCase().replace(' ', '-')}`);
		}
	});

	it.each([
		['a new node', {}, ['Every Few Hours or Minutes', '1', 'Hours']],
		[
			'a stored schedule',
			{
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
				...['At Times of a Cron Expression', '0 0 6 * * 1-5'],
			],
		],
	])(
		'shows of the Safety Check of %s no more than its times need',
		async (name, parameters, shown) => {
			await openPanel(await scene.draft({ projectIds: [CLINIC.id], ...parameters }));

			const fields = at('fixed-collection-pollTimes').locator('input:visible');
			await fields.first().waitFor();
			const values = (await fields.all()).map(async (field) => await field.inputValue());
			expect(await Promise.all(values)).toEqual(shown);
			await screenshot(`safety-check-${name.replace(/ /g, '-')}`);
		},
	);

	it('shows an error with what to do', async () => {
		const node = actionNode(scene.credential, {
			...{ resource: 'hook', operation: 'create', destinationUrl: URL_A },
			...{ scope: 'project', projectId: chosen(CLINIC.id), namespace: 'My Flows' },
		});
		await openPanel(await scene.add({ name: 'An error', nodes: [node] }));

		await at('node-execute-button').first().click();

		const message =
			/namespace "My Flows" is not allowed.*digits and dashes only\. "my-flows" would do/;
		await at('output-panel').getByText(message).first().waitFor();
		await screenshot('error');
	});

	it('says in the pickers that a company has to be chosen first', async () => {
		const companyId = '';
		const { credential } = await Scene.set(scene.rest, scene.control, 'v2.0', { companyId });
		const message = 'Choose a company first, or enter a Company ID in the credential.';
		const parameters = { companyId: undefined, resource: 'trigger', operation: 'create' };
		const action = actionNode(credential, parameters);
		await openPanel(await scene.add({ name: 'No company', nodes: [action] }));

		expect(await openList('resourceName')).toEqual([message]);
		await closeChoices();
		await openLocator('projectId');
		await at('rlc-error-container').getByText(message).waitFor();
		await screenshot('no-company-1-action');

		const trigger = triggerNode(credential, { companyId: undefined });
		await openPanel(await scene.add({ name: 'No company', nodes: [trigger] }));
		expect(await openList('events')).toEqual([message]);
		await screenshot('no-company-2-trigger');
	});

	it('has nothing to fill in for Record: Get behind a trigger', async () => {
		const workflow = await scene.draft(
			{ scope: 'projects', projectIds: [CLINIC.id], events: ['RFIs:update'] },
			undefined,
			// As from n8n's list of nodes, before anything is chosen.
			recordNode(scene.credential, { resource: undefined, operation: undefined }),
		);
		await openPanel(workflow, RECORD);

		await openList('resource');
		await choose('Record');
		for (const [parameter, expression] of [
			['resourceName', '{{ $json.resource_name ?? $json.resource_type }}'],
			['recordId', '{{ $json.resource_id }}'],
			['companyId', '{{ $json.company_id }}'],
			['projectId', '{{ $json.project_id }}'],
		] as const) {
			const input = at(`parameter-input-${parameter}`).filter({ hasText: expression });
			expect(await input.count()).toBeGreaterThan(0);
		}
		await screenshot('record-1-chosen');

		await at('node-execute-button').first().click();
		await waitFor(
			'the test hook to have its trigger',
			async () => ((await scene.hooks())[0]?.triggers.length === 1 ? true : undefined),
			30_000,
		);
		await scene.fire({ ...change, record: { subject: 'Door moved to grid D5' } });
		await at('output-panel').getByText('Door moved to grid D5').first().waitFor();
		await screenshot('record-2-executed');
		await scene.hooksBecome(0);

		await at('parameter-input-companyId').locator('.cm-content').click();
		await page.getByText(COMPANY.id, { exact: true }).first().waitFor();
		await screenshot('record-3-company-resolved');
		await closeChoices();
		await at('collection-parameter-add').last().click();
		expect(await choices(openChoices())).toEqual([
			'If Record Is Missing',
			'Wait for Change',
			'Wait up to (Seconds)',
		]);
		await screenshot('record-4-options');
	});

	it('shows trigger, record and message of the example on the canvas', async () => {
		const path = join(repositoryRoot, 'examples', 'rfi-event.json');
		const draft = workflowDraftOf(parseObject(await readFile(path, 'utf8')));
		const { credentials } = recordNode(scene.credential);
		const nodes = draft.nodes
			.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote')
			.map((node) =>
				[TRIGGER_TYPE, ACTION_TYPE].includes(node.type) ? { ...node, credentials } : node,
			);
		expect(nodes.map(({ name }) => name)).toEqual([
			'Procore Trigger',
			'Changed RFI',
			'Write Message',
		]);
		const { id } = await scene.add({ ...draft, nodes });
		await page.goto(`${stack.n8n.url}/workflow/${id}`);

		const canvasNodes = at('canvas-node');
		for (const { name } of nodes) await canvasNodes.filter({ hasText: name }).first().waitFor();
		expect(await canvasNodes.count()).toBe(nodes.length);
		const boxes = await Promise.all(
			(await canvasNodes.all()).map(async (node) => await node.boundingBox()),
		);
		const edges = boxes.flatMap((box) => (box === null ? [] : [box]));
		const left = Math.min(...edges.map(({ x }) => x)) - MARGIN;
		const top = Math.min(...edges.map(({ y }) => y)) - MARGIN;
		const right = Math.max(...edges.map(({ x, width }) => x + width)) + MARGIN;
		const bottom = Math.max(...edges.map(({ y, height }) => y + height)) + MARGIN;
		await page.screenshot({
			path: join(SCREENSHOTS, 'example-rfi-event.png'),
			clip: { x: left, y: top, width: right - left, height: bottom - top },
			animations: 'disabled',
		});
	});
});
