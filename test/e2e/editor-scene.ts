import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { Editor } from './editor';
import { openPage, saveScreenshot } from './pages';
import { Scene } from './scene';

/** A scene on Webhooks API v2.0, with n8n's editor open in a browser. */
export class EditorScene {
	private constructor(
		readonly scene: Scene,
		readonly page: Page,
		readonly editor: Editor,
		private readonly browser: Browser,
		private readonly stack: Stack<SharedN8n>,
	) {}

	static async open(): Promise<EditorScene> {
		const stack = await startStack();
		const scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
		const browser = await openBrowser();
		const page = await openPage(browser, stack.n8n);
		return new EditorScene(scene, page, new Editor(page, stack.n8n.url), browser, stack);
	}

	/** Saves a screenshot, which shows why a test failed, and clears the scene. */
	async endTest(): Promise<void> {
		await saveScreenshot(this.page, `end-of-${expect.getState().currentTestName ?? ''}`);
		await this.scene.clear();
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.stack.stop();
	}
}
