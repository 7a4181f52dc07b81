/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** n8n's table of processed keys, in memory: one list per workflow or per node, oldest dropped first. */
export class Deduplicator implements IDataDeduplicator {
	readonly lists = new Map<string, string[]>();

	calls = 0;

	private left = Infinity;

	/** After this many further calls, every call fails like without a database. */
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
		// Like n8n's own: others can run between the read and the write.
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
