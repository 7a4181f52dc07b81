import type { JsonObject } from './json';
import { isObject } from './json';

/** A file that Procore keeps. Its content is generated, so that a large one takes no memory. */
export interface StoredFile {
	readonly id: string;
	readonly name: string;
	readonly bytes: number;
	readonly contentType: string;
	/** Whether the storage host tells the size. */
	readonly tellsSize: boolean;
	/** After how many bytes the storage host stops sending, and leaves the connection open. */
	readonly stallsAfter?: number;
	/** Where the storage host redirects to in place of serving the file. */
	readonly leadsTo?: string;
}

/** A request to the storage host. */
export interface StorageRequest {
	readonly path: string;
	readonly status: number;
	/** Whether it carried a token, which the storage host must never see. */
	readonly hasAuthorization: boolean;
	/** Names of headers that belong to Procore's API. */
	readonly procoreHeaders: string[];
}

/** What an address in a record is before it is read: `emulator-file:12`. */
const MARK = /^emulator-file:(\w+)$/;

/** The files of the emulator, and what its storage host was asked. */
export class FileStore {
	/** Virtual milliseconds for which an address works. */
	lifetimeMs = 3_600_000;

	/** The base URL of the storage host, once it listens. */
	storageUrl = '';

	private readonly files = new Map<string, StoredFile>();
	private log: StorageRequest[] = [];
	private lastId = 0;
	private lastAddress = 0;

	reset(): void {
		this.lifetimeMs = 3_600_000;
		this.files.clear();
		this.lastId = 0;
		this.log = [];
	}

	add(file: Omit<StoredFile, 'id'>): StoredFile {
		this.lastId += 1;
		const stored = { ...file, id: String(this.lastId) };
		this.files.set(stored.id, stored);
		return stored;
	}

	find(id: string): StoredFile | undefined {
		return this.files.get(id);
	}

	delete(id: string): void {
		this.files.delete(id);
	}

	noteRequest(request: StorageRequest): void {
		this.log.push(request);
	}

	requests(): StorageRequest[] {
		return this.log;
	}

	clearRequests(): void {
		this.log = [];
	}

	/** An address of a file on a host, which expires. Each one is different, as if it were signed. */
	address(host: string, folder: string, id: string, now: number): string {
		this.lastAddress += 1;
		return `${host}/${folder}/${id}?expires=${now + this.lifetimeMs}&sig=${this.lastAddress}`;
	}

	/** Returns a record as it is read now: with fresh addresses of its files. */
	withAddresses(value: unknown, host: string, now: number): unknown {
		if (typeof value === 'string') {
			const id = MARK.exec(value)?.[1];
			return id === undefined ? value : this.address(host, 'files', id, now);
		}
		if (Array.isArray(value)) {
			return value.map((each: unknown) => this.withAddresses(each, host, now));
		}
		if (!isObject(value)) return value;
		const fresh: JsonObject = {};
		for (const [key, each] of Object.entries(value)) {
			fresh[key] = this.withAddresses(each, host, now);
		}
		return fresh;
	}
}
