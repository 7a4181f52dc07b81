import type { Locator, Page } from 'playwright-core';
import type { Editor } from './editor';

/** The form of a credential. */
export class CredentialForm {
	constructor(private readonly editor: Editor) {}

	get form(): Locator {
		return this.editor.at('editCredential-modal');
	}

	private input(field: string): Locator {
		return this.form.locator(`[data-test-id="parameter-input-${field}"] input`).first();
	}

	async choose(field: string, name: string): Promise<void> {
		await this.input(field).click();
		await this.editor.choose(name);
	}

	async fill(fields: Record<string, string>): Promise<void> {
		for (const [field, text] of Object.entries(fields)) await this.input(field).fill(text);
	}

	/** Saves it, which tests it; the form of a credential that works closes. */
	async save(): Promise<void> {
		await this.editor.at('credential-save-button').locator('button').click();
	}

	/** Clicks Connect, which opens the page of the service in its own window. */
	async connect(): Promise<Page> {
		const popup = this.editor.page.waitForEvent('popup');
		await this.editor.at('quick-connect-button').click();
		return await popup;
	}
}
