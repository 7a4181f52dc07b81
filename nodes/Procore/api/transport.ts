import {
	sleep,
	type IExecuteFunctions,
	type IHookFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { readResponse, readThrown, responseIn, type HttpResponse } from './http-response';
import { explainAccount, limitedAccount, readAccount, type ProcoreAccount } from './environment';
import { NO_COMPANY, ProcoreFailure, type FailureOutcome } from './failure';
import { isObjectOrList } from './body-check';
import { describeResponse } from './describe-response';
import { refusal } from './refusal';
import { toHttpRequest, type AcceptedResponse, type ProcoreRequest } from './request';
import {
	backoff,
	DEFAULT_RETRIES,
	MAX_THROTTLED,
	retriesBefore,
	UNKNOWN_OUTCOME,
	type RequestOptions,
	type RetryPolicy,
} from './retry-policy';
import { requestedWait, rateBudget, type Headers, type RateBudget } from './rate-budget';
import { readErrorText } from './error-text';
import {
	discard,
	readStreamResponse,
	toStreamRequest,
	type StreamResponse,
} from './stream-response';

/** The credential type of both nodes. */
export const CREDENTIAL_TYPE = 'procoreOAuth2Api';

/** The n8n contexts in which the nodes send requests. */
export type ApiContext =
	IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

/**
 * The only module that sends HTTP requests to Procore. It authenticates through n8n's OAuth2 helper (which renews an
 * expired token once, even for concurrent requests), sets the company header, stays within the rate limit, waits after a
 * 429 or 503, retries what is safe to repeat, and throws a {@link ProcoreFailure} for everything else.
 */
export class Transport {
	/** The page size that works for an endpoint after a larger one failed, see `page-size.ts`. */
	readonly pageSizes = new Map<string, number>();

	private constructor(
		private readonly context: ApiContext,
		readonly account: ProcoreAccount,
		private readonly options: RequestOptions,
	) {}

	/**
	 * Reads the credential of the running node. Sends no request.
	 *
	 * @throws n8n's error if the node has no readable credential.
	 * @throws NodeOperationError if the credential's Company ID is not an id, or its API URL not a URL.
	 */
	static async open(context: ApiContext, options: RequestOptions = {}): Promise<Transport> {
		const account = readAccount(await context.getCredentials(CREDENTIAL_TYPE));
		const reason = explainAccount(account);
		if (reason !== undefined) throw refusal(context.getNode(), reason);
		return new Transport(context, account, options);
	}

	/** Identifies the credential and where it leads to. Accounts of one app can access different things. */
	get accountKey(): string {
		const { apiUrl, clientId } = this.account;
		const credentialId = this.context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? '';
		return JSON.stringify([apiUrl, clientId, credentialId]);
	}

	private retriesFor({ attempts = Infinity }: ProcoreRequest): RetryPolicy {
		const { deadline = Infinity, retries = DEFAULT_RETRIES } = this.options;
		const policy = retriesBefore(deadline, retries);
		return { ...policy, attempts: Math.min(attempts, policy.attempts) };
	}

	private budgetFor({ companyId }: Pick<ProcoreRequest, 'companyId'>): RateBudget {
		return rateBudget(limitedAccount(this.account, companyId));
	}

	/** Returns how many requests are left for safety checks, see {@link RateBudget.upkeepLeft}. */
	upkeepLeft(companyId: string, share: number): number {
		return this.budgetFor({ companyId }).upkeepLeft(share);
	}

	/** Returns how many requests an hour are a share of the limit, see {@link RateBudget.hourlyShare}. */
	hourlyShare(companyId: string, share: number): number {
		return this.budgetFor({ companyId }).hourlyShare(share);
	}

	/**
	 * Sends a request and retries it as its outcome allows.
	 *
	 * @throws ProcoreFailure for a status that is neither 2xx nor accepted, a body that fails the check, or no response.
	 * @throws NodeOperationError if the work was canceled; nothing is sent then.
	 */
	async request(request: ProcoreRequest): Promise<AcceptedResponse> {
		let throttled = 0;
		for (let attempt = 0; ;) {
			if (this.options.cancellation?.isCanceled) {
				throw refusal(
					this.context.getNode(),
					`Could not ${request.purpose}: canceled because the workflow was published or unpublished again.`,
				);
			}
			const result = await this.send(request);
			const { attempts, maxWait } = this.retriesFor(request);
			if ('thrown' in result) {
				const { outcome, errorText } = readThrown(result.thrown, request.secret);
				attempt += 1;
				if (outcome.kind === 'refused' || !request.repeatable || attempt >= attempts) {
					throw this.failure(request, outcome, errorText);
				}
				await sleep(backoff(attempt - 1));
				continue;
			}
			const { status, headers, body } = result;
			const isSuccess = status >= 200 && status < 300;
			const isExpected = !isSuccess || (request.expects ?? isObjectOrList)(body);
			if ((isSuccess || request.accept?.includes(status)) && isExpected) {
				return { ...result, isRetry: attempt > 0 };
			}
			if (!isExpected || (status >= 300 && status < 400)) throw this.unexpected(request, result);
			if (status === 429 || status === 503) {
				const wait = requestedWait(headers) ?? backoff(throttled + 1);
				const isTooLong = wait > maxWait || throttled >= MAX_THROTTLED;
				if (!isTooLong) this.budgetFor(request).pause(wait);
				// A 503 leaves open whether the request was carried out, so it is only retried if that is safe.
				if (isTooLong || (status === 503 && !request.repeatable)) {
					const advice = isTooLong
						? `${status === 429 ? 'Rate limit reached. ' : ''}Try again in ${Math.ceil(wait / 1000)} seconds.`
						: undefined;
					const kind = status === 503 ? 'unknown' : 'refused';
					const errorText = readErrorText(body, request.secret);
					throw this.failure(request, { kind, status }, errorText, advice);
				}
				throttled += 1;
				continue;
			}
			attempt += 1;
			const isUnknown = UNKNOWN_OUTCOME.has(status);
			if (!isUnknown || !request.repeatable || attempt >= attempts) {
				const kind = isUnknown ? 'unknown' : 'refused';
				throw this.failure(request, { kind, status }, readErrorText(body, request.secret));
			}
			await sleep(backoff(attempt - 1));
		}
	}

	/**
	 * Sends one request for a file, once. A redirect is returned, not followed.
	 *
	 * @param companyId of a request to Procore's own hosts, which carries the token; null for one without it.
	 * @throws n8n's error if there was no response, and for a 401 that a new token did not fix.
	 */
	async openStream(url: string, companyId: string | null): Promise<StreamResponse> {
		const { timeout, maxWait } = this.options.retries ?? DEFAULT_RETRIES;
		const options = toStreamRequest(url, companyId, timeout);
		const { httpRequest, httpRequestWithAuthentication } = this.context.helpers;
		if (companyId === null) {
			return readStreamResponse(await httpRequest.call(this.context, options), timeout);
		}
		const budget = this.budgetFor({ companyId });
		const attempt = async (sent: IHttpRequestOptions) =>
			readStreamResponse(
				await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, sent),
				timeout,
			);
		let headers: Headers = {};
		await budget.take(maxWait);
		try {
			let response = await attempt(options);
			// As in `send`, for n8n 1.x.
			if (response.status === 401) {
				discard(response);
				response = await attempt({ ...options, ignoreHttpStatusErrors: false });
			}
			headers = response.headers;
			return response;
		} finally {
			budget.release(headers);
		}
	}

	/**
	 * Creates the failure of a request.
	 *
	 * @param errorText from {@link readErrorText}, so without secrets.
	 * @param advice what the user should do, if the caller knows more than the response tells.
	 */
	failure(
		{ purpose, companyId }: Pick<ProcoreRequest, 'purpose'> & Partial<ProcoreRequest>,
		outcome: FailureOutcome,
		errorText: string,
		advice?: string,
	): ProcoreFailure {
		const lacksCompany = !companyId && companyId !== undefined && this.account.companyId === '';
		const isAboutCompany = lacksCompany && [400, 403, 404].includes(outcome.status ?? 0);
		return new ProcoreFailure(
			this.context.getNode(),
			purpose,
			outcome,
			errorText,
			advice ?? (isAboutCompany ? NO_COMPANY : undefined),
		);
	}

	/** The response is not one of Procore's API, or not what was requested, so the outcome is unknown [JSON-BODIES]. */
	private unexpected(request: ProcoreRequest, response: HttpResponse): ProcoreFailure {
		const { status } = response;
		const instead = describeResponse(response, this.account.apiUrl, request.secret);
		return this.failure(request, { kind: 'unknown', status, instead }, '');
	}

	private async send(request: ProcoreRequest): Promise<HttpResponse | { thrown: unknown }> {
		const retries = this.retriesFor(request);
		const budget = this.budgetFor(request);
		const options = toHttpRequest(request, this.account.apiUrl, retries.timeout);
		await budget.take(retries.maxWait);
		if (this.options.isUpkeep === true) budget.countUpkeep();
		let headers: Headers = {};
		const attempt = async (sent: IHttpRequestOptions) => {
			const { httpRequestWithAuthentication } = this.context.helpers;
			return readResponse(
				await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, sent),
			);
		};
		try {
			let response = await attempt(options);
			// n8n 1.x ignores `except` and returns the 401. Sent like this, it renews the token.
			if (response.status === 401) {
				response = await attempt({ ...options, ignoreHttpStatusErrors: false });
			}
			headers = response.headers;
			return response;
		} catch (thrown) {
			return responseIn(thrown) ?? { thrown };
		} finally {
			budget.release(headers);
		}
	}
}
