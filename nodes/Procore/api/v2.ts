import { idList, jsonObject, jsonObjects, type JsonValue } from '../model/json';
import {
	bulkChunks,
	hookPath,
	triggersPath,
	type AddedTriggers,
	type DeliveryQuery,
	type RemovedTriggers,
	type TriggerOwner,
	type WebhooksApi,
} from './webhooks-api';
import type { Delivery } from '../model/delivery';
import { timeAt } from '../model/event-position';
import type { Hook, HookChanges, HookDraft } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Subscription, Trigger, WebhookResource } from '../model/trigger';
import { hasId, hasText, isRows } from './body-check';
import { pages } from './paging';
import { readDeliveryV2, readHook, readRefusal, readResourceV2, readTrigger } from './read-model';
import { hooksOf, resourcesOf } from './row-filter';
import { ScopedEndpoints } from './scoped-endpoints';
import type { ProcoreRequest } from './transport';
import { UndeliveredCollector, type Undelivered, type UndeliveredQuery } from './undelivered';
import { day, draftBody, scopePath } from './v2-request';

/** The current generation: the scope is in the path, bodies are flat, answers stand under `data`, ids are strings. */
export class WebhooksV2 extends ScopedEndpoints implements WebhooksApi {
	/** Its reference marks the parameter as required for a company, as optional for a project. */
	readonly needsCompanyNamespace = true;

	readonly hasHookStatus = true;

	/** Lists on v2.0 give 10 rows a page unless asked, and 100 at most (Procore, "REST v2"). */
	protected readonly perPage = 100;

	protected override readonly deletedStatus = 204;

	protected base(scope: Scope): string {
		return scopePath(scope);
	}

	protected scopeQuery(): Record<string, string> {
		return {};
	}

	protected unwrap(body: JsonValue): JsonValue | undefined {
		return jsonObject(body).data;
	}

	protected readonly goneAdvice = undefined;

	/** A 404 of the list of hooks would pass for a project that is gone. */
	protected canBeApiWide({ path }: ProcoreRequest): boolean {
		return path.endsWith('/webhooks/hooks');
	}

	async listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>> {
		const purpose = `list the hooks of ${describeScope(scope)}`;
		const query = { namespace: namespace || undefined, include_trigger_count: true };
		const rows = await this.list(scope, '/hooks', purpose, query, hasId);
		return hooksOf(rows.map(readHook), scope, namespace);
	}

	async getHook(scope: Scope, id: string): Promise<Read<Hook>> {
		const request = this.read(scope, hookPath(id), `get hook ${id}`);
		const response = await this.transport.request({ ...request, expects: this.isEntity });
		return readHook(jsonObject(this.unwrap(response.body)));
	}

	async createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>> {
		const response = await this.write(scope, {
			method: 'POST',
			path: '/hooks',
			body: draftBody(draft),
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
			body: draftBody(changes),
			purpose: `update hook ${id} of ${describeScope(scope)}`,
			repeatable: true,
			secret: changes.authorization,
		});
		return readHook(jsonObject(this.unwrap(response.body)));
	}

	async createTrigger(
		scope: Scope,
		hook: TriggerOwner,
		subscription: Subscription,
	): Promise<Read<Trigger>> {
		const { resource_name, event_type } = subscription;
		const response = await this.write(scope, {
			method: 'POST',
			path: triggersPath(hook.id),
			body: { resource_name, event_type },
			purpose: `add the trigger ${resource_name} ${event_type} to hook ${hook.id}`,
			repeatable: false,
		});
		return readTrigger(jsonObject(this.unwrap(response.body)), [subscription]);
	}

	async addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers> {
		const result: AddedTriggers = { added: [], refused: [] };
		for (const bulk of bulkChunks(subscriptions)) {
			const response = await this.write(scope, {
				method: 'POST',
				path: `${triggersPath(hook.id)}/bulk`,
				body: bulk.map(({ resource_name, event_type }) => ({ resource_name, event_type })),
				purpose: `add triggers to hook ${hook.id} of ${describeScope(scope)}`,
				repeatable: false,
				expects: (answer) => isRows(this.unwrap(answer)),
			});
			// A 207 mixes triggers and refusals in one list; only a trigger has an id.
			for (const entry of jsonObjects(this.unwrap(response.body))) {
				if (entry.id === undefined) result.refused.push(readRefusal(entry, bulk));
				else result.added.push(readTrigger(entry, bulk).model);
			}
		}
		return result;
	}

	async removeTriggers(
		scope: Scope,
		hookId: string,
		triggerIds: readonly string[],
	): Promise<RemovedTriggers> {
		const result: RemovedTriggers = { removed: [], refused: [] };
		for (const bulk of bulkChunks(triggerIds)) {
			const response = await this.write(scope, {
				method: 'DELETE',
				path: `${triggersPath(hookId)}/bulk`,
				body: bulk,
				purpose: `remove triggers from hook ${hookId} of ${describeScope(scope)}`,
				repeatable: true,
				expects: (answer) => {
					const { succeeded, failed } = jsonObject(this.unwrap(answer));
					return Array.isArray(succeeded ?? failed);
				},
			});
			const { succeeded, failed } = jsonObject(this.unwrap(response.body));
			result.removed.push(...idList(succeeded));
			result.refused.push(...idList(failed));
		}
		return result;
	}

	async *deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const statuses = { successful: 'succeeded', failed: 'failed', discarded: 'discarded' } as const;
		const status = query.status && statuses[query.status];
		for await (const { deliveries } of this.deliveryPages(scope, hookId, query, status)) {
			yield deliveries;
		}
	}

	async listUndelivered(
		scope: Scope,
		hookId: string,
		query: UndeliveredQuery,
	): Promise<Undelivered> {
		const since = new Date(timeAt(query.after)).toISOString();
		const read = (status?: string) => this.deliveryPages(scope, hookId, { since }, status, true);
		// The endpoint filters by one status at a time, and two are wanted: of a quiet hook, everything is less to ask for.
		const lost = new UndeliveredCollector(query);
		const { value: first } = await read().next();
		lost.add(first?.deliveries ?? []);
		if (first === undefined || first.isLast) return lost.result();
		for (const status of ['failed', 'discarded']) await lost.read(read(status), 'untilFound');
		if (lost.isEmpty) return lost.result();
		// In the order in which a delivery passes through them, so that one that moves on meanwhile is met once at least.
		const everything = new UndeliveredCollector(query);
		for (const status of ['enqueued', 'retrying', 'failed', 'discarded']) {
			await everything.read(read(status));
		}
		return everything.result();
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		const purpose = `list what ${describeScope(scope)} can subscribe to`;
		const query = { payload_version: payloadVersion };
		const rows = await this.list(scope, '/resources', purpose, query, hasText('name'));
		return resourcesOf(rows.map(readResourceV2), payloadVersion);
	}

	private async *deliveryPages(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
		status?: string,
		isHookThere = false,
	): AsyncGenerator<{ deliveries: Array<Read<Delivery>>; isLast: boolean }, undefined> {
		const request = {
			...this.read(
				scope,
				`${hookPath(hookId)}/deliveries`,
				`list the deliveries of hook ${hookId}`,
				{
					'filter[status]': status,
					'filter[resource_name]': query.resourceName,
					'filter[event_type]': query.eventType,
					// Dates only. A day more on both sides: whether they are inclusive, and in which zone, is not documented.
					'filter[start]': day(query.since, -1),
					'filter[end]': day(query.until, 1),
				},
			),
			accept: [404],
			expects: (body: JsonValue) => isRows(this.unwrap(body), hasText('status')),
		};
		for await (const page of pages(this.client(scope), request, this.perPage, (body) =>
			this.unwrap(body),
		)) {
			// A hook that has never delivered answers 404 here, as one that is not there does: its triggers tell.
			if (page.status === 404 && !isHookThere) await this.listTriggers(scope, hookId);
			yield { deliveries: page.rows.map(readDeliveryV2), isLast: page.isLast };
		}
	}
}
