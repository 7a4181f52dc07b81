/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** n8n's table of processed keys, in memory: one list a workflow, or one a node in it, the oldest dropped first. */
export class Deduplicator implements IDataDeduplicator {
	readonly lists = new Map<string, string[]>();

	calls = 0;

	private left = Infinity;

	/** After this many further calls every one fails, as with a database that is not there. */
	failAfter(calls: number): void {
		this.left = calls;
	}

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		{ maxEntries = Infinity }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		this.calls += 1;
		if (this.left <= 0) throw new Error('not now');
		this.left -= 1;
		const list = [...this.list(scope, context)];
		// As n8n's own: between the read and the write others may run.
		await new Promise((resolve) => setImmediate(resolve));
		const output: IDeduplicationOutput = { new: [], processed: [] };
		const known = new Set(list);
		for (const item of items) {
			const isKnown = known.has(String(item));
			(isKnown ? output.processed : output.new).push(item);
			if (!isKnown) list.push(String(item));
		}
		this.lists.set(this.key(scope, context), list.slice(-maxEntries));
		return output;
	}

	async removeProcessed(): Promise<void> {
		await Promise.reject(new Error('Not used'));
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		await Promise.resolve(this.lists.delete(this.key(scope, context)));
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<number> {
		return await Promise.resolve(this.list(scope, context).length);
	}

	private list(scope: DeduplicationScope, context: ICheckProcessedContextData): string[] {
		return this.lists.get(this.key(scope, context)) ?? [];
	}

	private key(scope: DeduplicationScope, { workflow, node }: ICheckProcessedContextData): string {
		return scope === 'node' ? `${workflow.id} ${node?.id ?? ''}` : workflow.id;
	}
}
