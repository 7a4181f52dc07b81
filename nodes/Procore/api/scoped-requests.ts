import type { JsonObject, JsonValue } from '../model/json';
import { describeScope, type Scope } from '../model/scope';
import { hasId, isEmptyBody, isEmptyOrJson, isRows } from './body-check';
import { settle } from './concurrency';
import { readErrorText } from './error-text';
import { ProcoreFailure, type Purpose } from './failure';
import type { ListClient } from './page-size';
import { allPages } from './paging';
import type { AcceptedResponse, ProcoreRequest } from './request';
import type { Transport } from './transport';

/** Statuses of something that does not exist, or no longer exists [ERROR-404-INVISIBLE] [V1-GONE-404]. */
const ABSENT: readonly number[] = [404, 410];

/** How often a deletion is sent until Procore confirms it. On v1.0, its own second response still does not. */
const MAX_DELETIONS = 3;

/** A namespace without hooks, which keeps the response short when the list of hooks is only requested as a probe. */
const PROBED_NAMESPACE = 'n8n-probe';

/**
 * Sends the requests of a webhooks API version to a scope. A subclass says where the version keeps a scope and how it
 * wraps its responses. A 404 or 410 counts only if the API as a whole still responds.
 */
export abstract class ScopedRequests {
	/** Rows per page to request from a list. */
	protected abstract readonly perPage: number;

	constructor(protected readonly transport: Transport) {}

	/** The path in front of each endpoint. */
	protected abstract base(scope: Scope): string;

	/** The query parameters that identify the scope, if the path does not. */
	protected abstract scopeQuery(scope: Scope): Record<string, string>;

	/** Returns the content of a response without its envelope. */
	protected abstract unwrap(body: JsonValue): JsonValue | undefined;

	/**
	 * The status that alone confirms a deletion, together with an empty body; undefined if what the version responds with
	 * could also come from a gateway.
	 */
	protected readonly deletedStatus: number | undefined = undefined;

	/** Advice if the whole API responds with 404 or 410; undefined for the usual advice about a 404. */
	protected abstract readonly goneAdvice: string | undefined;

	/** Whether a 404 or 410 to this request could come from the whole API. */
	protected abstract canBeApiWide(request: ProcoreRequest): boolean;

	/** Checks for a single object with an id. */
	protected readonly isEntity = (body: JsonValue): boolean => hasId(this.unwrap(body));

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
	 * Reads all rows of a list from all its pages.
	 *
	 * @param isRow checks each row; defaults to any object.
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

	/** Wraps the transport so that a 404 or 410 of the whole API throws as such. */
	protected client(scope: Scope): ListClient {
		const request = async (sent: ProcoreRequest): Promise<AcceptedResponse> => {
			const result = await settle(async () => await this.transport.request(sent));
			if (result.ok) return result.value;
			const { failure } = result;
			if (failure instanceof ProcoreFailure && this.canBeApiWide(sent)) {
				const { outcome, errorText } = failure;
				if (outcome.status !== null && ABSENT.includes(outcome.status)) {
					await this.assertApiResponds(scope, sent, outcome.status, errorText);
				}
			}
			throw failure;
		};
		return { request, pageSizes: this.transport.pageSizes };
	}

	/**
	 * Deletes a hook or a trigger. Only the 204 of v2.0 confirms it. After any other 2xx, which a gateway could have sent, the
	 * request is sent again: Procore responds with 404 if the first one did delete it [HOOK-DELETE] [HOOK-DELETE-AGAIN].
	 *
	 * @returns whether it existed. If the first response was lost, a 404 counts as having existed.
	 */
	protected async remove(scope: Scope, path: string, purpose: Purpose): Promise<boolean> {
		const request = {
			method: 'DELETE',
			path,
			query: this.scopeQuery(scope),
			purpose,
			repeatable: true,
			accept: ABSENT,
		} as const;
		for (let attempt = 1; ; attempt += 1) {
			const expects = attempt === 1 ? isEmptyOrJson : isEmptyBody;
			const answer = await this.write(scope, { ...request, expects });
			const { status, body, isRetry } = answer;
			if (this.isDeleted(answer)) return true;
			if (ABSENT.includes(status)) {
				if (attempt > 1) return true;
				await this.assertApiResponds(scope, request, status, readErrorText(body));
				return isRetry;
			}
			if (attempt < MAX_DELETIONS) continue;
			throw this.transport.failure(
				request,
				{ kind: 'unknown', status },
				'this is not its response to a deletion',
				'Check whether a proxy or a login page responds instead of Procore, then try again.',
			);
		}
	}

	private isDeleted({ status, body }: Pick<AcceptedResponse, 'status' | 'body'>): boolean {
		return status === this.deletedStatus && isEmptyBody(body);
	}

	/**
	 * Makes sure that a 404 or 410 is about the requested resource: the list of hooks of the scope, or at least of its
	 * company, still responds.
	 *
	 * @throws ProcoreFailure if these lists respond with 404 or 410 too, or cannot be read for another reason.
	 */
	private async assertApiResponds(
		scope: Scope,
		{ purpose }: Pick<ProcoreRequest, 'purpose'>,
		status: number,
		errorText: string,
	): Promise<void> {
		if (await this.respondsFor(scope)) return;
		if (scope.kind === 'project') {
			const company: Scope = { kind: 'company', companyId: scope.companyId };
			if (await this.respondsFor(company)) return;
		}
		throw this.transport.failure(
			{ purpose },
			{ kind: 'refused', status, isApiWide: true },
			errorText,
			this.goneAdvice,
		);
	}

	/** Whether the list of hooks of a scope responds. A 400 or 403 is a response too. */
	private async respondsFor(scope: Scope): Promise<boolean> {
		const request = this.read(
			scope,
			'/hooks',
			`check whether Procore still responds for ${describeScope(scope)}`,
			{ namespace: PROBED_NAMESPACE, per_page: 10 },
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
