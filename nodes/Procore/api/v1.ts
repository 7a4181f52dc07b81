import { AttemptMerger } from './attempts';
import { idList, jsonObject, jsonObjects, text, type JsonValue } from '../model/json';
import type { Purpose } from './failure';
import { hasId, hasText, isRows } from './body-check';
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
import type { Hook, HookChanges, HookDraft } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Subscription, Trigger, WebhookResource } from '../model/trigger';
import { keysetPages } from './keyset';
import { readAttemptV1, readHook, readRefusal, readResourceV1, readTrigger } from './read-model';
import { hooksOf, resourcesOf } from './row-filter';
import { ScopedEndpoints } from './scoped-endpoints';
import { UndeliveredCollector, type Undelivered, type UndeliveredQuery } from './undelivered';
import {
	apiVersion,
	hookBody,
	integer,
	isBulkAnswer,
	scopeBody,
	scopeFields,
	V1_REMOVED,
} from './v1-body';

/** Once documented for the list of hooks on v1.0; without a namespace it takes `procore`. */
const EVERY_NAMESPACE = '*';

/** The deprecated generation: the scope is a field, bodies are nested, answers are bare, ids are numbers. */
export class WebhooksV1 extends ScopedEndpoints implements WebhooksApi {
	readonly needsCompanyNamespace = false;

	readonly hasHookStatus = false;

	/** Procore advises at most 2000 rows a page on v1.x; endpoints cap lower and say so. */
	protected readonly perPage = 1000;

	protected base(): string {
		return '/rest/v1.0/webhooks';
	}

	protected scopeQuery(scope: Scope): Record<string, string> {
		return scopeFields(scope);
	}

	protected unwrap(body: JsonValue): JsonValue {
		return body;
	}

	protected readonly goneAdvice = V1_REMOVED;

	protected canBeApiWide(): boolean {
		return true;
	}

	async listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>> {
		const purpose = `list the hooks of ${describeScope(scope)}`;
		const query = { namespace: namespace || EVERY_NAMESPACE };
		const rows = await this.list(scope, '/hooks', purpose, query, hasId);
		return hooksOf(rows.map(readHook), scope, namespace);
	}

	async getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>> {
		const purpose: Purpose = `get hook ${id}`;
		// Whether Procore still knows the sign for every namespace, and what it lists without any, is not documented.
		for (const tried of new Set([EVERY_NAMESPACE, namespace || undefined, undefined])) {
			const rows = await this.list(scope, '/hooks', purpose, { namespace: tried }, hasId);
			const hooks = hooksOf(rows.map(readHook), scope, '');
			const hook = hooks.find(({ model }) => model.id === id);
			if (hook) return hook;
		}
		throw this.transport.failure(
			{ purpose },
			{ kind: 'refused', status: 404 },
			`no hook with this id in ${describeScope(scope)}`,
		);
	}

	async createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>> {
		const response = await this.write(scope, {
			method: 'POST',
			path: '/hooks',
			body: { ...scopeBody(scope), hook: hookBody(draft) },
			purpose: `create a hook in ${describeScope(scope)}`,
			repeatable: false,
			secret: draft.authorization,
		});
		return readHook(jsonObject(response.body));
	}

	async updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>> {
		const purpose = `update hook ${id} of ${describeScope(scope)}`;
		if (changes.status === 'disabled') {
			throw this.transport.failure(
				{ purpose },
				{ kind: 'refused', status: 400 },
				'hooks of Webhooks API v1.0 have no status',
				'Delete the hook instead, or choose Webhooks API version v2.0 in the credential.',
			);
		}
		const response = await this.write(scope, {
			method: 'PATCH',
			path: hookPath(id),
			body: { ...scopeBody(scope), hook: hookBody(changes) },
			purpose,
			repeatable: true,
			secret: changes.authorization,
		});
		return readHook(jsonObject(response.body));
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
			body: {
				...scopeBody(scope),
				api_version: await this.versionFor(scope, hook),
				trigger: { resource_name, event_type },
			},
			purpose: `add the trigger ${resource_name} ${event_type} to hook ${hook.id}`,
			repeatable: false,
		});
		return readTrigger(jsonObject(response.body), [subscription]);
	}

	async addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers> {
		const result: AddedTriggers = { added: [], refused: [] };
		const version = await this.versionFor(scope, hook);
		for (const bulk of bulkChunks(subscriptions)) {
			const response = await this.write(scope, {
				method: 'POST',
				path: `${triggersPath(hook.id)}/bulk`,
				body: {
					...scopeBody(scope),
					api_version: version,
					triggers: bulk.map(({ resource_name, event_type }) => ({ resource_name, event_type })),
				},
				purpose: `add triggers to hook ${hook.id} of ${describeScope(scope)}`,
				repeatable: false,
				expects: isBulkAnswer,
			});
			const { success, failed } = jsonObject(response.body);
			result.added.push(...jsonObjects(success).map((row) => readTrigger(row, bulk).model));
			result.refused.push(...jsonObjects(failed).map((entry) => readRefusal(entry, bulk)));
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
				body: { ...scopeBody(scope), triggers: bulk.map(integer) },
				purpose: `remove triggers from hook ${hookId} of ${describeScope(scope)}`,
				repeatable: true,
				expects: isBulkAnswer,
			});
			const { success, failed } = jsonObject(response.body);
			result.removed.push(...idList(success));
			result.refused.push(...jsonObjects(failed).map((entry) => text(entry.trigger)));
		}
		return result;
	}

	async *deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const purpose = `list the deliveries of hook ${hookId}`;
		const request = {
			...this.read(scope, `${hookPath(hookId)}/deliveries`, purpose, {
				// Procore's reference spells `filters`, its guide `filter`; what comes back is checked again.
				'filters[status]': query.status === 'failed' ? 'failing' : query.status,
			}),
			accept: [404],
			expects: (body: JsonValue) => isRows(body, hasText('outcome', 'event_id')),
		};
		const merger = new AttemptMerger();
		for await (const { status, rows } of keysetPages(this.client(scope), request)) {
			// A hook that has never delivered answers 404 here, as one that is not there does: its triggers tell.
			if (status === 404) await this.listTriggers(scope, hookId);
			yield merger.take(rows.map(readAttemptV1));
		}
		yield merger.end();
	}

	async listUndelivered(
		scope: Scope,
		hookId: string,
		query: UndeliveredQuery,
	): Promise<Undelivered> {
		const lost = new UndeliveredCollector(query);
		for (const status of ['failed', 'discarded'] as const) {
			await lost.read(this.deliveries(scope, hookId, { status }), 'untilFound');
		}
		if (lost.isEmpty) return lost.result();
		// An attempt that failed does not say whether a later one succeeded: only the whole log does, in its order.
		const everything = new UndeliveredCollector(query);
		await everything.read(this.deliveries(scope, hookId, {}));
		return everything.result();
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		const purpose: Purpose = `list what ${describeScope(scope)} can subscribe to`;
		// The reference names no such parameter; what comes back is filtered again.
		const query = { api_version: apiVersion(payloadVersion) };
		const rows = await this.list(scope, '/resources', purpose, query, hasText('tools'));
		return resourcesOf(rows.map(readResourceV1), payloadVersion);
	}

	private async versionFor(scope: Scope, hook: TriggerOwner): Promise<string> {
		const known = hook.payload_version;
		if (known !== undefined) return apiVersion(known);
		const { model } = await this.getHook(scope, hook.id, hook.namespace ?? '');
		return apiVersion(model.payload_version);
	}
}
