import type { JsonObject, JsonValue } from '../model/json';
import { settle } from './concurrency';
import { ProcoreFailure, type Purpose } from './failure';
import { hasId, isEmpty, isNothing, isRows } from './form';
import { hookPath, triggersPath } from './generation';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Trigger } from '../model/trigger';
import type { ListClient } from './page-size';
import { allPages } from './paging';
import { readTrigger } from './read-model';
import { triggersOf } from './row-filter';
import type { ProcoreRequest, ProcoreResponse, Transport } from './transport';
import { wordsOf } from './words';

/** Answers of something that is not there, or no longer there. */
const ABSENT: readonly number[] = [404, 410];

/** No hook has it, so that the list which shows whether Procore answers at all is short. */
const PROBED_NAMESPACE = 'n8n-probe';

/** What both generations of the webhook endpoints do alike, once they have said where they keep things. */
export abstract class ScopedEndpoints {
	/** Rows to ask for on a page of a list. */
	protected abstract readonly perPage: number;

	constructor(protected readonly transport: Transport) {}

	/** What stands before the path of each endpoint. */
	protected abstract base(scope: Scope): string;

	/** What names the scope in the query of a request, where the path does not. */
	protected abstract scopeQuery(scope: Scope): Record<string, string>;

	/** The content of an answer, without what the generation wraps around it. */
	protected abstract unwrap(body: JsonValue): JsonValue | undefined;

	/** The status of an answer to a deletion that was done; its body is empty. */
	protected readonly deletedStatus: number = 200;

	/** What to do if every call answers 404 or 410; undefined: what a 404 always asks for. */
	protected abstract readonly goneAdvice: string | undefined;

	/** Whether a 404 or 410 of this request may be one of the whole API. */
	protected abstract mayBeOfEveryCall(request: ProcoreRequest): boolean;

	/** The form of an answer that is one thing. */
	protected readonly isThing = (body: JsonValue): boolean => hasId(this.unwrap(body));

	async deleteHook(scope: Scope, id: string): Promise<boolean> {
		return await this.remove(scope, hookPath(id), `delete hook ${id} of ${describeScope(scope)}`);
	}

	async listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>> {
		const purpose: Purpose = `list the triggers of hook ${hookId}`;
		const rows = await this.list(scope, triggersPath(hookId), purpose, {}, hasId);
		return triggersOf(
			rows.map((row) => readTrigger(row)),
			hookId,
		);
	}

	async deleteTrigger(scope: Scope, hookId: string, id: string): Promise<boolean> {
		return await this.remove(
			scope,
			`${triggersPath(hookId)}/${encodeURIComponent(id)}`,
			`delete trigger ${id} of hook ${hookId}`,
		);
	}

	protected read(
		scope: Scope,
		path: string,
		purpose: Purpose,
		query: ProcoreRequest['query'] = {},
	): ProcoreRequest {
		return {
			method: 'GET',
			path: `${this.base(scope)}${path}`,
			query: { ...this.scopeQuery(scope), ...query },
			companyId: scope.companyId,
			purpose,
			repeatable: true,
		};
	}

	/**
	 * Every row of a list, of all its pages.
	 *
	 * @param isRow what each row has to be, besides an object.
	 */
	protected async list(
		scope: Scope,
		path: string,
		purpose: Purpose,
		query: ProcoreRequest['query'] = {},
		isRow?: (row: unknown) => boolean,
	): Promise<JsonObject[]> {
		const form = (body: JsonValue) => isRows(this.unwrap(body), isRow);
		const request = { ...this.read(scope, path, purpose, query), form };
		return await allPages(this.client(scope), request, this.perPage, (body) => this.unwrap(body));
	}

	protected async write(
		scope: Scope,
		request: Omit<ProcoreRequest, 'companyId'>,
	): Promise<ProcoreResponse> {
		return await this.client(scope).request({
			form: this.isThing,
			...request,
			path: `${this.base(scope)}${request.path}`,
			companyId: scope.companyId,
		});
	}

	/** The transport, which passes a 404 or 410 on only if it cannot be one of the whole API. */
	protected client(scope: Scope): ListClient {
		const request = async (asked: ProcoreRequest): Promise<ProcoreResponse> => {
			const sent = await settle(async () => await this.transport.request(asked));
			if (sent.ok) return sent.value;
			const { failure } = sent;
			if (failure instanceof ProcoreFailure && this.mayBeOfEveryCall(asked)) {
				const { answer, words } = failure;
				if (answer.status !== null && ABSENT.includes(answer.status)) {
					await this.assertAnswers(scope, asked, answer.status, words);
				}
			}
			throw sent.failure;
		};
		return { request, pageSizes: this.transport.pageSizes };
	}

	/**
	 * Deletes a hook or a trigger. Only the documented answer tells that it is done: after any other one, such as a
	 * gateway gives, the call is sent again, and Procore answers 404 for what it has deleted.
	 *
	 * @returns whether there was something to delete; if an answer was lost, that counts as yes.
	 */
	private async remove(scope: Scope, path: string, purpose: Purpose): Promise<boolean> {
		const request = {
			method: 'DELETE',
			path,
			query: this.scopeQuery(scope),
			purpose,
			repeatable: true,
			accept: ABSENT,
			form: isNothing,
		} as const;
		const first = await this.write(scope, request);
		const { status, body, isRepetition } = first;
		if (this.isDeleted(first)) return true;
		if (!ABSENT.includes(status)) {
			const again = await this.write(scope, { ...request, form: isEmpty });
			if (this.isDeleted(again) || ABSENT.includes(again.status)) return true;
			throw this.transport.failure(
				request,
				{ kind: 'unknown', status: again.status },
				'this is not its answer to a deletion',
				'Check whether a proxy or a login page stands in between, then try again.',
			);
		}
		await this.assertAnswers(scope, request, status, wordsOf(body));
		return isRepetition;
	}

	private isDeleted({ status, body }: Pick<ProcoreResponse, 'status' | 'body'>): boolean {
		return status === this.deletedStatus && isEmpty(body);
	}

	/**
	 * Makes sure that a 404 or 410 is one of the thing that was asked for: the list of hooks of its scope is there, or at
	 * least that of its company.
	 *
	 * @throws ProcoreFailure if Procore answers these calls as it did the first one; or what keeps it from answering.
	 */
	private async assertAnswers(
		scope: Scope,
		asked: Pick<ProcoreRequest, 'purpose'>,
		status: number,
		words: string,
	): Promise<void> {
		if (await this.isThere(scope)) return;
		if (scope.kind === 'project') {
			const company: Scope = { kind: 'company', companyId: scope.companyId };
			if (await this.isThere(company)) return;
		}
		throw this.transport.failure(
			asked,
			{ kind: 'refused', status, isEveryCall: true },
			words,
			this.goneAdvice,
		);
	}

	/** Whether the list of hooks of a scope answers, be it that the account may not see it. */
	private async isThere(scope: Scope): Promise<boolean> {
		const request = this.read(
			scope,
			'/hooks',
			`check whether Procore still answers for ${describeScope(scope)}`,
			{
				namespace: PROBED_NAMESPACE,
				per_page: 10,
			},
		);
		const sent = await settle(
			async () => await this.transport.request({ ...request, accept: ABSENT }),
		);
		if (sent.ok) return !ABSENT.includes(sent.value.status);
		const { failure } = sent;
		const isRefused = failure instanceof ProcoreFailure && failure.answer.kind === 'refused';
		if (isRefused && [400, 403].includes(failure.answer.status ?? 0)) return true;
		throw sent.failure;
	}
}
