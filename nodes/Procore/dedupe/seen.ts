import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { nodeKey } from '../hook/node-key';

/** Keys that one process remembers over all trigger nodes: some minutes of heavy traffic, about two megabytes. */
const MAX_KEYS = 20_000;

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
