/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import type { N8nInstance } from '../harness/n8n-instance';
import { startNpmRegistry, type NpmRegistry } from '../harness/npm-registry';
import { startOwnStack, type Stack } from '../harness/stack';
import { Editor } from './editor';
import { openPage, saveScreenshot } from './pages';
import { SCOPES } from './procore';
import { Scene } from './scene';
import { ACTION_TYPE, RECORD, recordNode, TRIGGER, TRIGGER_TYPE } from './workflows';

const PACKAGE = 'n8n-nodes-procore';

/** The other suites start n8n with the package already in place; here, n8n downloads and installs it. */
describe('The package, installed by a user into an n8n that has never seen it', () => {
	let registry: NpmRegistry;
	let stack: Stack<N8nInstance>;
	let browser: Browser;
	let page: Page;
	let editor: Editor;

	beforeAll(async () => {
		registry = await startNpmRegistry();
		stack = await startOwnStack({ packageRoot: null, env: registry.env });
		browser = await openBrowser();
		page = await openPage(browser, stack.n8n);
		editor = new Editor(page, stack.n8n.url);
	});

	// Shows the state of the editor when a test fails.
	afterEach(async () => {
		await saveScreenshot(page, `installation-end-of-${expect.getState().currentTestName ?? ''}`);
	});

	afterAll(async () => {
		await browser.close();
		await stack.stop();
		await registry.remove();
	});

	async function loadedNodes(): Promise<unknown[]> {
		const types = await stack.n8n.rest.nodeTypes([ACTION_TYPE, TRIGGER_TYPE]);
		return types.map(({ name }) => name);
	}

	/** The folder in which n8n installs packages. */
	function nodeModules(): string {
		return join(stack.n8n.userFolder, '.n8n', 'nodes', 'node_modules');
	}

	test('is listed in the settings with its nodes and version, and installs no other package', async () => {
		expect(await loadedNodes()).toEqual([]);

		await editor.installPackage(PACKAGE);

		const card = editor.at('community-package-card');
		await card.getByText(PACKAGE, { exact: true }).waitFor();
		await saveScreenshot(page, 'installation-1-settings');
		expect((await card.innerText()).split('\n')).toEqual([
			PACKAGE,
			expect.stringMatching(/^2 nodes:\s+Procore,\s*Procore Trigger$/),
			`v${registry.version}`,
		]);
		expect(await readdir(nodeModules())).toEqual([PACKAGE]);
		expect(await readdir(join(nodeModules(), PACKAGE))).not.toContain('node_modules');
	});

	test('offers both nodes in the list of nodes', async () => {
		await editor.openNewWorkflow();
		await editor.addNode('Procore', 'On new Procore event');
		await editor.closePanel();
		await editor.addNode('Procore', 'Get record by ID or from event');
		await saveScreenshot(page, 'installation-2-action');
		await editor.closePanel();

		await editor.canvasNode(TRIGGER).waitFor();
		await editor.canvasNode('Get record by ID or from event').waitFor();
		await saveScreenshot(page, 'installation-3-nodes');
	});

	test('starts a workflow from events, even after n8n has loaded it from that folder', async () => {
		const { n8n, emulator } = stack;
		const [, { parameters, change }] = SCOPES;
		const scene = await Scene.set(n8n.rest, emulator.control, 'v2.0');
		const workflow = await scene.activate(parameters, recordNode(scene.credential));
		const hook = await scene.onlyHook();
		expect(hook.destinationUrl).toBe(scene.url(workflow));

		await scene.fire({ ...change, record: { subject: 'Door moved to grid D5' } });
		await scene.executions(workflow.id, 1);
		await n8n.restart();
		await scene.fire({ ...change, record: { subject: 'Door moved to grid D6' } });
		const runs = await scene.executions(workflow.id, 2);

		expect(runs.map((run) => run.itemsOf(RECORD))).toEqual([
			[expect.objectContaining({ subject: 'Door moved to grid D5' })],
			[expect.objectContaining({ subject: 'Door moved to grid D6' })],
		]);
		expect(await scene.onlyHook()).toEqual(hook);
		await n8n.rest.deleteWorkflow(workflow.id);
		expect(await scene.hooks()).toEqual([]);
	});

	test('leaves nothing behind after it is uninstalled', async () => {
		await stack.n8n.rest.request('DELETE', '/community-packages', { query: { name: PACKAGE } });

		expect(await loadedNodes()).toEqual([]);
		expect(await readdir(nodeModules())).toEqual([]);
	});
});
