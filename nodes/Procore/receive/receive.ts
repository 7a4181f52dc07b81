import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { noteLiveEvent } from '../check/live-events';
import { reconcileOption } from '../check/reconciliation';
import { receiptKey, seenEvents, type WatchedResponse } from '../dedupe/seen';
import { identityForEvent } from '../hook/event-identity';
import { noteNamespace } from '../hook/namespace-hint';
import { nodeKey } from '../hook/node-key';
import { readSelection, startsWorkflow } from '../hook/selection';
import { readStoredState } from '../hook/stored-state';
import { sentTestItem } from '../hook/test-event';
import { isFromOwnHook } from '../hook/verification';
import { eventKey, toJsonItem } from '../model/event';
import { jsonObject } from '../model/json';
import { readBody } from './body';
import { respondLikeFirst, startInGroup, startInGroupLater } from './grouped-start';

/** Responds with an error. */
function reject(context: IWebhookFunctions, status: 400 | 401, message: string) {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** Responds to a valid event that doesn't start the workflow. An error would block the hook's queue. */
function ignore(context: IWebhookFunctions) {
	context.getResponseObject().status(200).json({ message: 'Event ignored' });
	return { noWebhookResponse: true };
}

/**
 * Whether this process receives an event for the first time. If n8n responds that it could not start the workflow, the
 * event doesn't count as received, so that Procore's next delivery is accepted. For an event in a group, the response to
 * the whole group decides.
 *
 * @param key from `receiptKey`.
 */
function isFirst(key: string, isGrouped: boolean, response: WatchedResponse): boolean {
	return isGrouped ? seenEvents.claim(key) : seenEvents.receive(key, response);
}

/**
 * The fast path of an event: verify, parse, filter, start the workflow. It rarely reads the credential, and sends no request to
 * Procore before it responds, but for a short look-up after a change of the credential (`event-identity.ts`): Procore waits
 * five seconds [SEND-TIMEOUT], and one error blocks every later event of the hook.
 *
 * Responds with 401 to a request without the hook's secret, with 400 to a body that is not JSON, and with 2xx to everything
 * else, including JSON in an unknown format: Procore would retry it for 12 hours and hold back every later event [SEND-2XX].
 * Procore does not try a new hook's URL with a request without an event, which would get one of these errors
 * [DESTINATION-NOT-TRIED].
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { rawBody } = this.getRequestObject();
	const stored = readStoredState(this.getWorkflowStaticData('node'));
	if (!(await isFromOwnHook(this, stored))) {
		return reject(this, 401, 'The Authorization header does not match this hook');
	}
	if (this.getMode() === 'manual') noteNamespace(this);
	// n8n's parsed body has lost digits of long IDs, so they are read from the raw bytes.
	const body = readBody(Buffer.isBuffer(rawBody) ? rawBody : Buffer.alloc(0));
	if (body.kind === 'notJson') {
		this.logger.warn(
			`Procore Trigger: Responded with 400 to an authenticated request, because its body is not JSON (${body.explanation}).`,
		);
		return reject(this, 400, 'The body is not JSON');
	}
	if (body.kind === 'unknownJson') {
		const testItem = sentTestItem(this, jsonObject(body.json));
		if (testItem !== undefined) return { workflowData: [[{ json: testItem }]] };
		this.logger.warn(
			`Procore Trigger: Ignored an authenticated request, because its body is not an event in a known payload version (${body.explanation}).`,
		);
		return ignore(this);
	}
	const { read } = body;
	const options = jsonObject(this.getNodeParameter('options', {}));
	const isManual = this.getMode() === 'manual';
	if (reconcileOption(options.reconcile) !== 'never' && !isManual) {
		noteLiveEvent(nodeKey(this), read.event);
	}
	const selection = readSelection(this);
	if (!startsWorkflow(read.event, selection, undefined)) return ignore(this);
	const own = await identityForEvent(this, stored, selection.ignoreOwnChanges);
	if (!startsWorkflow(read.event, selection, own)) return ignore(this);
	const isGrouped = options.eventsPerExecution === 'severalWhenBusy' && !isManual;
	const isDeduplicated = options.dedupe !== false && !isManual;
	const key = isDeduplicated ? receiptKey(this, eventKey(read.event)) : undefined;
	const response = this.getResponseObject();
	const item = { json: toJsonItem(read, options.simplify !== false) };
	// From here on nothing can fail before the event is in a group: one that was received but is in none would never start.
	if (key !== undefined && !isFirst(key, isGrouped, response)) {
		return isGrouped ? await respondLikeFirst(this, key) : ignore(this);
	}
	const isAcknowledged = options.acknowledge === 'immediately';
	if (isAcknowledged) response.status(202).json({});
	if (isGrouped) {
		const event = { item, key, bytes: rawBody.length };
		return await (isAcknowledged ? startInGroupLater : startInGroup)(this, event);
	}
	return { noWebhookResponse: isAcknowledged, workflowData: [[item]] };
}
