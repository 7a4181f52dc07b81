import type { Editor } from './editor';

/** What n8n shows at a node of an execution. */
const SIGNS = { success: 'canvas-node-status-success', error: 'node-issues' };

type Outcome = keyof typeof SIGNS;

/** The executions of the open workflow: their list, and the canvas of the one that is selected. */
export class ExecutionsTab {
	constructor(private readonly editor: Editor) {}

	/** Opens the tab, which selects the newest execution. */
	async open(): Promise<void> {
		await this.editor.at('radio-button-executions').click();
		await this.editor.at('execution-preview-host').waitFor();
	}

	/**
	 * Selects the newest execution with this outcome, once it is in the list.
	 *
	 * @param text that its entry must show
	 */
	async select(outcome: Outcome, text = ''): Promise<void> {
		await this.editor.page
			.locator('.execution-card')
			.filter({ hasText: text })
			.locator(`[data-test-execution-status="${outcome}"]`)
			.first()
			.click();
	}

	/** Waits until a node of the selected execution shows this outcome. */
	async waitForNode(name: string, outcome: Outcome): Promise<void> {
		await this.editor.canvasNode(name).locator(`[data-test-id="${SIGNS[outcome]}"]`).waitFor();
	}

	/** Retries the selected execution, which must have failed. */
	async retry(): Promise<void> {
		await this.editor.at('execution-preview-retry-button').click();
		await this.editor.page.getByText('Retry with currently saved workflow').click();
	}
}
