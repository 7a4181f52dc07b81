import type { Locator, Page } from 'playwright-core';
import type { Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { CredentialForm } from './credential-form';
import { NodeCreator } from './node-creator';

/** n8n's editor as a user sees it: its panels, lists and buttons, found by n8n's test ids. */
export class Editor {
	constructor(
		readonly page: Page,
		/** The base URL of n8n. */
		private readonly url: string,
	) {}

	at(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	/** Opens a workflow's canvas and waits until it shows all its nodes. */
	async openWorkflow({ id, nodes }: Pick<Workflow, 'id' | 'nodes'>): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		for (const { name } of nodes) await this.canvasNode(name).waitFor();
	}

	canvasNode(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** The message of a failed run in the panel of its node. */
	get errorMessage(): Locator {
		return this.at('output-panel').locator('[data-test-id="node-error-message"]');
	}

	/** Opens the panel of a node, by default the first one. */
	async openPanel({ id, nodes }: Workflow, name = nodes[0]?.name): Promise<void> {
		const node = nodes.find((one) => one.name === name);
		await this.page.goto(`${this.url}/workflow/${id}/${node?.id}`);
		await this.at('ndv').first().waitFor();
	}

	/** The entries in the open list of a resource locator. */
	get locatorChoices(): Locator {
		return this.at('rlc-item');
	}

	/** The entries in the open list of options. */
	get openChoices(): Locator {
		return this.page.locator('[role="option"]:visible');
	}

	/** The options in the open list, the first line of each, once they are loaded. */
	async choices(list: Locator): Promise<string[]> {
		await list.first().waitFor();
		return (await list.allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
	}

	/** Like {@link openLocator}, if there might be no list. */
	async clickLocator(parameter: string): Promise<void> {
		await this.at(`resource-locator-${parameter}`).locator('[data-test-id="rlc-input"]').click();
	}

	async openLocator(parameter: string): Promise<string[]> {
		await this.clickLocator(parameter);
		return await this.choices(this.locatorChoices);
	}

	/** Types into the search of an open resource locator's list and waits for the expected entries. */
	async searchInLocator(text: string, expected: readonly string[]): Promise<void> {
		await this.at('rlc-search')
			.locator('input')
			.or(this.at('rlc-search').and(this.page.locator('input')))
			.fill(text);
		await waitFor(
			`the list to be ${expected.join(', ')} for "${text}"`,
			async () => {
				const lines = (await this.locatorChoices.allInnerTexts()).map((line) => line.trim());
				return JSON.stringify(lines) === JSON.stringify(expected) ? true : undefined;
			},
			15_000,
		);
	}

	async chooseInLocator(parameter: string, name: string): Promise<void> {
		await this.openLocator(parameter);
		await this.locatorChoices.filter({ hasText: name }).first().click();
	}

	/** A parameter in the open panel, with its label and buttons. */
	private parameter(name: string): Locator {
		return this.page
			.locator('.parameter-item, [data-test-id="parameter-item"]')
			.filter({ has: this.at(`parameter-input-${name}`) })
			.last();
	}

	/** What the field of a parameter shows. */
	async valueOf(parameter: string): Promise<string> {
		return await this.at(`parameter-input-${parameter}`).locator('input').last().inputValue();
	}

	/** Switches a parameter from an expression to a fixed value. */
	async fix(parameter: string): Promise<void> {
		await this.parameter(parameter).locator('[data-test-id="radio-button-fixed"]').click();
	}

	/** Lets the model of an AI agent define a parameter of its tool. */
	async letModelDefine(parameter: string): Promise<void> {
		const defined = this.at('fromAI-override-field');
		const before = await defined.count();
		await this.parameter(parameter).locator('[data-test-id="from-ai-override-button"]').click();
		await defined.nth(before).waitFor();
	}

	/** Opens a list of options; its input is disabled while they are loading. */
	async openList(parameter: string): Promise<string[]> {
		await this.openChoices.first().waitFor({ state: 'hidden' });
		await this.at(`parameter-input-${parameter}`).locator('input:enabled').first().click();
		return await this.choices(this.openChoices);
	}

	/** Clicks an entry of the open list. */
	async choose(name: string): Promise<void> {
		await this.openChoices.filter({ has: this.page.getByText(name, { exact: true }) }).click();
	}

	async chooseIn(parameter: string, name: string): Promise<void> {
		await this.openList(parameter);
		await this.choose(name);
	}

	/** Opens a list of options that can be searched, and narrows it down to the only one that is expected. */
	async searchInList(parameter: string, text: string, expected: string): Promise<void> {
		const input = this.at(`parameter-input-${parameter}`).locator('input:enabled').first();
		await this.openChoices.first().waitFor({ state: 'hidden' });
		await input.click();
		await this.openChoices.first().waitFor();
		await input.fill(text);
		await waitFor(
			`the list to be ${expected} for "${text}"`,
			// The whole list has hundreds of options, so their texts are read last.
			async () =>
				(await this.openChoices.count()) === 1 &&
				(await this.openChoices.first().innerText()).trim() === expected
					? true
					: undefined,
			30_000,
		);
	}

	/** Selects a stored credential in the open panel. */
	async chooseCredential(name: string): Promise<void> {
		await this.at('node-credentials-select').click();
		await this.choose(name);
	}

	async fillIn(parameter: string, text: string): Promise<void> {
		await this.at(`parameter-input-${parameter}`).locator('input').first().fill(text);
	}

	/** Enters a text into an empty field in one go, as the clipboard does. */
	async paste(parameter: string, text: string): Promise<void> {
		const field = this.at(`parameter-input-${parameter}`).locator('input, textarea').first();
		await field.click();
		await this.page.keyboard.insertText(text);
	}

	/** Adds a parameter from the last list of options in the panel. */
	async addOption(name: string): Promise<void> {
		await this.at('collection-parameter-add').last().click();
		await this.choose(name);
	}

	/** Switches a parameter on or off. */
	async toggle(parameter: string): Promise<void> {
		await this.at(`parameter-input-${parameter}`).locator('.el-switch').click();
	}

	/** Closes a list that stays open after a selection, with a click beside it. */
	async closeChoices(): Promise<void> {
		await this.at('tab-params').click();
	}

	/** Clicks the panel's button that runs its node. */
	async executeStep(): Promise<void> {
		await this.at('node-execute-button').first().click();
	}

	/** Opens an empty canvas. */
	async openNewWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.at('canvas-add-button').waitFor();
	}

	/**
	 * Adds the first node of a workflow, or one behind the last, and opens its panel.
	 *
	 * @param node to search for and click in the list of nodes
	 * @param actions to click one after another in the lists that follow
	 */
	async addNode(node: string, ...actions: string[]): Promise<void> {
		await new NodeCreator(this).add(node, actions);
	}

	/** Opens the form of a new credential from the panel of a node. */
	async openNewCredential(): Promise<CredentialForm> {
		const none = this.at('node-credentials-empty-state').locator('button');
		const some = this.at('node-credentials-select');
		await none.or(some).first().waitFor();
		if (await none.isVisible()) {
			await none.click();
		} else {
			await some.click();
			await this.at('node-credentials-select-item-new').click();
		}
		return new CredentialForm(this);
	}

	/** Closes the panel of a node. */
	async closePanel(): Promise<void> {
		await this.at('ndv-close-button').click();
		await this.at('ndv').first().waitFor({ state: 'hidden' });
	}

	/** Publishes the open workflow and waits until the editor says that it is live. */
	async publish(): Promise<void> {
		await this.at('workflow-open-publish-modal-button').click();
		await this.at('workflow-publish-button').click();
		await this.at('activation-modal').getByRole('button', { name: 'Got it' }).click();
	}

	/** Installs a community package in the settings, and accepts the risk as a user would. */
	async installPackage(name: string): Promise<void> {
		await this.page.goto(`${this.url}/settings/community-nodes`);
		await this.page.getByRole('button', { name: 'Install a community node' }).click();
		await this.at('package-name-input').fill(name);
		await this.at('user-agreement-checkbox').click();
		await this.at('install-community-package-button').click();
		await this.at('install-community-package-button').waitFor({ state: 'hidden' });
	}
}
