import { sleep } from 'n8n-workflow';

import { fetchedHeaders } from './fetched-headers';
import type { Run } from './run';

const MOST_ATTEMPTS = 4;
const LONGEST_WAIT_S = 60;

/** How long a refused request has to wait, in seconds. */
function waitOf(headers: Headers): number {
	const reset = Number(headers.get('x-rate-limit-reset') ?? NaN) - Date.now() / 1000;
	const told = [Number(headers.get('retry-after') ?? NaN), reset].filter(Number.isFinite);
	return Math.min(Math.max(1, ...told), LONGEST_WAIT_S);
}

/**
 * Gets a path with a token that is not the one of the run, which the API layer would renew.
 *
 * @param path with its query.
 * @returns the response; one that the rate limit refused is asked for again.
 */
export async function getWithToken(
	run: Run,
	path: string,
	token: string,
): Promise<{ readonly status: number; readonly body: string }> {
	for (let attempt = 1; ; attempt += 1) {
		const response = await fetch(`${run.env.apiUrl}${path}`, {
			headers: { Authorization: `Bearer ${token}`, 'Procore-Company-Id': run.env.companyId },
			redirect: 'manual',
		});
		const { status, headers } = response;
		const body = await response.text();
		const shown = { method: 'GET', path, status, headers: fetchedHeaders(headers), body };
		run.parts.exchanges.add(shown);
		if ((status !== 429 && status !== 503) || attempt === MOST_ATTEMPTS) return { status, body };
		await sleep(waitOf(headers) * 1000);
	}
}
