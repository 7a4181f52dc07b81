import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

/** Keys that one process remembers over all trigger nodes: some minutes of heavy traffic, about a megabyte. */
const MAX_KEYS = 10_000;

/**
 * What this process has just received: the first line against repetitions, before any database is asked. The durable
 * gate behind it knows more, for longer and across processes; this one only has to be quick and bounded.
 */
export class SeenEvents {
	private readonly keys = new Set<string>();

	constructor(private readonly capacity = MAX_KEYS) {}

	/** @returns true for a key that is new, which from then on is not; the oldest is dropped beyond the capacity. */
	add(key: string): boolean {
		if (this.keys.has(key)) return false;
		this.keys.add(key);
		if (this.keys.size > this.capacity) {
			const [oldest] = this.keys;
			if (oldest !== undefined) this.keys.delete(oldest);
		}
		return true;
	}

	has(key: string): boolean {
		return this.keys.has(key);
	}

	/** Takes a key back: its event was not accepted after all and will be sent again. */
	remove(key: string): void {
		this.keys.delete(key);
	}

	get size(): number {
		return this.keys.size;
	}
}

/** The key of an event, as its own key tells it apart, that a node has received. */
export function receiptOf(context: IExecuteFunctions | IWebhookFunctions, key: string): string {
	return `${context.getWorkflow().id}:${context.getNode().id}:${key}`;
}

export const seenEvents = new SeenEvents();
