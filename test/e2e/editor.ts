import type { Locator, Page } from 'playwright-core';
import type { Workflow } from '../harness/n8n-rest';

/** n8n's editor as a person sees it: its panels, lists and buttons, found by the marks that n8n gives them. */
export class Editor {
	constructor(
		readonly page: Page,
		/** Of n8n. */
		private readonly url: string,
	) {}

	at(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	/** Opens a workflow's canvas, and waits until it shows all its nodes. */
	async openWorkflow({ id, nodes }: Pick<Workflow, 'id' | 'nodes'>): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		for (const { name } of nodes) await this.canvasNode(name).waitFor();
	}

	canvasNode(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the panel of a node, of the first one unless named. */
	async openPanel({ id, nodes }: Workflow, name = nodes[0]?.name): Promise<void> {
		const node = nodes.find((one) => one.name === name);
		await this.page.goto(`${this.url}/workflow/${id}/${node?.id}`);
		await this.at('ndv').first().waitFor();
	}

	/** The lines of an open resource locator's list. */
	get locatorChoices(): Locator {
		return this.at('rlc-item');
	}

	/** The lines of an open list of choices. */
	get openChoices(): Locator {
		return this.page.locator('[role="option"]:visible');
	}

	/** The choices of a list that is open, the first line of each, when they have come. */
	async choices(list: Locator): Promise<string[]> {
		await list.first().waitFor();
		return (await list.allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
	}

	/** As {@link openLocator}, where no list may come. */
	async clickLocator(parameter: string): Promise<void> {
		await this.at(`resource-locator-${parameter}`).locator('[data-test-id="rlc-input"]').click();
	}

	async openLocator(parameter: string): Promise<string[]> {
		await this.clickLocator(parameter);
		return await this.choices(this.locatorChoices);
	}

	async chooseInLocator(parameter: string, name: string): Promise<void> {
		await this.openLocator(parameter);
		await this.locatorChoices.filter({ hasText: name }).first().click();
	}

	/** Opens a list of choices; while they are being fetched, its input is disabled. */
	async openList(parameter: string): Promise<string[]> {
		await this.openChoices.first().waitFor({ state: 'hidden' });
		await this.at(`parameter-input-${parameter}`).locator('input:enabled').first().click();
		return await this.choices(this.openChoices);
	}

	/** Clicks a line of the list that is open. */
	async choose(name: string): Promise<void> {
		await this.openChoices.filter({ has: this.page.getByText(name, { exact: true }) }).click();
	}

	async chooseIn(parameter: string, name: string): Promise<void> {
		await this.openList(parameter);
		await this.choose(name);
	}

	/** Closes a list that stays open after a choice, by a click beside it. */
	async closeChoices(): Promise<void> {
		await this.at('tab-params').click();
	}

	/** Presses the panel's button that runs its node. */
	async executeStep(): Promise<void> {
		await this.at('node-execute-button').first().click();
	}
}
