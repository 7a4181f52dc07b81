import type { IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

import { toJson, type JsonBody } from '../model/json';
import type { BodyCheck } from './body-check';
import type { Purpose } from './failure';
import type { HttpResponse } from './http-response';

/** One request to Procore's REST API. */
export interface ProcoreRequest {
	readonly method: IHttpRequestMethods;
	/** Starts with `/rest`. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
	readonly body?: JsonBody;
	/**
	 * Sent as `Procore-Company-Id`; null or empty sends no such header. Procore refuses one that is not the company of the
	 * path [COMPANY-HEADER-OTHER].
	 */
	readonly companyId: string | null;
	readonly purpose: Purpose;
	/** Whether the request is idempotent. If so, it is retried when its outcome is unknown. */
	readonly repeatable: boolean;
	/** Statuses besides 2xx that are returned instead of thrown. */
	readonly accept?: readonly number[];
	/** Checks the body of a 2xx; defaults to an object or a list. */
	readonly expects?: BodyCheck;
	/** Maximum number of attempts, for a request that is likely to fail. */
	readonly attempts?: number;
	/** The Authorization value in the body, which is masked if Procore repeats it in an error. */
	readonly secret?: string | undefined;
}

/** A response with a 2xx status, or with a status that the request accepts. */
export interface AcceptedResponse extends HttpResponse {
	/** Whether an earlier attempt might already have been carried out. */
	readonly isRetry: boolean;
}

/**
 * Converts a request for n8n's request helper.
 *
 * @param timeout in milliseconds.
 */
export function toHttpRequest(
	request: ProcoreRequest,
	apiUrl: string,
	timeout: number,
): IHttpRequestOptions {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(request.query ?? {})) {
		if (value !== undefined) query.set(name, String(value));
	}
	const search = query.size === 0 ? '' : `?${query.toString()}`;
	return {
		method: request.method,
		url: `${apiUrl}${request.path}${search}`,
		headers: {
			Accept: 'application/json',
			...(request.companyId ? { 'Procore-Company-Id': request.companyId } : {}),
			...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
		},
		// JSON is written and parsed here, because n8n's own would round 19-digit ids.
		...(request.body === undefined ? {} : { body: toJson(request.body) }),
		encoding: 'text',
		returnFullResponse: true,
		// n8n renews the token only if a 401 throws [ERROR-401-BODY].
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
		// Procore's API never redirects [NO-REDIRECTS]. A proxy or login page that does must not get the token.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout,
	};
}
