import type { Page } from 'playwright-core';
import { URL_A } from './actions';
import type { Editor } from './editor';
import { EditorScene } from './editor-scene';
import { saveScreenshot } from './pages';
import { CLINIC, DEPOT } from './procore';
import type { Scene } from './scene';
import { actionNode, selected } from './workflows';

describe('Panels that decide what happens to a hook', () => {
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

	test('keep rare options of the trigger in Options, where each choice says what it does', async () => {
		const parameters = { scope: 'projects', projectIds: [CLINIC.id], events: ['RFIs:update'] };
		await editor.openPanel(await scene.draft(parameters));
		await editor.at('parameter-input-events').waitFor();
		for (const option of ['whenUnpublished', 'reportProblems', 'renewSecret']) {
			expect(await editor.at(`parameter-input-${option}`).count()).toBe(0);
		}
		await editor.at('collection-parameter-add').last().click();
		expect(await editor.choices(editor.openChoices)).toEqual(
			expect.arrayContaining(['Renew Secret', 'Report Problems', 'When Unpublished']),
		);
		await saveScreenshot(page, 'hooks-1-add-option');

		const options = { whenUnpublished: 'keepHook', reportProblems: true, renewSecret: '' };
		await editor.openPanel(await scene.draft({ ...parameters, options }));
		expect(await editor.openList('whenUnpublished')).toEqual(['Keep Hook', 'Remove Hook']);
		// The editor cuts off what does not fit two lines, but the page has the whole text.
		await page.getByText(/outlives a deleted workflow\.$/).waitFor();
		await saveScreenshot(page, 'hooks-2-when-unpublished');
		await editor.closeChoices();
		await editor.at('parameter-input-whenUnpublished').scrollIntoViewIfNeeded();
		await saveScreenshot(page, 'hooks-3-options');
	});

	test('show what Check Health found', async () => {
		for (const project of [CLINIC.id, DEPOT.id]) {
			await scene.activate({ scope: 'projects', projectIds: [project], events: ['RFIs:update'] });
		}
		const [first] = await scene.hooks();
		await scene.control.editHook(first?.id ?? '', { status: 'disabled' });
		const node = actionNode(scene.credential, { resource: 'hook', operation: 'check' });
		await editor.openPanel(await scene.add({ name: 'Check Health', nodes: [node] }));
		await saveScreenshot(page, 'hooks-4-check-health');

		await editor.executeStep();
		await editor.at('output-panel').getByText('disabled', { exact: true }).first().waitFor();
		await saveScreenshot(page, 'hooks-5-check-health-output');
	});

	test('show what Dry Run would do', async () => {
		const node = actionNode(scene.credential, {
			...{ resource: 'hook', operation: 'upsert', destinationUrl: URL_A, namespace: 'my-flows' },
			...{ scope: 'project', projectId: selected(CLINIC.id), dryRun: true },
		});
		await editor.openPanel(await scene.add({ name: 'Dry Run', nodes: [node] }));
		await saveScreenshot(page, 'hooks-6-dry-run');
		await editor.executeStep();
		await editor.at('output-panel').getByText('would', { exact: true }).first().waitFor();
		expect(await scene.hooks()).toEqual([]);
		await saveScreenshot(page, 'hooks-7-dry-run-output');
	});

	test("show events as they are sent, with their answers, on the emulator's page, by keyboard alone", async () => {
		const hook = await scene.activate({
			scope: 'projects',
			projectIds: [CLINIC.id],
			events: ['RFIs:create'],
		});
		await page.goto(scene.control.url);
		await page.getByLabel('Project', { exact: true }).selectOption(CLINIC.id);
		const rows = page.getByRole('region', { name: 'Latest events' }).locator('tbody tr');

		await page.getByRole('button', { name: 'RFI create' }).focus();
		await page.keyboard.press('Enter');
		await rows
			.filter({ hasText: 'RFIs: create' })
			.getByText(/ delivered .*\b200$/)
			.waitFor();
		await page.getByRole('status').getByText('RFIs create: delivered, answered 200').waitFor();
		expect(await scene.executions(hook.id, 1)).toHaveLength(1);

		await page.getByRole('button', { name: 'RFI update' }).focus();
		await page.keyboard.press('Enter');
		await rows.first().getByText('No hook subscribes to it').waitFor();
		await saveScreenshot(page, 'emulator-page');
	});
});
