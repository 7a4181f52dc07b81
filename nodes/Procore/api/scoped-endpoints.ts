import type { JsonObject, JsonValue } from '../model/json';
import type { Purpose } from './failure';
import { hookPath, triggersPath } from './generation';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Trigger } from '../model/trigger';
import { allPages } from './paging';
import { readTrigger } from './read-model';
import { triggersOf } from './row-filter';
import type { ProcoreRequest, ProcoreResponse, Transport } from './transport';

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
	protected abstract unwrap(body: JsonValue): JsonValue;

	async deleteHook(scope: Scope, id: string): Promise<boolean> {
		return await this.remove(scope, hookPath(id), `delete hook ${id} of ${describeScope(scope)}`);
	}

	async listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>> {
		const purpose: Purpose = `list the triggers of hook ${hookId}`;
		const rows = await this.list(scope, triggersPath(hookId), purpose);
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

	/** Every row of a list, of all its pages. */
	protected async list(
		scope: Scope,
		path: string,
		purpose: Purpose,
		query: ProcoreRequest['query'] = {},
	): Promise<JsonObject[]> {
		return await allPages(
			this.transport,
			this.read(scope, path, purpose, query),
			this.perPage,
			(body) => this.unwrap(body),
		);
	}

	protected async write(
		scope: Scope,
		request: Omit<ProcoreRequest, 'companyId'>,
	): Promise<ProcoreResponse> {
		return await this.transport.request({
			...request,
			path: `${this.base(scope)}${request.path}`,
			companyId: scope.companyId,
		});
	}

	/** @returns whether there was something to delete; where an answer was lost, that counts as yes. */
	private async remove(scope: Scope, path: string, purpose: Purpose): Promise<boolean> {
		const { status, isRepetition } = await this.write(scope, {
			method: 'DELETE',
			path,
			query: this.scopeQuery(scope),
			purpose,
			repeatable: true,
			accept: [404],
		});
		return status !== 404 || isRepetition;
	}
}
