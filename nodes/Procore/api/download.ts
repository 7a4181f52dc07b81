import { sleep } from 'n8n-workflow';

import { settle } from './concurrency';
import type { Purpose } from './failure';
import { mayCarryToken, redirectTarget } from './file-access';
import { readThrown } from './http-response';
import { requestedWait } from './rate-budget';
import { backoff, DEFAULT_RETRIES } from './retry-policy';
import { discard, type ByteStream, type StreamResponse } from './stream-response';
import type { Transport } from './transport';

/** Procore's own example follows this many redirects. */
const MAX_REDIRECTS = 5;

/** Statuses of a file that does not exist, that the account cannot access, or whose address has expired. */
const GONE: readonly number[] = [400, 401, 403, 404, 410];

const TRY_AGAIN: readonly number[] = [408, 429, 500, 502, 503, 504];

/** The response to a request for a file. */
export type OpenedFile =
	| {
			readonly kind: 'open';
			readonly stream: ByteStream;
			/** In bytes; null if the server does not state it. */
			readonly size: number | null;
			readonly contentType: string | null;
	  }
	/** Nothing can be downloaded from this address, or no longer. */
	| { readonly kind: 'gone'; readonly status: number }
	/** The host sends something else, such as a login page. `instead` says which host, and what. */
	| { readonly kind: 'foreign'; readonly status: number; readonly instead: string };

/** A file to download. */
export interface FileRequest {
	readonly url: string;
	readonly name: string;
	readonly companyId: string;
	readonly purpose: Purpose;
}

function sizeOf({ headers }: StreamResponse): number | null {
	// The length of a compressed body says nothing about the file.
	if ((headers['content-encoding'] ?? 'identity') !== 'identity') return null;
	const length = headers['content-length'] ?? '';
	return /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** The file extensions of what a proxy, a login page or an API responds with instead of a file. */
const FOREIGN_TYPES: Readonly<Record<string, readonly string[]>> = {
	'text/html': ['html', 'htm'],
	'application/json': ['json'],
};

/** Whether a response is a page or an error instead of the file: Procore's own errors have other statuses. */
function isForeign(contentType: string, name: string): boolean {
	const extensions = FOREIGN_TYPES[contentType.toLowerCase()];
	if (extensions === undefined) return false;
	return !extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`));
}

function contentTypeOf({ headers }: StreamResponse): string {
	const [contentType = ''] = (headers['content-type'] ?? '').split(';', 1);
	return contentType.trim();
}

/** Downloads files from Procore and from where it redirects to. */
export class Downloads {
	constructor(private readonly transport: Transport) {}

	/**
	 * Opens a file. Follows redirects itself, because the token must not go along: the storage host that Procore redirects to
	 * is another company's.
	 *
	 * @throws ProcoreFailure if no host answers, or Procore rejects the token.
	 */
	async open(request: FileRequest): Promise<OpenedFile> {
		const path: string[] = [];
		for (let url = request.url; ;) {
			const response = await this.send(url, path, request);
			const { status, headers, body } = response;
			const contentType = contentTypeOf(response);
			const isFile = status >= 200 && status < 300 && !isForeign(contentType, request.name);
			if (isFile && body !== undefined) {
				return {
					kind: 'open',
					stream: body,
					size: sizeOf(response),
					contentType: contentType === '' ? null : contentType,
				};
			}
			discard(response);
			if (GONE.includes(status)) return { kind: 'gone', status };
			const isRedirect = status >= 300 && status < 400;
			const target = isRedirect ? redirectTarget(headers.location, url) : undefined;
			if (target === undefined || path.length >= MAX_REDIRECTS) {
				const what = `with ${target === undefined ? 'something other than the file' : 'yet another redirect'}`;
				const instead = `${new URL(url).host} answered ${status} ${what}`;
				return { kind: 'foreign', status, instead };
			}
			path.push(url);
			url = target;
		}
	}

	/** Sends a request for a file, and retries it while the server is unavailable. */
	private async send(
		url: string,
		path: readonly string[],
		{ companyId, purpose }: FileRequest,
	): Promise<StreamResponse> {
		const isSigned = mayCarryToken(url, path, this.transport.account);
		const { attempts, maxWait } = DEFAULT_RETRIES;
		for (let attempt = 1; ; attempt += 1) {
			const result = await settle(
				async () => await this.transport.openStream(url, isSigned ? companyId : null),
			);
			if (result.ok && !TRY_AGAIN.includes(result.value.status)) return result.value;
			let wait = backoff(attempt - 1);
			if (result.ok) {
				discard(result.value);
				wait = requestedWait(result.value.headers) ?? wait;
			}
			const { outcome, errorText } = result.ok
				? { outcome: { kind: 'unknown', status: result.value.status } as const, errorText: '' }
				: readThrown(result.failure, undefined);
			if (outcome.kind === 'refused' || attempt >= attempts || wait > maxWait) {
				throw this.transport.failure({ purpose }, outcome, errorText);
			}
			await sleep(wait);
		}
	}
}
