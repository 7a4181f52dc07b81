import type { Browser, Page } from 'playwright-core';
import type { SharedN8n } from '../harness/stack';

/** A busy machine takes its time to load the editor. */
const PATIENCE = 90_000;

/** A page of a browser that is signed in to n8n as its owner. */
export async function openPage(browser: Browser, { url, owner }: SharedN8n): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1500, height: 1100 } });
	context.setDefaultTimeout(PATIENCE);
	const answer = await context.request.post(`${url}/rest/login`, {
		data: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
	if (!answer.ok()) throw new Error(`n8n does not let its owner sign in: ${answer.status()}`);
	return await context.newPage();
}
