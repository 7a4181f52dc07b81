/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { BROWSER_ID } from '../harness/n8n-rest';
import type { SharedN8n } from '../harness/stack';

/** A busy machine needs time to load the editor. */
const PATIENCE = 90_000;

/** A browser page that shares the session of n8n's owner. */
export async function openPage(browser: Browser, { url, rest }: SharedN8n): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1500, height: 1100 } });
	context.setDefaultTimeout(PATIENCE);
	const [name = '', ...value] = rest.cookie.split('=');
	await context.addCookies([{ name, value: value.join('='), url }]);
	// The editor stores the id of the browser here.
	await context.addInitScript((id) => localStorage.setItem('n8n-browserId', id), BROWSER_ID);
	return await context.newPage();
}

/** Saves a screenshot of a page in SCREENSHOT_DIR, or else in a temporary folder. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
	const folder = process.env.SCREENSHOT_DIR ?? join(tmpdir(), 'n8n-nodes-procore-screenshots');
	const file = `${name.replace(/\W+/g, '-')}.png`;
	await page.screenshot({ path: join(folder, file), animations: 'disabled' });
}
