import type { Headers } from '../../nodes/Procore/api/rate-budget';

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
	readonly all: Exchange[] = [];

	/** What the run saw besides assumptions, in complete sentences without anything of the account. */
	readonly notes: string[] = [];

	add(exchange: Exchange): void {
		this.all.push(exchange);
	}

	get count(): number {
		return this.all.length;
	}

	get last(): Exchange | undefined {
		return this.all.at(-1);
	}
}
