import type {
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { seenEvents } from '../dedupe/seen';
import { nodeKey } from '../hook/node-key';
import { EventGroups, type Member } from './group';

/** n8n's response to a request, which outlives the request. */
type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/** An event that is to start the workflow. */
export interface AcceptedEvent {
	readonly item: INodeExecutionData;
	/** Its key in the in-memory cache, claimed by this delivery; undefined if duplicates are not ignored. */
	readonly key: string | undefined;
	/** The size of its body. */
	readonly bytes: number;
}

type Groups = EventGroups<AcceptedEvent, Response>;

/** The groups of each node that is handing over an execution. */
const groupsByNode = new Map<string, Groups>();

/**
 * How long a group that was acknowledged immediately counts as being handed over, in milliseconds, unless this process
 * executes it before that. In queue mode, a worker does.
 */
const HAND_OVER_MS = 500;

/** What to call when this process executes a node: groups that n8n doesn't respond to are handed over by then. */
const whenExecuted = new Map<string, Set<() => void>>();

/** Notes that n8n is executing the node, so that its next group can start. */
export function noteExecution(context: IExecuteFunctions): void {
	const node = nodeKey(context);
	const listeners = whenExecuted.get(node);
	whenExecuted.delete(node);
	for (const listener of listeners ?? []) listener();
}

function join(node: string, event: AcceptedEvent): Member<AcceptedEvent, Response> {
	const groups: Groups = groupsByNode.get(node) ?? new EventGroups();
	groupsByNode.set(node, groups);
	const { turn, end } = groups.join(event, event.bytes);
	return {
		turn,
		end: (answer) => {
			end(answer);
			if (groups.isIdle && groupsByNode.get(node) === groups) groupsByNode.delete(node);
		},
	};
}

/** Calls a function once the connection of a response is closed: at once if it is already. */
function whenClosed(response: Response, listener: () => void): void {
	if (response.closed) listener();
	else response.once('close', listener);
}

async function closed(response: Response): Promise<Response> {
	return await new Promise((resolve) => whenClosed(response, () => resolve(response)));
}

const NOT_STARTED = 'The execution with this event could not be started';

/** Responds to an event like n8n did to the one that started the execution for it. */
function respondLike(response: Response, { writableEnded, statusCode }: Response): void {
	if (writableEnded && statusCode < 300) {
		response.status(statusCode).json({});
		return;
	}
	response
		.status(writableEnded && statusCode >= 400 ? statusCode : 503)
		.json({ message: NOT_STARTED });
}

/** The response that decides about each event that has been received but not answered. By the key of the event. */
const undecided = new Map<string, Promise<Response>>();

/**
 * Responds to a duplicate delivery like n8n does to the first one. A 2xx response before that would lose the event if n8n
 * were killed meanwhile, because Procore would not send it again.
 */
export async function respondLikeFirst(
	context: IWebhookFunctions,
	key: string,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const deciding = undecided.get(key);
	if (deciding !== undefined) respondLike(response, await deciding);
	else if (seenEvents.isUnanswered(key)) response.status(503).json({ message: NOT_STARTED });
	else response.status(200).json({ message: 'Event ignored' });
	return { noWebhookResponse: true };
}

/**
 * Starts the workflow together with other events of the node if n8n is busy, and responds once it has started. If n8n ends
 * before that, its connections close without a response, so Procore sends the events again.
 */
export async function startInGroup(
	context: IWebhookFunctions,
	event: AcceptedEvent,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const { turn, end } = join(nodeKey(context), event);
	whenClosed(response, () => end(response));
	const deciding = turn.then(async (result) =>
		result.kind === 'answered' ? result.answer : await closed(response),
	);
	const { key } = event;
	if (key !== undefined) {
		undecided.set(key, deciding);
		void deciding.then(() => undecided.delete(key));
	}
	const result = await turn;
	if (result.kind === 'answered') {
		respondLike(response, result.answer);
		return { noWebhookResponse: true };
	}
	// Before the others respond, so that an event that was not accepted can be sent again at once.
	whenClosed(response, () => {
		for (const { key: started } of result.values) {
			if (started !== undefined) seenEvents.settle(started, response);
		}
	});
	return { workflowData: [result.values.map(({ item }) => item)] };
}

/** Like {@link startInGroup}, for an event to which the node has responded before the workflow starts. */
export async function startInGroupLater(
	context: IWebhookFunctions,
	event: AcceptedEvent,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const node = nodeKey(context);
	const { turn, end } = join(node, event);
	const result = await turn;
	if (result.kind === 'answered') return { noWebhookResponse: true };
	const handedOver = () => end(response);
	const listeners = whenExecuted.get(node) ?? new Set();
	whenExecuted.set(node, listeners.add(handedOver));
	void sleep(HAND_OVER_MS).then(() => {
		handedOver();
		// In queue mode, this process never executes the node, and the listeners would keep their responses.
		listeners.delete(handedOver);
		if (listeners.size === 0 && whenExecuted.get(node) === listeners) whenExecuted.delete(node);
	});
	return { noWebhookResponse: true, workflowData: [result.values.map(({ item }) => item)] };
}
