import type { Delivery } from '../model/delivery';
import type { Read } from '../model/read';

/** Attempts that may wait for their successor at the same time; Procore's queue keeps them next to each other. */
const MAX_OPEN = 1000;

function openKey({ ulid, event_id }: Delivery): string | null {
	return ulid ?? event_id;
}

/** A row that was discarded untried keeps the response of the last attempt, as v2.0 shows it. */
function join(earlier: Delivery | undefined, row: Delivery): Delivery {
	if (earlier === undefined) return row;
	const attempts = earlier.attempts + row.attempts;
	const { id, status, outcome } = row;
	return row.attempts === 0 ? { ...earlier, id, status, outcome } : { ...row, attempts };
}

/**
 * Makes one delivery of v1.0's rows, of which there is one an attempt: an attempt that was `retried` waits for the
 * row that settles it, and is still `retrying` where none follows. Takes rows in Procore's order and keeps only those
 * that wait in memory.
 */
export class AttemptMerger {
	private readonly open = new Map<string, Read<Delivery>>();

	/** @returns the deliveries that these rows settle, in their order. */
	take(rows: ReadonlyArray<Read<Delivery>>): Array<Read<Delivery>> {
		const settled: Array<Read<Delivery>> = [];
		for (const row of rows) {
			const key = openKey(row.model);
			const earlier = key === null ? undefined : this.open.get(key);
			const merged = { raw: row.raw, model: join(earlier?.model, row.model) };
			if (key !== null) this.open.delete(key);
			if (row.model.outcome !== 'retried' || key === null) {
				settled.push(merged);
				continue;
			}
			this.open.set(key, merged);
			if (this.open.size > MAX_OPEN) settled.push(...this.release(1));
		}
		return settled;
	}

	/** @returns what no later row settled: still being retried. */
	end(): Array<Read<Delivery>> {
		return this.release(this.open.size);
	}

	private release(count: number): Array<Read<Delivery>> {
		const oldest = [...this.open].slice(0, count);
		for (const [key] of oldest) this.open.delete(key);
		return oldest.map(([, delivery]) => delivery);
	}
}
