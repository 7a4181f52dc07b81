import type { Page } from 'playwright-core';

/**
 * Counts the clicks in a page until it is loaded again. Those that only code made do not count.
 *
 * @returns a function that returns the number of clicks so far
 */
export async function countClicks(page: Page): Promise<() => Promise<number>> {
	await page.evaluate(
		`window.clickCount = 0;
		addEventListener('click', (event) => { if (event.isTrusted) window.clickCount += 1; }, true);`,
	);
	return async () => Number(await page.evaluate('window.clickCount'));
}
