import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import { readResponse } from './http-response';

/** n8n answers itself, so a longer wait means that something in front of it holds the request back. */
const TIMEOUT_MS = 10_000;

/**
 * Sends a request to a webhook URL of this n8n.
 *
 * @param authorization the whole header; without it, the trigger responds with 401.
 * @returns the status; undefined if there is no response.
 */
export async function postToOwnWebhook(
	context: IHookFunctions,
	url: string,
	body: IDataObject,
	authorization?: string,
): Promise<number | undefined> {
	try {
		const response: unknown = await context.helpers.httpRequest({
			method: 'POST',
			url,
			body,
			json: true,
			headers: authorization === undefined ? {} : { Authorization: authorization },
			timeout: TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		});
		return readResponse(response).status;
	} catch {
		return undefined;
	}
}
