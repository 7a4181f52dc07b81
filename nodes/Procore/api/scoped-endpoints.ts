import type { JsonObject, JsonValue } from '../model/json';
import { settle } from './concurrency';
import { ProcoreFailure, type Purpose } from './failure';
import { hasId, isEmptyBody, isEmptyOrJson, isRows } from './body-check';
import { hookPath, triggersPath } from './webhooks-api';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Trigger } from '../model/trigger';
import type { ListClient } from './page-size';
import { allPages } from './paging';
import { readTrigger } from './read-model';
import { triggersOf } from './row-filter';
import type { ProcoreRequest, AcceptedResponse, Transport } from './transport';
import { readErrorText } from './error-text';

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
	protected abstract canBeApiWide(request: ProcoreRequest): boolean;

	/** The form of an answer that is one thing. */
	protected readonly isEntity = (body: JsonValue): boolean => hasId(this.unwrap(body));

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
		const expects = (body: JsonValue) => isRows(this.unwrap(body), isRow);
		const request = { ...this.read(scope, path, purpose, query), expects };
		return await allPages(this.client(scope), request, this.perPage, (body) => this.unwrap(body));
	}

	protected async write(
		scope: Scope,
		request: Omit<ProcoreRequest, 'companyId'>,
	): Promise<AcceptedResponse> {
		return await this.client(scope).request({
			expects: this.isEntity,
			...request,
			path: `${this.base(scope)}${request.path}`,
			companyId: scope.companyId,
		});
	}

	/** Wraps the transport: a 404 or 410 only passes if the API as a whole still responds. */
	protected client(scope: Scope): ListClient {
		const request = async (sent: ProcoreRequest): Promise<AcceptedResponse> => {
			const result = await settle(async () => await this.transport.request(sent));
			if (result.ok) return result.value;
			const { failure } = result;
			if (failure instanceof ProcoreFailure && this.canBeApiWide(sent)) {
				const { outcome, errorText } = failure;
				if (outcome.status !== null && ABSENT.includes(outcome.status)) {
					await this.assertAnswers(scope, sent, outcome.status, errorText);
				}
			}
			throw failure;
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
			expects: isEmptyOrJson,
		} as const;
		const first = await this.write(scope, request);
		const { status, body, isRetry } = first;
		if (this.isDeleted(first)) return true;
		if (!ABSENT.includes(status)) {
			const again = await this.write(scope, { ...request, expects: isEmptyBody });
			if (this.isDeleted(again) || ABSENT.includes(again.status)) return true;
			throw this.transport.failure(
				request,
				{ kind: 'unknown', status: again.status },
				'this is not its answer to a deletion',
				'Check whether a proxy or a login page stands in between, then try again.',
			);
		}
		await this.assertAnswers(scope, request, status, readErrorText(body));
		return isRetry;
	}

	private isDeleted({ status, body }: Pick<AcceptedResponse, 'status' | 'body'>): boolean {
		return status === this.deletedStatus && isEmptyBody(body);
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
			{ kind: 'refused', status, isApiWide: true },
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
		const result = await settle(
			async () => await this.transport.request({ ...request, accept: ABSENT }),
		);
		if (result.ok) return !ABSENT.includes(result.value.status);
		const { failure } = result;
		const isRefused = failure instanceof ProcoreFailure && failure.outcome.kind === 'refused';
		if (isRefused && [400, 403].includes(failure.outcome.status ?? 0)) return true;
		throw failure;
	}
}
