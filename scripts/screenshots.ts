/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
// Makes the pictures that the documentation shows: drives n8n's editor in Chromium against the emulator.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { credentialData } from '../test/e2e/credentials';
import { Editor } from '../test/e2e/editor';
import { openPage } from '../test/e2e/pages';
import { CLINIC, COMPANY } from '../test/e2e/procore';
import { Scene } from '../test/e2e/scene';
import { ACTION_TYPE, chosen, TRIGGER_TYPE } from '../test/e2e/workflows';
import { closeBrowsers, openBrowser } from '../test/harness/browser';
import { startEmulatorProcess } from '../test/harness/emulator-process';
import { parseObject } from '../test/harness/json';
import { ensureN8n } from '../test/harness/n8n-install';
import { startN8n } from '../test/harness/n8n-instance';
import { workflowDraftOf, type WorkflowNode } from '../test/harness/n8n-rest';
import { repositoryRoot } from '../test/harness/paths';
import { killServers } from '../test/harness/server-process';
import { waitFor } from '../test/harness/wait';

const IMAGES = join(repositoryRoot, 'docs', 'images');

/** As a person would leave it, and without the port of this run. */
const CREDENTIAL_NAME = 'Procore account';

/** Messages of n8n that come and go, and what a mouse leaves behind. */
const WITHOUT_PASSING = '.el-notification, .el-popper, .n8n-tooltip { visibility: hidden; }';

/** Pixels around the nodes of a canvas; their names stand below them. */
const MARGIN = 70;

async function savePanel(page: Page, name: string): Promise<void> {
	await page.mouse.move(0, 0);
	await page
		.locator('[data-test-id="ndv"]')
		.first()
		.screenshot({
			path: join(IMAGES, `${name}.png`),
			animations: 'disabled',
			style: WITHOUT_PASSING,
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
		style: WITHOUT_PASSING,
	});
}

/** The example's nodes, without its notes, with the credential and a project chosen. */
async function exampleDraft({ credential }: Scene) {
	const path = join(repositoryRoot, 'examples', 'rfi-event.json');
	const draft = workflowDraftOf(parseObject(await readFile(path, 'utf8')));
	const credentials = { [credential.type]: { id: credential.id, name: CREDENTIAL_NAME } };
	const nodes = draft.nodes
		.filter(({ type }) => [TRIGGER_TYPE, ACTION_TYPE, 'n8n-nodes-base.set'].includes(type))
		.map((node): WorkflowNode => {
			if (node.type === ACTION_TYPE) return { ...node, credentials };
			if (node.type !== TRIGGER_TYPE) return node;
			const companyId = { ...chosen(COMPANY.id), cachedResultName: COMPANY.name };
			const parameters = { ...node.parameters, companyId, projectIds: [CLINIC.id] };
			return { ...node, credentials, parameters };
		});
	return { ...draft, nodes };
}

async function main(): Promise<void> {
	await mkdir(IMAGES, { recursive: true });
	const install = await ensureN8n({ log: (line) => process.stdout.write(`${line}\n`) });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({ install, packageRoot: repositoryRoot });
	try {
		const scene = await Scene.set(n8n.rest, emulator.control, 'v2.0');
		await n8n.rest.updateCredential(
			{ ...scene.credential, name: CREDENTIAL_NAME },
			await credentialData(emulator.control, 'v2.0'),
		);
		const page = await openPage(await openBrowser(), n8n);
		await page.setViewportSize({ width: 1280, height: 800 });
		const editor = new Editor(page, n8n.url);
		const draft = await exampleDraft(scene);
		const names = draft.nodes.map(({ name }) => name);
		const workflow = await scene.add(draft);

		await editor.openWorkflow(workflow);
		await editor.at('execute-workflow-button').first().click();
		await waitFor(
			'the test hook to have its triggers',
			async () => ((await scene.hooks())[0]?.triggers.length === 2 ? true : undefined),
			30_000,
		);
		await scene.fire({
			companyId: COMPANY.id,
			projectId: CLINIC.id,
			resourceName: 'RFIs',
			eventType: 'update',
			record: { subject: 'Door moved to grid D5' },
		});
		for (const name of names) {
			await editor
				.canvasNode(name)
				.locator('[data-test-id="canvas-node-status-success"]')
				.waitFor();
		}
		await saveCanvas(editor, names, 'workflow');

		for (const [node, image] of [
			['Procore Trigger', 'trigger'],
			['Changed RFI', 'record'],
		] as const) {
			await editor.canvasNode(node).dblclick();
			await editor.at('ndv').first().waitFor();
			await editor.at('output-panel').getByText('id', { exact: true }).first().waitFor();
			// While the list of events is being fetched, its input is disabled.
			await editor
				.at('parameter-input-events')
				.locator('input:disabled')
				.waitFor({ state: 'detached' });
			await savePanel(page, image);
			await editor.at('ndv-close-button').click();
			await editor.at('ndv').first().waitFor({ state: 'hidden' });
		}
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
