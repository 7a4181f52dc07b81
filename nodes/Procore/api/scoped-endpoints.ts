import type { Hook, HookChanges, HookDraft } from '../model/hook';
import { jsonObject, type JsonBody, type JsonObject, type JsonValue } from '../model/json';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Subscription, Trigger } from '../model/trigger';
import { hasId } from './body-check';
import { readHook } from './read-hook';
import { readRefusal, readTrigger } from './read-trigger';
import { hooksOf, triggersOf } from './row-filter';
import { ScopedRequests } from './scoped-requests';
import type { ProcoreRequest } from './request';
import {
	bulkChunks,
	hookPath,
	triggersPath,
	type AddedTriggers,
	type RemovedTriggers,
	type TriggerOwner,
} from './webhooks-api';

/** Builds the bodies that add triggers to one hook. */
export interface TriggerBodies {
	one(subscription: Subscription): JsonBody;
	several(subscriptions: readonly Subscription[]): JsonBody;
}

/** The fields of a hook that have the same name and place in both API versions. */
export function commonHookFields({ namespace, destination_url, authorization }: HookChanges) {
	return {
		namespace,
		destination_url,
		destination_headers: authorization === undefined ? undefined : { Authorization: authorization },
	};
}

/** The endpoints that both API versions have under the same paths, and that differ in bodies and envelopes only. */
export abstract class ScopedEndpoints extends ScopedRequests {
	readonly canChangePayloadVersion: boolean = true;

	/** @param namespace empty for all namespaces. */
	protected abstract hookListQuery(namespace: string): ProcoreRequest['query'];

	protected abstract hookBody(scope: Scope, changes: HookChanges): JsonBody;

	protected abstract triggerBodies(scope: Scope, hook: TriggerOwner): Promise<TriggerBodies>;

	protected abstract removalBody(scope: Scope, triggerIds: readonly string[]): JsonBody;

	/** @returns undefined if the body is not a response to adding triggers in bulk. */
	protected abstract readAdditions(
		body: JsonValue,
	): { added: JsonObject[]; refused: JsonObject[] } | undefined;

	/** @returns undefined if the body is not a response to removing triggers in bulk. */
	protected abstract readRemovals(body: JsonValue): RemovedTriggers | undefined;

	async listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>> {
		const purpose = `list the hooks of ${describeScope(scope)}`;
		const rows = await this.list(scope, '/hooks', purpose, this.hookListQuery(namespace), hasId);
		return hooksOf(rows.map(readHook), scope, namespace);
	}

	async createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>> {
		const response = await this.write(scope, {
			method: 'POST',
			path: '/hooks',
			body: this.hookBody(scope, draft),
			purpose: `create a hook in ${describeScope(scope)}`,
			repeatable: false,
			secret: draft.authorization,
		});
		return readHook(jsonObject(this.unwrap(response.body)));
	}

	async updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>> {
		const response = await this.write(scope, {
			method: 'PATCH',
			path: hookPath(id),
			body: this.hookBody(scope, changes),
			purpose: `update hook ${id} of ${describeScope(scope)}`,
			repeatable: true,
			secret: changes.authorization,
		});
		return readHook(jsonObject(this.unwrap(response.body)));
	}

	async deleteHook(scope: Scope, id: string): Promise<boolean> {
		return await this.remove(scope, hookPath(id), `delete hook ${id} of ${describeScope(scope)}`);
	}

	async listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>> {
		const purpose = `list the subscriptions of hook ${hookId}`;
		const rows = await this.list(scope, triggersPath(hookId), purpose, {}, hasId);
		return triggersOf(
			rows.map((row) => readTrigger(row)),
			hookId,
		);
	}

	/**
	 * Procore responds with 404 to a list of deliveries both for a hook without any and for an unknown hook. Its triggers tell which
	 * [DELIVERIES-404-EMPTY] [V1-DELIVERIES-EMPTY].
	 *
	 * @throws ProcoreFailure if there is no such hook.
	 */
	protected async checkHookExists(scope: Scope, hookId: string): Promise<void> {
		await this.listTriggers(scope, hookId);
	}

	async createTrigger(
		scope: Scope,
		hook: TriggerOwner,
		subscription: Subscription,
	): Promise<Read<Trigger>> {
		const { resource_name, event_type } = subscription;
		const bodies = await this.triggerBodies(scope, hook);
		const response = await this.write(scope, {
			method: 'POST',
			path: triggersPath(hook.id),
			body: bodies.one({ resource_name, event_type }),
			purpose: `subscribe hook ${hook.id} to ${resource_name} ${event_type}`,
			repeatable: false,
		});
		return readTrigger(jsonObject(this.unwrap(response.body)), [subscription]);
	}

	async deleteTrigger(scope: Scope, hookId: string, id: string): Promise<boolean> {
		const path = `${triggersPath(hookId)}/${encodeURIComponent(id)}`;
		return await this.remove(scope, path, `delete subscription ${id} of hook ${hookId}`);
	}

	async addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers> {
		const result: AddedTriggers = { added: [], refused: [] };
		const bodies = await this.triggerBodies(scope, hook);
		for (const chunk of bulkChunks(subscriptions)) {
			const response = await this.write(scope, {
				method: 'POST',
				path: `${triggersPath(hook.id)}/bulk`,
				body: bodies.several(
					chunk.map(({ resource_name, event_type }) => ({ resource_name, event_type })),
				),
				purpose: `add subscriptions to hook ${hook.id} of ${describeScope(scope)}`,
				repeatable: false,
				expects: (body) => this.readAdditions(body) !== undefined,
			});
			const { added = [], refused = [] } = this.readAdditions(response.body) ?? {};
			result.added.push(...added.map((row) => readTrigger(row, chunk).model));
			result.refused.push(...refused.map((row) => readRefusal(row, chunk)));
		}
		return result;
	}

	async removeTriggers(
		scope: Scope,
		hookId: string,
		triggerIds: readonly string[],
	): Promise<RemovedTriggers> {
		const result: RemovedTriggers = { removed: [], refused: [] };
		for (const chunk of bulkChunks(triggerIds)) {
			const response = await this.write(scope, {
				method: 'DELETE',
				path: `${triggersPath(hookId)}/bulk`,
				body: this.removalBody(scope, chunk),
				purpose: `remove subscriptions from hook ${hookId} of ${describeScope(scope)}`,
				repeatable: true,
				expects: (body) => this.readRemovals(body) !== undefined,
			});
			const { removed = [], refused = [] } = this.readRemovals(response.body) ?? {};
			result.removed.push(...removed);
			result.refused.push(...refused);
		}
		return result;
	}
}
