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

/** Reads the full response that n8n's request helper returns for a stream. */
export function readStreamResponse(response: unknown): StreamResponse {
	const body: unknown =
		typeof response === 'object' && response !== null && 'body' in response
			? response.body
			: undefined;
	const { status, headers } = readResponse(
		typeof response === 'object' && response !== null ? { ...response, body: '' } : {},
	);
	return { status, headers, body: isStream(body) ? body : undefined };
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
		headers: companyId === null ? {} : { 'Procore-Company-Id': companyId },
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
