import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { currentIdentity } from '../hook/identity';
import { nodeKey } from '../hook/node-key';
import { recall } from '../hook/stored-state';
import { isFromOwnHook } from '../hook/verification';
import { jsonObject } from '../model/json';
import { eventKey, parseEvent, toJsonItem, type ReadEvent } from '../model/event';
import { receiptOf, seenEvents } from '../dedupe/seen';
import { isWanted, readSelection } from '../hook/selection';

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
 * Whether this process receives the event for the first time. It counts as received only once the answer was good:
 * where n8n cannot start the workflow, Procore sends it again and must be heard.
 */
function isFirst(context: IWebhookFunctions, { event }: ReadEvent): boolean {
	const key = receiptOf(context, eventKey(event));
	if (!seenEvents.add(key)) return false;
	const response = context.getResponseObject();
	response.once('close', () => {
		const isAccepted = response.writableFinished && response.statusCode < 300;
		if (!isAccepted) seenEvents.remove(key);
	});
	return true;
}

/**
 * The fast path of an event: verify, parse, drop what is not wanted, start. No request goes to Procore before the
 * answer, and the credential is opened once in a while only: Procore waits five seconds, and one bad answer holds up
 * every later event of the hook.
 *
 * A request without our secret is answered 401 and a body that is no event 400; everything else 2xx.
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { rawBody } = this.getRequestObject();
	const memory = recall(this.getWorkflowStaticData('node'));
	if (!(await isFromOwnHook(this, memory))) {
		return refuse(this, 401, 'The Authorization header is not the one of this hook');
	}
	// n8n has parsed the body already, but its numbers have lost digits: 19-digit ids come from the bytes.
	const read = Buffer.isBuffer(rawBody) ? parseEvent(rawBody) : undefined;
	if (read === undefined) return refuse(this, 400, 'The body is not a Procore event');
	const own =
		this.getMode() === 'manual' ? memory?.own : currentIdentity(nodeKey(this), memory?.own);
	if (!isWanted(read.event, readSelection(this), own)) return drop(this);
	const options = jsonObject(this.getNodeParameter('options', {}));
	if (options.dedupe !== false && this.getMode() !== 'manual' && !isFirst(this, read)) {
		return drop(this);
	}
	const workflowData = [[{ json: toJsonItem(read, options.simplify !== false) }]];
	if (options.acknowledge !== 'immediately') return { workflowData };
	this.getResponseObject().status(202).json({});
	return { noWebhookResponse: true, workflowData };
}
