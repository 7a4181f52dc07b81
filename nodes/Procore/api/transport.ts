import {
	sleep,
	type IExecuteFunctions,
	type IHookFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
} from 'n8n-workflow';

import { explainId } from '../model/id';
import { toJson, type JsonBody } from '../model/json';
import { refusal } from './refusal';
import { answerIn, readResponse, readThrown, type Answer } from './answer';
import { readAccount, type ProcoreAccount } from './environment';
import { ENTER_COMPANY, ProcoreFailure, type ProcoreAnswer, type Purpose } from './failure';
import { describeAnswer, isJson, type Form } from './form';
import { backoff, patienceBefore, USUAL, type Conduct, type Patience } from './patience';
import { askedToWait, rateBudget, type Headers, type RateBudget } from './rate-budget';
import { wordsOf } from './words';

/** The name of the one credential that both nodes take. */
export const CREDENTIAL_TYPE = 'procoreOAuth2Api';

/** Every place of n8n from which the nodes speak to Procore. */
export type ApiContext =
	IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IPollFunctions;

/** One request to Procore's REST API. */
export interface ProcoreRequest {
	readonly method: IHttpRequestMethods;
	/** From `/rest` on. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
	readonly body?: JsonBody;
	/** Goes out as `Procore-Company-Id`; null or empty: no such header. */
	readonly companyId: string | null;
	readonly purpose: Purpose;
	/** Whether doing it twice is the same as doing it once. Then it is tried again when no answer came. */
	readonly repeatable: boolean;
	/** Statuses that are an answer to this request, besides 2xx. */
	readonly accept?: readonly number[];
	/** What the body of a 2xx has to be; an object or a list if left out. */
	readonly form?: Form;
	/** At most this many tries, for a request that may well fail. */
	readonly attempts?: number;
	/** What must never be quoted, should Procore repeat it: the Authorization value in the body. */
	readonly secret?: string | undefined;
}

/** An answer that counts: a 2xx, or a status that the request accepts. */
export interface ProcoreResponse extends Answer {
	/** Whether an earlier try may already have been carried out, its answer lost. */
	readonly isRepetition: boolean;
}

/** As a message names the field, so that it is told from the node's own Company. */
const COMPANY_ID_FIELD = 'Company ID of the credential';

const MAX_THROTTLED = 5;

/** Statuses after which nobody knows whether the request was carried out (500: Procore's pages say to try again). */
const NO_CLEAR_ANSWER = new Set([408, 500, 502, 504]);

/**
 * The only place that speaks HTTP to Procore: signs through n8n's OAuth2 helper (which renews an expired token once
 * under concurrency), names the company, keeps the rate limit, sits out 429 and 503, tries again what is safe to
 * repeat, and turns everything else into a {@link ProcoreFailure}.
 */
export class Transport {
	/** Rows a page that worked where more did not, see `page-size.ts`. */
	readonly pageSizes = new Map<string, number>();

	private constructor(
		private readonly context: ApiContext,
		readonly account: ProcoreAccount,
		private readonly conduct: Conduct,
	) {}

	/**
	 * Reads the credential of the node that runs; sends nothing.
	 *
	 * @throws what n8n throws where the node has no credential that it can read.
	 * @throws NodeOperationError if the credential's Company ID is not an id.
	 */
	static async open(context: ApiContext, conduct: Conduct = {}): Promise<Transport> {
		const account = readAccount(await context.getCredentials(CREDENTIAL_TYPE));
		const { companyId } = account;
		const reason = companyId === '' ? undefined : explainId(companyId, COMPANY_ID_FIELD);
		if (reason !== undefined) throw refusal(context.getNode(), reason);
		return new Transport(context, account, conduct);
	}

	/** How patient a request may be now. */
	private patienceFor({ attempts = Infinity }: ProcoreRequest): Patience {
		const { deadline = Infinity, patience = USUAL } = this.conduct;
		const left = patienceBefore(deadline, patience);
		return { ...left, attempts: Math.min(attempts, left.attempts) };
	}

	/** With client credentials Procore has limited each company by itself; a user's requests share one limit. */
	private budgetFor({ companyId }: ProcoreRequest): RateBudget {
		const { apiUrl, clientId, grantType } = this.account;
		const company = grantType === 'clientCredentials' ? ` ${companyId ?? ''}` : '';
		return rateBudget(`${apiUrl} ${clientId}${company}`);
	}

	/**
	 * @throws ProcoreFailure for every answer that is no 2xx or not of the form asked for, and where none came.
	 * @throws NodeOperationError where the work was called off, before anything is sent.
	 */
	async request(request: ProcoreRequest): Promise<ProcoreResponse> {
		let throttled = 0;
		for (let attempt = 0; ;) {
			if (this.conduct.cancellation?.isCanceled) {
				throw refusal(
					this.context.getNode(),
					`Could not ${request.purpose}: this was called off, since the workflow was activated or deactivated again meanwhile.`,
				);
			}
			const result = await this.send(request);
			const { attempts, maxWait } = this.patienceFor(request);
			if ('thrown' in result) {
				const { answer, words } = readThrown(result.thrown, request.secret);
				attempt += 1;
				if (answer.kind === 'refused' || !request.repeatable || attempt >= attempts) {
					throw this.failure(request, answer, words);
				}
				await sleep(backoff(attempt - 1));
				continue;
			}
			const { status, headers, body } = result;
			const isSuccess = status >= 200 && status < 300;
			const isOfForm = !isSuccess || (request.form ?? isJson)(body);
			if ((isSuccess || request.accept?.includes(status)) && isOfForm) {
				return { ...result, isRepetition: attempt > 0 };
			}
			if (!isOfForm || (status >= 300 && status < 400)) throw this.unexpected(request, result);
			if (status === 429 || status === 503) {
				const wait = askedToWait(headers) ?? backoff(throttled + 1);
				const isTooLong = wait > maxWait || throttled >= MAX_THROTTLED;
				if (!isTooLong) this.budgetFor(request).pause(wait);
				// A 503 does not tell whether the work was done: only what is safe to repeat is sent again.
				if (isTooLong || (status === 503 && !request.repeatable)) {
					const advice = isTooLong
						? `Procore asks to wait ${Math.ceil(wait / 1000)} seconds: try again then, or send fewer requests.`
						: undefined;
					const kind = status === 503 ? 'unknown' : 'refused';
					const words = wordsOf(body, request.secret);
					throw this.failure(request, { kind, status }, words, advice);
				}
				throttled += 1;
				continue;
			}
			attempt += 1;
			const clear = !NO_CLEAR_ANSWER.has(status);
			if (clear || !request.repeatable || attempt >= attempts) {
				const kind = clear ? 'refused' : 'unknown';
				throw this.failure(request, { kind, status }, wordsOf(body, request.secret));
			}
			await sleep(backoff(attempt - 1));
		}
	}

	/**
	 * A failure of this node's, with the transport's form of message.
	 *
	 * @param words as {@link wordsOf} gives them: without anything secret.
	 * @param advice what the reader should do, where the answer alone does not tell.
	 */
	failure(
		{ purpose, companyId }: Pick<ProcoreRequest, 'purpose'> & Partial<ProcoreRequest>,
		answer: ProcoreAnswer,
		words: string,
		advice?: string,
	): ProcoreFailure {
		const lacksCompany = !companyId && companyId !== undefined && this.account.companyId === '';
		const isAboutCompany = lacksCompany && [400, 403, 404].includes(answer.status ?? 0);
		return new ProcoreFailure(
			this.context.getNode(),
			purpose,
			answer,
			words,
			advice ?? (isAboutCompany ? ENTER_COMPANY : undefined),
		);
	}

	/** Something else than Procore's API answered, or not with what was asked for: nobody knows what was done. */
	private unexpected(request: ProcoreRequest, answer: Answer): ProcoreFailure {
		const { status } = answer;
		const instead = describeAnswer(answer, this.account.apiUrl, request.secret);
		return this.failure(request, { kind: 'unknown', status, instead }, '');
	}

	private async send(request: ProcoreRequest): Promise<Answer | { thrown: unknown }> {
		const patience = this.patienceFor(request);
		const budget = this.budgetFor(request);
		const query = new URLSearchParams();
		for (const [name, value] of Object.entries(request.query ?? {})) {
			if (value !== undefined) query.set(name, String(value));
		}
		const search = query.size === 0 ? '' : `?${query.toString()}`;
		const options: IHttpRequestOptions = {
			method: request.method,
			url: `${this.account.apiUrl}${request.path}${search}`,
			headers: {
				Accept: 'application/json',
				...(request.companyId ? { 'Procore-Company-Id': request.companyId } : {}),
				...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
			},
			// Text both ways: n8n's own JSON would round the 19 digits of an id.
			...(request.body === undefined ? {} : { body: toJson(request.body) }),
			encoding: 'text',
			returnFullResponse: true,
			// A 401 has to throw, else n8n does not renew the token.
			ignoreHttpStatusErrors: { ignore: true, except: [401] },
			// Procore's API redirects nowhere: whoever does is something in between, and gets no token.
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			timeout: patience.timeout,
		};
		await budget.take(patience.maxWait);
		let headers: Headers = {};
		const ask = async (asked: IHttpRequestOptions) => {
			const { httpRequestWithAuthentication } = this.context.helpers;
			return readResponse(
				await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, asked),
			);
		};
		try {
			let response = await ask(options);
			// n8n 1.x knows no exception and gives the 401 back: asked in this way it renews the token.
			if (response.status === 401) {
				response = await ask({ ...options, ignoreHttpStatusErrors: false });
			}
			headers = response.headers;
			return response;
		} catch (thrown) {
			return answerIn(thrown) ?? { thrown };
		} finally {
			budget.release(headers);
		}
	}
}
