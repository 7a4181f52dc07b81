import type { Delivery } from '../model/delivery';
import type { Read } from '../model/read';

/** Maximum number of attempts that wait for the next one. Procore's queue keeps the attempts of one event close together. */
const MAX_OPEN = 1000;

function openKey({ ulid, event_id }: Delivery): string | null {
	return ulid ?? event_id;
}

/**
 * Combines two rows. The one of a discarded event has no attempt and keeps the earlier response, as in v2.0
 * [V1-DISCARDED-ROW].
 */
function combine(earlier: Delivery | undefined, row: Delivery): Delivery {
	if (earlier === undefined) return row;
	const attempts = earlier.attempts + row.attempts;
	const { id, status, outcome } = row;
	return row.attempts === 0 ? { ...earlier, id, status, outcome } : { ...row, attempts };
}

/**
 * Combines the rows of v1.0, one per attempt, into deliveries. An attempt with the outcome `retried` waits for the row of
 * the next attempt; if none follows, the delivery is still `retrying`. Rows must come in Procore's order, and only waiting
 * ones are kept in memory.
 */
export class AttemptMerger {
	private readonly open = new Map<string, Read<Delivery>>();

	/** @returns the deliveries that these rows complete, in their order. */
	take(rows: ReadonlyArray<Read<Delivery>>): Array<Read<Delivery>> {
		const completed: Array<Read<Delivery>> = [];
		for (const row of rows) {
			const key = openKey(row.model);
			const earlier = key === null ? undefined : this.open.get(key);
			const merged = { raw: row.raw, model: combine(earlier?.model, row.model) };
			if (key !== null) this.open.delete(key);
			if (row.model.outcome !== 'retried' || key === null) {
				completed.push(merged);
				continue;
			}
			this.open.set(key, merged);
			if (this.open.size > MAX_OPEN) completed.push(...this.release(1));
		}
		return completed;
	}

	/** @returns the deliveries that are still being retried. */
	end(): Array<Read<Delivery>> {
		return this.release(this.open.size);
	}

	private release(count: number): Array<Read<Delivery>> {
		const oldest = [...this.open].slice(0, count);
		for (const [key] of oldest) this.open.delete(key);
		return oldest.map(([, delivery]) => delivery);
	}
}
