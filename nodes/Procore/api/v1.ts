import { AttemptMerger } from './attempts';
import {
	idList,
	jsonObject,
	jsonObjects,
	text,
	type JsonBody,
	type JsonValue,
} from '../model/json';
import type { Purpose } from './failure';
import {
	bulks,
	hookPath,
	triggersPath,
	type AddedTriggers,
	type DeliveryQuery,
	type RemovedTriggers,
	type TriggerOwner,
	type WebhooksApi,
} from './generation';
import { isGivenUp, type Delivery } from '../model/delivery';
import type { Hook, HookChanges, HookDraft } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { Subscription, Trigger, WebhookResource } from '../model/trigger';
import { readAttemptV1, readHook, readRefusal, readResourceV1, readTrigger } from './read-model';
import { hooksOf, resourcesOf } from './row-filter';
import { ScopedEndpoints } from './scoped-endpoints';
import { UndeliveredCollector, type Undelivered, type UndeliveredQuery } from './undelivered';

/** Once documented for the list of hooks on v1.0; without a namespace it takes `procore`. */
const EVERY_NAMESPACE = '*';

/** The largest page of the deliveries' own, keyset paging. */
const DELIVERIES_PAGE = 100;

/** v1.0 takes ids as JSON numbers; a text that is no number goes out as it is and is refused by Procore by name. */
function integer(id: string): JsonBody {
	return /^\d+$/.test(id) ? BigInt(id) : id;
}

/** Exactly one of the two, never both (Procore, "Using the Webhooks API"). */
function scopeFields(scope: Scope): Record<string, string> {
	return scope.kind === 'company'
		? { company_id: scope.companyId }
		: { project_id: scope.projectId };
}

function scopeBody(scope: Scope): Record<string, JsonBody> {
	return Object.fromEntries(
		Object.entries(scopeFields(scope)).map(([name, id]) => [name, integer(id)]),
	);
}

/** v1.0 knows `v2.0` as `v2`. */
function apiVersion(payloadVersion: string): string {
	return payloadVersion.replace(/\.0$/, '');
}

function hookBody({ authorization, payload_version, namespace, destination_url }: HookChanges) {
	return {
		...(payload_version === undefined ? {} : { api_version: apiVersion(payload_version) }),
		...(namespace === undefined ? {} : { namespace }),
		...(destination_url === undefined ? {} : { destination_url }),
		...(authorization === undefined
			? {}
			: { destination_headers: { Authorization: authorization } }),
	};
}

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

	async listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>> {
		const rows = await this.list(scope, '/hooks', `list the hooks of ${describeScope(scope)}`, {
			namespace: namespace || EVERY_NAMESPACE,
		});
		return hooksOf(rows.map(readHook), scope, namespace);
	}

	async getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>> {
		const purpose: Purpose = `get hook ${id}`;
		// Whether Procore still knows the sign for every namespace, and what it lists without any, is not documented.
		for (const tried of new Set([EVERY_NAMESPACE, namespace || undefined, undefined])) {
			const rows = await this.list(scope, '/hooks', purpose, { namespace: tried });
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
		for (const bulk of bulks(subscriptions)) {
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
		for (const bulk of bulks(triggerIds)) {
			const response = await this.write(scope, {
				method: 'DELETE',
				path: `${triggersPath(hookId)}/bulk`,
				body: { ...scopeBody(scope), triggers: bulk.map(integer) },
				purpose: `remove triggers from hook ${hookId} of ${describeScope(scope)}`,
				repeatable: true,
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
		const merger = new AttemptMerger();
		let start: string | undefined;
		for (;;) {
			const request = this.read(
				scope,
				`${hookPath(hookId)}/deliveries`,
				`list the deliveries of hook ${hookId}`,
				{
					page_size: DELIVERIES_PAGE,
					page_start: start,
					// Procore's reference spells `filters`, its guide `filter`; what comes back is checked again.
					'filters[status]': query.status === 'failed' ? 'failing' : query.status,
				},
			);
			const { status, body } = await this.transport.request({ ...request, accept: [404] });
			// A hook that has never delivered answers 404 here, as one that is not there does: its triggers tell.
			if (status === 404) await this.listTriggers(scope, hookId);
			const rows = jsonObjects(body).map(readAttemptV1);
			const last = rows.at(-1)?.model.id ?? null;
			yield merger.take(rows);
			// Without an id on the rows (the reference's schema has none) there is no next page to ask for.
			if (rows.length < DELIVERIES_PAGE || last === null || last === start) break;
			start = last;
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
			for await (const rows of this.deliveries(scope, hookId, { status })) {
				lost.add(rows.filter(({ model }) => isGivenUp(model)));
				if (!lost.isEmpty) break;
			}
		}
		if (lost.isEmpty) return lost.result();
		// An attempt that failed does not say whether a later one succeeded: only the whole log does, in its order.
		const everything = new UndeliveredCollector(query);
		for await (const rows of this.deliveries(scope, hookId, {})) everything.add(rows);
		return everything.result();
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		const purpose: Purpose = `list what ${describeScope(scope)} can subscribe to`;
		const rows = await this.list(scope, '/resources', purpose, {
			// The reference names no such parameter; what comes back is filtered again.
			api_version: apiVersion(payloadVersion),
		});
		return resourcesOf(rows.map(readResourceV1), payloadVersion);
	}

	private async versionFor(scope: Scope, hook: TriggerOwner): Promise<string> {
		const known = hook.payload_version;
		if (known !== undefined) return apiVersion(known);
		const { model } = await this.getHook(scope, hook.id, hook.namespace ?? '');
		return apiVersion(model.payload_version);
	}
}
