import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { recall } from '../hook/memory';
import { isAuthorized } from '../hook/secret';
import { parseEvent } from './event';

/** Answers a request that starts nothing. */
function refuse(context: IWebhookFunctions, status: 400 | 401, message: string) {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/**
 * The fast path of an event: verify, parse, start. No request goes to Procore and no credential is opened before the
 * answer: Procore waits five seconds, and one bad answer holds up every later event of the hook.
 *
 * A request without our secret is answered 401 and a body that is no event 400; everything else 2xx.
 */
export function receive(this: IWebhookFunctions): IWebhookResponseData {
	const { rawBody } = this.getRequestObject();
	const memory = recall(this.getWorkflowStaticData('node'));
	if (!isAuthorized(this.getHeaderData().authorization, memory?.secret)) {
		return refuse(this, 401, 'The Authorization header is not the one of this hook');
	}
	// n8n has parsed the body already, but its numbers have lost digits: 19-digit ids come from the bytes.
	const read = Buffer.isBuffer(rawBody) ? parseEvent(rawBody) : undefined;
	if (read === undefined) return refuse(this, 400, 'The body is not a Procore event');
	const simplify = this.getNodeParameter('options.simplify', true) !== false;
	const json: IDataObject = simplify ? { ...read.event } : read.raw;
	const workflowData = [[{ json }]];
	if (this.getNodeParameter('options.acknowledge', 'onStart') !== 'immediately') {
		return { workflowData };
	}
	this.getResponseObject().status(202).json({});
	return { noWebhookResponse: true, workflowData };
}
