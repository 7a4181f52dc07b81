import type { Headers } from '../../nodes/Procore/api/rate-budget';
import { NOTHING, sum, tallyOf, type Tally } from './tally';

/** One request and its response, as they were. Never written anywhere before the sanitizer has seen them. */
export interface Exchange {
	readonly method: string;
	/** Path and query. */
	readonly path: string;
	/** Null if there was no response. */
	readonly status: number | null;
	/** Names in lower case. */
	readonly headers: Headers;
	readonly body: string;
}

/** All requests of a run. */
export class Exchanges {
	/** Those of this process. */
	readonly all: Exchange[] = [];

	/** What the run saw besides assumptions, in complete sentences without anything of the account. */
	readonly notes: string[] = [];

	private sums = NOTHING;

	/** How many requests the run made before it was resumed. */
	private earlier = 0;

	/** @param isApi false for the address of a file, to which the rules of the API do not apply. */
	add(exchange: Exchange, isApi = true): void {
		this.all.push(exchange);
		const { status } = exchange;
		if (isApi && status !== null && exchange.path.startsWith('/rest/'))
			this.sums = sum(this.sums, tallyOf({ ...exchange, status }));
	}

	/** Adds what an earlier process of the run counted. */
	restore(count: number, notes: readonly string[], tally: Tally): void {
		this.earlier += count;
		this.notes.unshift(...notes);
		this.sums = sum(tally, this.sums);
	}

	/** What holds for the responses of the API. */
	get tally(): Tally {
		return this.sums;
	}

	get count(): number {
		return this.earlier + this.all.length;
	}

	get last(): Exchange | undefined {
		return this.all.at(-1);
	}
}
