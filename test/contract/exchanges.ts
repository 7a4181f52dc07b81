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
	/** Whether the product's own API layer made the request. */
	readonly byProduct: boolean;
}

/** All requests of a run. */
export class Exchanges {
	readonly all: Exchange[] = [];

	/** What the run saw besides assumptions, in complete sentences without anything of the account. */
	readonly notes: string[] = [];

	/** Whether the requests that follow are the product's own. */
	byProduct = false;

	constructor(private readonly onChange: (count: number) => void = () => undefined) {}

	add(exchange: Omit<Exchange, 'byProduct'>): void {
		this.all.push({ ...exchange, byProduct: this.byProduct });
		this.onChange(this.all.length);
	}

	get count(): number {
		return this.all.length;
	}

	get last(): Exchange | undefined {
		return this.all.at(-1);
	}
}
