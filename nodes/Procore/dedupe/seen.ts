import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { nodeKey } from '../hook/node-key';

/** Keys that one process remembers over all trigger nodes: some minutes of heavy traffic, about two megabytes. */
const MAX_KEYS = 20_000;

/** Responses that are watched after Procore has hung up. */
const MAX_UNANSWERED = 2000;

/** What is looked at of the response to a delivery. */
export interface WatchedResponse {
	readonly statusCode: number;
	readonly writableEnded: boolean;
	once(event: 'close', listener: () => void): unknown;
}

/**
 * What this process has just received: the first line against repetitions, before any database is asked. The durable
 * gate behind it knows more, for longer and across processes; this one only has to be quick and bounded.
 *
 * The keys lie in two halves. When the newer one is full the older one is dropped as a whole: to take the oldest key out
 * of a Set costs more the more were taken out before it.
 */
export class SeenEvents {
	private newer = new Set<string>();

	private older = new Set<string>();

	/** Responses that n8n had not ended when Procore hung up. */
	private readonly unanswered = new Map<string, WatchedResponse>();

	/** @param capacity of which at least half is remembered. */
	constructor(private readonly capacity = MAX_KEYS) {}

	/** @returns true for a key that is new, which from then on is not. */
	add(key: string): boolean {
		if (this.has(key)) return false;
		if (this.newer.size >= this.capacity / 2) {
			this.older = this.newer;
			this.newer = new Set();
		}
		this.newer.add(key);
		return true;
	}

	has(key: string): boolean {
		return this.newer.has(key) || this.older.has(key);
	}

	/**
	 * Takes in the delivery of an event, and watches what n8n answers to it. Where n8n's production concurrency is
	 * limited, it writes the execution down and answers once the execution may run, long after Procore has hung up: the
	 * event counts as received meanwhile.
	 *
	 * @returns whether it is the first one, or all earlier ones were answered with a failure.
	 */
	receive(key: string, response: WatchedResponse): boolean {
		this.settle(key);
		if (!this.add(key)) return false;
		response.once('close', () => {
			if (response.writableEnded) this.judge(key, response);
			else this.watch(key, response);
		});
		return true;
	}

	/** Looks at what n8n answered since Procore hung up. */
	private settle(key: string): void {
		const response = this.unanswered.get(key);
		if (response === undefined || !response.writableEnded) return;
		this.unanswered.delete(key);
		this.judge(key, response);
	}

	private judge(key: string, { statusCode }: WatchedResponse): void {
		if (statusCode >= 300) this.remove(key);
	}

	private watch(key: string, response: WatchedResponse): void {
		if (this.unanswered.size >= MAX_UNANSWERED) this.unanswered.clear();
		this.unanswered.set(key, response);
	}

	/** Takes a key back: its event was not accepted after all and will be sent again. */
	remove(key: string): void {
		this.newer.delete(key);
		this.older.delete(key);
	}

	get size(): number {
		return this.newer.size + this.older.size;
	}
}

/** The key of an event, as its own key tells it apart, that a node has received. */
export function receiptOf(context: IExecuteFunctions | IWebhookFunctions, key: string): string {
	return `${nodeKey(context)}:${key}`;
}

/** The one of this process, for all its trigger nodes. */
export const seenEvents = new SeenEvents();
