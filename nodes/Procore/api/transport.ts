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
import { ProcoreFailure, wordsOf, type ProcoreAnswer, type Purpose } from './failure';
import { askedToWait, rateBudget, type Headers, type RateBudget } from './rate-budget';

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
	/** Goes out as `Procore-Company-Id`; null only where Procore needs none. */
	readonly companyId: string | null;
	readonly purpose: Purpose;
	/** Whether doing it twice is the same as doing it once. Then it is tried again when no answer came. */
	readonly repeatable: boolean;
	/** Statuses that are an answer to this request, besides 2xx. */
	readonly accept?: readonly number[];
	/** What must never be quoted, should Procore repeat it: the Authorization value in the body. */
	readonly secret?: string | undefined;
}

/** An answer that counts: a 2xx, or a status that the request accepts. */
export interface ProcoreResponse extends Answer {
	/** Whether an earlier try may already have been carried out, its answer lost. */
	readonly isRepetition: boolean;
}

/** How long one request may take, in milliseconds, and how often it is tried. */
export interface Patience {
	readonly timeout: number;
	/** Tries of what is safe to repeat, where no clear answer came. */
	readonly attempts: number;
	/** A longer wait that Procore asks for is not sat out: the message says how long it is. */
	readonly maxWait: number;
}

/** How the requests of one piece of work are sent. */
export interface Conduct {
	/** Usually a minute for each request. */
	readonly patience?: Patience;
	/** Once it is called off, nothing more is sent. */
	readonly underWay?: { readonly isCalledOff: boolean };
	/** Milliseconds since 1970. Afterwards nothing is waited for and nothing tried again, as for what has to be undone. */
	readonly deadline?: number;
}

const USUAL: Patience = { timeout: 60_000, attempts: 4, maxWait: 60_000 };

/** For what n8n waits for: it breaks an activation off after 84 seconds. */
export const BRIEF: Patience = { timeout: 6_000, attempts: 2, maxWait: 6_000 };

/** For what has to be sent although the time is up. */
const HURRIED: Patience = { timeout: 6_000, attempts: 1, maxWait: 1_000 };

/** As a message names the field, so that it is told from the node's own Company. */
const COMPANY_ID_FIELD = 'Company ID of the credential';

const MAX_THROTTLED = 5;
const FIRST_BACKOFF_MS = 500;

/** Statuses after which nobody knows whether the request was carried out (500: Procore's pages say to try again). */
const NO_CLEAR_ANSWER = new Set([408, 500, 502, 504]);

function backoff(attempt: number): number {
	return FIRST_BACKOFF_MS * 2 ** attempt * (1 + Math.random() / 4);
}

/**
 * The only place that speaks HTTP to Procore: signs through n8n's OAuth2 helper (which renews an expired token once
 * under concurrency), names the company, keeps the rate limit, sits out 429 and 503, tries again what is safe to
 * repeat, and turns everything else into a {@link ProcoreFailure}.
 */
export class Transport {
	private constructor(
		private readonly context: ApiContext,
		readonly account: ProcoreAccount,
		private readonly budget: RateBudget,
		private readonly patience: Patience,
		private readonly underWay: Conduct['underWay'],
		private readonly deadline: number,
	) {}

	/**
	 * Reads the credential of the node that runs; sends nothing.
	 *
	 * @throws what n8n throws where the node has no credential that it can read.
	 * @throws NodeOperationError if the credential's Company ID is not an id.
	 */
	static async open(
		context: ApiContext,
		{ patience = USUAL, underWay, deadline = Infinity }: Conduct = {},
	): Promise<Transport> {
		const account = readAccount(await context.getCredentials(CREDENTIAL_TYPE));
		const reason =
			account.companyId === '' ? undefined : explainId(account.companyId, COMPANY_ID_FIELD);
		if (reason !== undefined) throw refusal(context.getNode(), reason);
		return new Transport(
			context,
			account,
			rateBudget(`${account.apiUrl} ${account.clientId}`),
			patience,
			underWay,
			deadline,
		);
	}

	/** How patient a request may be now. */
	private get patienceLeft(): Patience {
		const left = this.deadline - Date.now();
		if (left <= 0) return HURRIED;
		const { timeout, attempts, maxWait } = this.patience;
		return { timeout: Math.min(timeout, left), attempts, maxWait: Math.min(maxWait, left) };
	}

	/**
	 * @throws ProcoreFailure for every answer that is no 2xx, and where none came.
	 * @throws NodeOperationError where the work was called off, before anything is sent.
	 */
	async request(request: ProcoreRequest): Promise<ProcoreResponse> {
		let throttled = 0;
		for (let attempt = 0; ;) {
			if (this.underWay?.isCalledOff) {
				throw refusal(
					this.context.getNode(),
					`Could not ${request.purpose}: this was called off, since the workflow was activated or deactivated again meanwhile.`,
				);
			}
			const result = await this.send(request);
			if ('thrown' in result) {
				const { answer, words } = readThrown(result.thrown, request.secret);
				attempt += 1;
				if (
					answer.kind === 'refused' ||
					!request.repeatable ||
					attempt >= this.patienceLeft.attempts
				) {
					throw this.failure(request, answer, words);
				}
				await sleep(backoff(attempt - 1));
				continue;
			}
			const { status, headers, body } = result;
			if ((status >= 200 && status < 300) || request.accept?.includes(status)) {
				return { ...result, isRepetition: attempt > 0 };
			}
			if (status === 429 || status === 503) {
				const wait = askedToWait(headers) ?? backoff(throttled + 1);
				if (wait > this.patienceLeft.maxWait || throttled >= MAX_THROTTLED) {
					const advice = `Procore asks to wait ${Math.ceil(wait / 1000)} seconds: try again then, or send fewer requests.`;
					const words = wordsOf(body, request.secret);
					throw this.failure(request, { kind: 'refused', status }, words, advice);
				}
				throttled += 1;
				this.budget.pause(wait);
				continue;
			}
			attempt += 1;
			const clear = !NO_CLEAR_ANSWER.has(status);
			if (clear || !request.repeatable || attempt >= this.patienceLeft.attempts) {
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
		{ purpose }: Pick<ProcoreRequest, 'purpose'>,
		answer: ProcoreAnswer,
		words: string,
		advice?: string,
	): ProcoreFailure {
		return new ProcoreFailure(this.context.getNode(), purpose, answer, words, advice);
	}

	private async send(request: ProcoreRequest): Promise<Answer | { thrown: unknown }> {
		const patience = this.patienceLeft;
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
				...(request.companyId === null ? {} : { 'Procore-Company-Id': request.companyId }),
				...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
			},
			// Text both ways: n8n's own JSON would round the 19 digits of an id.
			...(request.body === undefined ? {} : { body: toJson(request.body) }),
			encoding: 'text',
			returnFullResponse: true,
			// A 401 has to throw, else n8n does not renew the token.
			ignoreHttpStatusErrors: { ignore: true, except: [401] },
			sendCredentialsOnCrossOriginRedirect: false,
			timeout: patience.timeout,
		};
		await this.budget.take(patience.maxWait);
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
			this.budget.release(headers);
		}
	}
}
