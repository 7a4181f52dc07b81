import { sleep, type IDataObject, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';

import { messageOf } from '../api/failure';
import { postToOwnWebhook } from '../api/own-webhook';
import { refusal } from '../api/refusal';
import { isJsonObject, type JsonObject } from '../model/json';
import { openActivation } from './activation';
import { lookUpIdentity } from './identity';
import { latestEvent } from './latest-event';
import { resolveScopes, scopesFor } from './scopes';
import { authorizationOf, digestOf } from './secret';
import { readSelection, startsWorkflow } from './selection';
import { readSettings } from './settings';
import { acceptedFrom, writeStoredState } from './stored-state';

/** The key of the item in the request that a node sends to its own test URL. */
const ENVELOPE = 'n8nProcoreTestEvent';

/**
 * n8n registers the test URL once more after it has created the hook, and waits for an event from then on. An earlier
 * request would start the workflow, and leave n8n waiting.
 */
const REGISTERED_AFTER_MS = 1000;

const HOW_TO_WAIT =
	'To wait for a change in Procore instead, set Test Event in the options to Wait for a New Event.';

/** Whether Execute Step uses an event that exists already. */
export function usesLatestEvent(context: IHookFunctions): boolean {
	return (
		context.getMode() === 'manual' &&
		context.getNodeParameter('options.testEvent', 'live') === 'latest'
	);
}

/**
 * Starts a test with the newest event, and creates no hook: finds the event, and sends it to the node's test URL once n8n
 * listens there.
 *
 * @throws NodeOperationError if a parameter is invalid, there is no event, or n8n cannot reach its own URL; ProcoreFailure
 *   if nothing can be read.
 */
export async function sendLatestEvent(context: IHookFunctions): Promise<boolean> {
	const activation = await openActivation(context);
	const { procore, place, locator, secret } = activation;
	const { subscriptions } = readSettings(context, place);
	const selection = readSelection(context);
	if (selection.problem !== undefined) throw refusal(context.getNode(), selection.problem);
	const url = locator.destination_url;
	// Without the secret, the node responds with 401, and n8n goes on waiting.
	if ((await postToOwnWebhook(context, url, {})) !== 401) {
		throw refusal(
			context.getNode(),
			`n8n could not send the test event to its own address, ${url}. Make sure that the server of n8n can reach this address (WEBHOOK_URL). ${HOW_TO_WAIT}`,
		);
	}
	const own = await lookUpIdentity(procore, place.companyId, selection.ignoreOwnChanges);
	const { item, failures } = await latestEvent(activation, {
		scopes: scopesFor(true, await resolveScopes(procore, place)),
		subscriptions,
		passes: (event) => startsWorkflow(event, selection, own),
		simplify: context.getNodeParameter('options.simplify', true) !== false,
	});
	if (item === undefined) throw refusal(context.getNode(), explainNoEvent(failures));
	// The node recognizes its test URL by the stored state.
	const authorization = authorizationOf(secret);
	writeStoredState(context.getWorkflowStaticData('node'), {
		...acceptedFrom(undefined, digestOf(authorization), Date.now()),
		namespace: locator.namespace,
		url,
		instance: context.getInstanceBaseUrl(),
		apiUrl: procore.account.apiUrl,
		companyId: place.companyId,
		hooks: [],
		since: new Date().toISOString(),
	});
	void sendOnceRegistered(context, url, item, authorization);
	return true;
}

/** The number of reasons that a message names: each project and list has its own. */
const MAX_NAMED = 3;

/** @param failures of what could not be read. One that repeats is named once. */
function explainNoEvent(failures: readonly unknown[]): string {
	if (failures.length === 0) {
		return `Procore has no delivery of the selected events from the last 30 days, and no record of them has changed in the last 7 days. ${HOW_TO_WAIT}`;
	}
	const all = [...new Set(failures.map(messageOf))];
	const more = all.length - MAX_NAMED;
	const reasons = [...all.slice(0, MAX_NAMED), ...(more > 0 ? [`And ${more} more.`] : [])].join(
		' ',
	);
	return `Found no delivery or record of the selected events, but could not read everything. ${reasons} ${HOW_TO_WAIT}`;
}

async function sendOnceRegistered(
	context: IHookFunctions,
	url: string,
	item: IDataObject,
	authorization: string,
): Promise<void> {
	await sleep(REGISTERED_AFTER_MS);
	const status = await postToOwnWebhook(context, url, { [ENVELOPE]: item }, authorization);
	if (status !== undefined && status < 300) return;
	context.logger.warn(
		`Procore Trigger: n8n responded with ${status ?? 'nothing'} to the test event. ${HOW_TO_WAIT}`,
	);
}

/**
 * Reads the item that {@link sendLatestEvent} sent.
 *
 * @param body of an authenticated request.
 * @returns undefined for an event of Procore, and in production.
 */
export function sentTestItem(
	context: Pick<IWebhookFunctions, 'getMode'>,
	body: JsonObject,
): IDataObject | undefined {
	const item = body[ENVELOPE];
	return context.getMode() === 'manual' && isJsonObject(item) ? item : undefined;
}
