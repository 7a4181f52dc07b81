import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { nodeKey } from '../hook/node-key';

/** The number of keys that a process caches for all its trigger nodes: minutes of heavy traffic, about two megabytes. */
const MAX_KEYS = 20_000;

/** The number of responses that are watched after Procore has closed the connection. */
const MAX_UNANSWERED = 2000;

/** The part of n8n's response to a delivery that is watched. */
export interface WatchedResponse {
	readonly statusCode: number;
	readonly writableEnded: boolean;
	once(event: 'close', listener: () => void): unknown;
}

/**
 * An in-memory cache of the events that this process has just received. It catches most duplicate deliveries without a
 * database; the gate behind it works across restarts and processes.
 *
 * The keys are kept in two halves. When the newer half is full, the older one is dropped as a whole, because deleting the
 * oldest key of a Set gets slower with each deletion.
 */
export class SeenEvents {
	private newer = new Set<string>();

	private older = new Set<string>();

	/** Responses that n8n had not ended when Procore closed the connection. */
	private readonly unanswered = new Map<string, WatchedResponse>();

	/** @param capacity the maximum number of keys; at least the newest half of them is kept. */
	constructor(private readonly capacity = MAX_KEYS) {}

	/** Adds a key. @returns whether it was new. */
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
	 * Notes a delivery of an event and watches n8n's response to it. If n8n limits production concurrency, it responds only
	 * when the execution can run, possibly long after Procore has closed the connection. Until then, the event counts as
	 * received.
	 *
	 * @returns true if it is the first delivery, or n8n responded to all earlier ones with an error.
	 */
	receive(key: string, response: WatchedResponse): boolean {
		if (!this.claim(key)) return false;
		response.once('close', () => this.settle(key, response));
		return true;
	}

	/**
	 * Notes a delivery of an event like {@link receive}, without knowing yet which response decides about it. Then
	 * pass that one to {@link settle}.
	 */
	claim(key: string): boolean {
		this.applyLateResponse(key);
		return this.add(key);
	}

	/** Applies a response whose connection has been closed, now or as soon as n8n has ended it. */
	settle(key: string, response: WatchedResponse): void {
		if (response.writableEnded) this.apply(key, response);
		else this.watch(key, response);
	}

	/** Whether n8n has not yet responded to a delivery that Procore gave up. */
	isUnanswered(key: string): boolean {
		return this.unanswered.get(key)?.writableEnded === false;
	}

	/** Applies the response that n8n sent after Procore had closed the connection. */
	private applyLateResponse(key: string): void {
		const response = this.unanswered.get(key);
		if (response === undefined || !response.writableEnded) return;
		this.unanswered.delete(key);
		this.apply(key, response);
	}

	private apply(key: string, { statusCode }: WatchedResponse): void {
		if (statusCode >= 300) this.remove(key);
	}

	private watch(key: string, response: WatchedResponse): void {
		if (this.unanswered.size >= MAX_UNANSWERED) this.unanswered.clear();
		this.unanswered.set(key, response);
	}

	/** Removes a key. Its event was not accepted and will be delivered again. */
	remove(key: string): void {
		this.newer.delete(key);
		this.older.delete(key);
	}

	get size(): number {
		return this.newer.size + this.older.size;
	}
}

/** Returns the cache key of an event that a node has received. @param key from `eventKey`. */
export function receiptKey(context: IExecuteFunctions | IWebhookFunctions, key: string): string {
	return `${nodeKey(context)}:${key}`;
}

/** The cache of this process, for all its trigger nodes. */
export const seenEvents = new SeenEvents();
