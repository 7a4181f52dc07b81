import { errors, type Locator } from 'playwright-core';
import { waitFor } from '../harness/wait';
import type { Editor } from './editor';

/** The panel with the list of nodes to add. */
export class NodeCreator {
	constructor(private readonly editor: Editor) {}

	/**
	 * Adds the first node of a workflow, or one behind the last.
	 *
	 * @param node to search for and click
	 * @param actions to click one after another in the lists that follow
	 */
	async add(node: string, actions: readonly string[]): Promise<void> {
		await waitFor(`a click on "${node}" in the list of nodes`, () => this.clickNode(node), 90_000);
		for (const action of actions) await this.entry(action).click();
	}

	private entry(name: string): Locator {
		const label = this.editor.page.getByText(name, { exact: true });
		return this.editor.at('item-iterator-item').filter({ has: label }).first();
	}

	/**
	 * Searches the list of nodes for one and clicks it. The list closes if the entry moves away under the mouse while
	 * the search is still narrowing it, so a click that does not arrive starts again.
	 */
	private async clickNode(node: string): Promise<true | undefined> {
		const search = this.editor.at('node-creator-search-bar');
		if (!(await search.isVisible())) {
			const first = this.editor.at('canvas-add-button');
			const another = this.editor.at('canvas-handle-plus').last();
			await ((await first.isVisible()) ? first : another).click();
		}
		await search.fill(node);
		return await this.entry(node)
			.click({ timeout: 10_000 })
			.then(
				() => true as const,
				(error: unknown) =>
					error instanceof errors.TimeoutError ? undefined : Promise.reject(error),
			);
	}
}
