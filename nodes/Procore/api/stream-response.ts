import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { Headers } from './rate-budget';
import { readResponse } from './http-response';

type StoredForm = Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0];

/** A stream of bytes that n8n can store. */
export type ByteStream = Exclude<StoredForm, Buffer>;

/** The response to a request for a file. Its body must be read or destroyed. */
export interface StreamResponse {
	readonly status: number;
	/** Names are in lower case. */
	readonly headers: Headers;
	/** Undefined if the response has no body, or n8n has already read it. */
	readonly body: ByteStream | undefined;
}

function isStream(value: unknown): value is ByteStream {
	return (
		typeof value === 'object' &&
		value !== null &&
		'destroy' in value &&
		typeof value.destroy === 'function' &&
		'pipe' in value &&
		typeof value.pipe === 'function'
	);
}

type BodyWithTimeout = ByteStream & {
	setTimeout(milliseconds: number, onSilence: () => void): unknown;
};

/** Whether a body comes from the connection as it is, which is so unless n8n decompresses it. */
function hasTimeout(body: ByteStream): body is BodyWithTimeout {
	return 'setTimeout' in body && typeof body.setTimeout === 'function';
}

/** Ends a body with an error if nothing comes for a while: the timeout of a request ends when its response begins. */
function endIfSilent(body: ByteStream, timeout: number): void {
	if (!hasTimeout(body)) return;
	body.setTimeout(timeout, () => {
		body.destroy(Object.assign(new Error('The host stopped sending'), { code: 'ETIMEDOUT' }));
	});
}

/**
 * Reads the full response that n8n's request helper returns for a stream.
 *
 * @param timeout after how many milliseconds without data the body fails.
 */
export function readStreamResponse(response: unknown, timeout: number): StreamResponse {
	const body: unknown =
		typeof response === 'object' && response !== null && 'body' in response
			? response.body
			: undefined;
	const { status, headers } = readResponse(
		typeof response === 'object' && response !== null ? { ...response, body: '' } : {},
	);
	if (!isStream(body)) return { status, headers, body: undefined };
	endIfSilent(body, timeout);
	return { status, headers, body };
}

/** Ends a response whose body is not needed, so that its connection is free again. */
export function discard({ body }: StreamResponse): void {
	// What fails from now on concerns nobody.
	body?.on('error', () => undefined);
	body?.destroy();
}

/**
 * Creates a request for a file.
 *
 * @param companyId null for a host that is not Procore's, which must not learn of the company.
 * @param timeout until the response begins, in milliseconds.
 */
export function toStreamRequest(
	url: string,
	companyId: string | null,
	timeout: number,
): IHttpRequestOptions {
	return {
		method: 'GET',
		url,
		headers: {
			// Only an uncompressed body tells its size, and fails if the host stops sending.
			'Accept-Encoding': 'identity',
			...(companyId === null ? {} : { 'Procore-Company-Id': companyId }),
		},
		encoding: 'stream',
		returnFullResponse: true,
		// n8n renews the token only if a 401 throws.
		ignoreHttpStatusErrors: { ignore: true, except: companyId === null ? [] : [401] },
		// n8n would send the token to wherever the redirect leads.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout,
	};
}
