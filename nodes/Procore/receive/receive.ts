import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { currentIdentity } from '../hook/identity';
import { nodeKey } from '../hook/node-key';
import { readStoredState } from '../hook/stored-state';
import { isFromOwnHook } from '../hook/verification';
import { jsonObject } from '../model/json';
import { eventKey, toJsonItem, type ReadEvent } from '../model/event';
import { receiptOf, seenEvents } from '../dedupe/seen';
import { readBody } from './body';
import { startsWorkflow, readSelection } from '../hook/selection';

/** Answers a request that starts nothing. */
function refuse(context: IWebhookFunctions, status: 400 | 401, message: string) {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** Answers an event that is right and starts nothing: a bad answer would hold up the hook's queue. */
function drop(context: IWebhookFunctions) {
	context.getResponseObject().status(200).json({ message: 'Not needed' });
	return { noWebhookResponse: true };
}

/**
 * Whether this process receives the event for the first time. It counts as received unless n8n answers that it could not
 * start the workflow: then Procore's next delivery must be accepted.
 */
function isFirst(context: IWebhookFunctions, { event }: ReadEvent): boolean {
	const key = receiptOf(context, eventKey(event));
	return seenEvents.receive(key, context.getResponseObject());
}

/**
 * The fast path of an event: verify, parse, drop what is not wanted, start. No request goes to Procore before the
 * answer, and the credential is opened once in a while only: Procore waits five seconds, and one bad answer holds up
 * every later event of the hook.
 *
 * A request without our secret is answered 401, a body that is not JSON 400, and everything else 2xx, JSON that this
 * version does not understand included: Procore would retry it for 12 hours and hold back every later event.
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { rawBody } = this.getRequestObject();
	const stored = readStoredState(this.getWorkflowStaticData('node'));
	if (!(await isFromOwnHook(this, stored))) {
		return refuse(this, 401, 'The Authorization header is not the one of this hook');
	}
	// n8n has parsed the body already, but its numbers have lost digits: 19-digit ids come from the bytes.
	const body = readBody(Buffer.isBuffer(rawBody) ? rawBody : Buffer.alloc(0));
	if (body.kind === 'notJson') {
		this.logger.warn(
			`Procore Trigger: a request with the right Authorization was answered 400, because its body is not JSON (${body.explanation}).`,
		);
		return refuse(this, 400, 'The body is not JSON');
	}
	if (body.kind === 'unknownJson') {
		this.logger.warn(
			`Procore Trigger: a request with the right Authorization started nothing, because its body is not an event in a known payload version (${body.explanation}).`,
		);
		return drop(this);
	}
	const { read } = body;
	const own =
		this.getMode() === 'manual' ? stored?.own : currentIdentity(nodeKey(this), stored?.own);
	if (!startsWorkflow(read.event, readSelection(this), own)) return drop(this);
	const options = jsonObject(this.getNodeParameter('options', {}));
	if (options.dedupe !== false && this.getMode() !== 'manual' && !isFirst(this, read)) {
		return drop(this);
	}
	const workflowData = [[{ json: toJsonItem(read, options.simplify !== false) }]];
	if (options.acknowledge !== 'immediately') return { workflowData };
	this.getResponseObject().status(202).json({});
	return { noWebhookResponse: true, workflowData };
}
