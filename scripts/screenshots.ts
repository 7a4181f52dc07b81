/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
// Takes the screenshots for the documentation: drives n8n's editor in Chromium against the emulator.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { credentialData } from '../test/e2e/credentials';
import { Editor } from '../test/e2e/editor';
import { ExecutionsTab } from '../test/e2e/executions-tab';
import { openPage } from '../test/e2e/pages';
import { CLINIC, COMPANY } from '../test/e2e/procore';
import { Scene } from '../test/e2e/scene';
import { ACTION_TYPE, actionNode, selected, TRIGGER_TYPE } from '../test/e2e/workflows';
import { closeBrowsers, openBrowser } from '../test/harness/browser';
import { startEmulatorProcess } from '../test/harness/emulator-process';
import { listAt, parseObject, textAt, type JsonObject } from '../test/harness/json';
import { ensureN8n } from '../test/harness/n8n-install';
import { startN8n } from '../test/harness/n8n-instance';
import { workflowDraftOf, type WorkflowDraft, type WorkflowNode } from '../test/harness/n8n-rest';
import { repositoryRoot } from '../test/harness/paths';
import { killServers } from '../test/harness/server-process';
import { waitFor } from '../test/harness/wait';

const IMAGES = join(repositoryRoot, 'docs', 'images');

/** As a user would leave it, without the port of this run. */
const CREDENTIAL_NAME = 'Procore account';

/** Messages of n8n that come and go. */
const WITHOUT_MESSAGES = '.el-notification { visibility: hidden; }';

/** Also what the mouse leaves behind. */
const WITHOUT_PASSING = `${WITHOUT_MESSAGES} .el-popper, .n8n-tooltip { visibility: hidden; }`;

/** Also the buttons that float over the right edge of a canvas. */
const WITHOUT_BUTTONS = `${WITHOUT_PASSING} ${[
	'node-creator-plus',
	'command-bar',
	'add-sticky',
	'toggle-focus-panel',
	'instance-ai-canvas-action',
]
	.map((name) => `[data-test-id="${name}-button"]`)
	.join(', ')} { visibility: hidden; }`;

/** The size of the window, in pixels. */
const SIZE = { width: 1280, height: 800 };

const NOTE_TYPE = 'n8n-nodes-base.stickyNote';

/** A selection as the editor stores it: with the name that was shown. */
const COMPANY_CHOICE = { ...selected(COMPANY.id), cachedResultName: COMPANY.name };
const PROJECT_CHOICE = { ...selected(CLINIC.id), cachedResultName: CLINIC.name };

const RFI_CHANGE = {
	companyId: COMPANY.id,
	projectId: CLINIC.id,
	resourceName: 'RFIs',
	eventType: 'update',
} as const;

/** Pixels around the nodes of a canvas; their names are below them, and a plus is behind the last. */
const MARGIN = 75;

/** @param style for the screenshot, for example to hide messages that come and go */
async function savePanel(page: Page, name: string, style = WITHOUT_PASSING): Promise<void> {
	await page.mouse.move(0, 0);
	await page
		.locator('[data-test-id="ndv"]')
		.first()
		.screenshot({
			path: join(IMAGES, `${name}.png`),
			animations: 'disabled',
			style,
		});
}

async function saveCanvas(editor: Editor, names: string[], name: string): Promise<void> {
	await editor.page.mouse.move(0, 0);
	const boxes = await Promise.all(
		names.map(async (one) => await editor.canvasNode(one).boundingBox()),
	);
	const edges = boxes.flatMap((box) => (box === null ? [] : [box]));
	const left = Math.min(...edges.map(({ x }) => x)) - MARGIN;
	const top = Math.min(...edges.map(({ y }) => y)) - MARGIN;
	const right = Math.max(...edges.map(({ x, width }) => x + width)) + MARGIN;
	const bottom = Math.max(...edges.map(({ y, height }) => y + height)) + MARGIN;
	await editor.page.screenshot({
		path: join(IMAGES, `${name}.png`),
		clip: { x: left, y: top, width: right - left, height: bottom - top },
		animations: 'disabled',
		style: WITHOUT_BUTTONS,
	});
}

/**
 * An example's nodes without its notes, with the credential and a project selected.
 *
 * @param isShown whether the picture has a node of this name; notes are never shown
 */
async function exampleDraft(
	file: string,
	{ credential }: Scene,
	isShown: (name: string) => boolean = () => true,
): Promise<WorkflowDraft> {
	const path = join(repositoryRoot, 'examples', file);
	const draft = workflowDraftOf(parseObject(await readFile(path, 'utf8')));
	const credentials = { [credential.type]: { id: credential.id, name: CREDENTIAL_NAME } };
	const nodes = draft.nodes
		.filter(({ name, type }) => type !== NOTE_TYPE && isShown(name))
		.map((node): WorkflowNode => {
			if (node.type === ACTION_TYPE) return { ...node, credentials };
			if (node.type !== TRIGGER_TYPE) return node;
			const parameters = { ...node.parameters, companyId: COMPANY_CHOICE, projectIds: [CLINIC.id] };
			return { ...node, credentials, parameters };
		});
	const connections = Object.fromEntries(
		Object.entries(draft.connections ?? {})
			.filter(([name]) => isShown(name))
			.map(([name, outputs]) => [
				name,
				{
					main: listAt(outputs, 'main').map((targets) =>
						Array.isArray(targets)
							? targets.filter((target) => isShown(textAt(target, 'node') ?? ''))
							: [],
					),
				},
			]),
	);
	return { ...draft, nodes, connections };
}

/** What a run of the example of a changed RFI goes through. */
const RFI_PATH = ['Procore Trigger', 'Changed RFI', 'Write Message'];

/** Also where an RFI goes that cannot be read. The other nodes send the message. */
const RFI_NODES = [...RFI_PATH, 'Not Read'];

async function rfiDraft(scene: Scene): Promise<WorkflowDraft> {
	return await exampleDraft('rfi-event.json', scene, (name) => RFI_NODES.includes(name));
}

/** The example of a changed RFI after a run: its canvas, and the panels of its nodes. */
async function pictureExample(editor: Editor, scene: Scene): Promise<void> {
	const draft = await rfiDraft(scene);
	const names = draft.nodes.map(({ name }) => name);
	await editor.openWorkflow(await scene.add(draft));
	await editor.at('execute-workflow-button').first().click();
	await untilHooked(scene, 2);
	await scene.fire(RFI_CHANGE);
	for (const name of RFI_PATH) {
		await editor.canvasNode(name).locator('[data-test-id="canvas-node-status-success"]').waitFor();
	}
	await editor
		.at('edge-label')
		.getByText('1 item')
		.nth(RFI_PATH.length - 2)
		.waitFor();
	await saveCanvas(editor, names, 'workflow');

	for (const [node, image, field] of [
		['Procore Trigger', 'trigger', 'id'],
		['Changed RFI', 'record', 'id'],
		['Write Message', 'message', 'message'],
	] as const) {
		await editor.canvasNode(node).dblclick();
		await editor.at('ndv').first().waitFor();
		await editor.at('output-panel').getByText(field, { exact: true }).first().waitFor();
		// While the list of events is loading, its input is disabled.
		await editor
			.at('parameter-input-events')
			.locator('input:disabled')
			.waitFor({ state: 'detached' });
		await savePanel(editor.page, image);
		if (image === 'trigger') {
			await editor.openList('events');
			await savePanel(editor.page, 'events', WITHOUT_MESSAGES);
			await editor.closeChoices();
		}
		await editor.closePanel();
	}
	await scene.clear();
}

/** A run of a published workflow in the list of executions. */
async function pictureExecution(editor: Editor, scene: Scene): Promise<void> {
	const draft = await rfiDraft(scene);
	const workflow = await scene.rest.activate((await scene.add(draft)).id);
	for (let run = 1; run <= 3; run += 1) {
		await scene.fire(RFI_CHANGE);
		await scene.executions(workflow.id, run);
	}
	await editor.openWorkflow(workflow);
	await new ExecutionsTab(editor).open();
	await editor
		.at('canvas-node-status-success')
		.nth(RFI_PATH.length - 1)
		.waitFor();
	await editor.page.mouse.move(0, 0);
	await editor.page.screenshot({
		path: join(IMAGES, 'execution.png'),
		animations: 'disabled',
		style: WITHOUT_PASSING,
	});
	await scene.clear();
}

/** The filled-in form of a credential for a service account. */
async function pictureCredential(editor: Editor): Promise<void> {
	await editor.page.setViewportSize({ width: SIZE.width, height: 1250 });
	await editor.openNewWorkflow();
	await editor.addNode('Procore', 'On new Procore event');
	const form = await editor.openNewCredential();
	await form.choose('grantType', 'Client Credentials');
	await form.choose('environment', 'Developer Sandbox');
	// Looks like a client id, but belongs to nobody.
	await form.fill({ clientId: '3f'.repeat(32), clientSecret: 'nobody', companyId: COMPANY.id });
	await form.form.getByText('Procore OAuth2 API').click();
	// The form scrolls; this is the first field that a user fills in.
	await form.form.getByText('Grant Type', { exact: true }).scrollIntoViewIfNeeded();
	await editor.page.mouse.move(0, 0);
	await form.form.screenshot({
		path: join(IMAGES, 'credential.png'),
		animations: 'disabled',
		style: WITHOUT_PASSING,
	});
	await editor.page.setViewportSize(SIZE);
}

/** The output of Delivery: Summarize for a hook whose events did not all arrive. */
async function pictureReport(editor: Editor, scene: Scene): Promise<void> {
	const { id } = await scene.activate({
		...{ scope: 'projects', projectIds: [CLINIC.id], events: ['RFIs:update'] },
		namespace: 'larkspur-flows',
	});
	const [hook] = await scene.hooksBecome(1);
	// The URL of this run changes every time.
	const destinationUrl = 'https://n8n.larkspur.example/webhook/5d0c/procore';
	await scene.control.editHook(hook?.id ?? '', { destinationUrl });
	await scene.control.addDeliveries(hook?.id ?? '', {
		count: 60,
		statuses: ['succeeded', 'succeeded', 'failed', 'discarded'],
		resourceNames: ['RFIs', 'Submittals'],
	});
	await openAction(editor, scene, 'Failed deliveries', {
		...{ resource: 'delivery', operation: 'summarize', scope: 'project' },
		...{ projectId: PROJECT_CHOICE, namespace: 'larkspur-flows' },
	});
	await editor.executeStep();
	await editor.at('output-panel').getByText('JSON', { exact: true }).click();
	await editor.at('output-panel').getByText('by_outcome').first().waitFor();
	await savePanel(editor.page, 'report');
	await scene.rest.deactivate(id);
	await scene.clear();
}

/** An error message of the node. */
async function pictureError(editor: Editor, scene: Scene): Promise<void> {
	await openAction(editor, scene, 'Create hook', {
		...{ resource: 'hook', operation: 'create', scope: 'project', projectId: PROJECT_CHOICE },
		...{ destinationUrl: 'https://erp.larkspur.example/procore', namespace: 'My Flows' },
	});
	await editor.executeStep();
	await editor.at('output-panel').getByText('is not a valid namespace').first().waitFor();
	await editor.at('node-execute-button').getByText('Execute step').first().waitFor();
	await savePanel(editor.page, 'error');
	await scene.clear();
}

async function openAction(
	editor: Editor,
	scene: Scene,
	name: string,
	parameters: JsonObject,
): Promise<void> {
	const reference = { id: scene.credential.id, name: CREDENTIAL_NAME };
	const node = { ...actionNode(reference, { companyId: COMPANY_CHOICE, ...parameters }), name };
	await editor.openPanel(await scene.add({ name, nodes: [node] }));
}

/** The canvases of the imported examples. */
async function pictureCanvases(editor: Editor, scene: Scene): Promise<void> {
	for (const name of ['daily-failed-deliveries', 'provision-projects', 'clean-up-hooks']) {
		const draft = await exampleDraft(`${name}.json`, scene);
		await editor.openWorkflow(await scene.add(draft));
		await saveCanvas(
			editor,
			draft.nodes.map((node) => node.name),
			name,
		);
	}
	await scene.clear();
}

async function untilHooked(scene: Scene, triggers: number): Promise<void> {
	await waitFor(
		'the hook to have its triggers',
		async () => ((await scene.hooks())[0]?.triggers.length === triggers ? true : undefined),
		30_000,
	);
}

async function main(): Promise<void> {
	await mkdir(IMAGES, { recursive: true });
	const install = await ensureN8n({ log: (line) => process.stdout.write(`${line}\n`) });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({ install, packageRoot: repositoryRoot });
	try {
		const page = await openPage(await openBrowser(), n8n);
		await page.setViewportSize(SIZE);
		const editor = new Editor(page, n8n.url);
		await pictureCredential(editor);
		const scene = await Scene.set(n8n.rest, emulator.control, 'v2.0');
		await n8n.rest.updateCredential(
			{ ...scene.credential, name: CREDENTIAL_NAME },
			await credentialData(emulator.control, 'v2.0'),
		);
		await pictureExample(editor, scene);
		await pictureExecution(editor, scene);
		await pictureReport(editor, scene);
		await pictureError(editor, scene);
		await pictureCanvases(editor, scene);
	} finally {
		await closeBrowsers();
		await n8n.dispose();
		await emulator.stop();
		await killServers();
	}
}

void main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
