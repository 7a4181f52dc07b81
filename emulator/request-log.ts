export interface LoggedRequest {
	method: string;
	path: string;
	/** Decoded; empty for `/oauth`, whose queries can hold codes. */
	query: Record<string, string>;
	/** 0 if the connection was dropped. */
	status: number;
	companyHeader: string | null;
	/** Real time. */
	at: string;
	client?: string;
}

const LONGEST_LOG = 20_000;

/** The calls so far, at most the newest {@link LONGEST_LOG}. */
export class RequestLog {
	private entries: LoggedRequest[] = [];

	add(entry: LoggedRequest): void {
		this.entries.push(entry);
		if (this.entries.length > LONGEST_LOG) this.entries = this.entries.slice(LONGEST_LOG / 2);
	}

	all(): LoggedRequest[] {
		return this.entries;
	}

	clear(): void {
		this.entries = [];
	}
}
