import { isBefore, type Delivery } from '../model/delivery';
import type { Hook, HookChanges } from '../model/hook';
import {
	idList,
	jsonObject,
	jsonObjects,
	text,
	type JsonBody,
	type JsonValue,
} from '../model/json';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { WebhookResource } from '../model/trigger';
import { AttemptMerger } from './attempts';
import { hasId, hasText, isRows } from './body-check';
import { keysetPages } from './keyset';
import { readAttemptV1 } from './read-delivery';
import { readHook } from './read-hook';
import { readResourceV1 } from './read-trigger';
import { hooksOf, resourcesOf } from './row-filter';
import { commonHookFields, ScopedEndpoints, type TriggerBodies } from './scoped-endpoints';
import { UndeliveredCollector, type Undelivered, type UndeliveredQuery } from './undelivered';
import { apiVersion, integer, scopeBody, scopeFields } from './v1-fields';
import {
	hookPath,
	type DeliveryQuery,
	type RemovedTriggers,
	type TriggerOwner,
	type WebhooksApi,
} from './webhooks-api';

/** The removal date is the "sunset" that Procore documents for every v1.0 endpoint [V1-STILL-ANSWERS]. */
const V1_REMOVED =
	'Procore no longer answers Webhooks API v1.0, which it planned to remove on 2026-09-16: select V2.0 as Webhooks API Version in the credential.';

/**
 * Was once documented for the list of hooks. Without a namespace, the list only has the hooks of `procore`
 * [V1-EVERY-NAMESPACE] [V1-NO-NAMESPACE].
 */
const EVERY_NAMESPACE = '*';

/** The values of `filters[status]`. */
const STATUS_FILTERS = {
	successful: 'successful',
	failed: 'failing',
	retrying: 'failing',
	discarded: 'discarded',
} as const;

/**
 * The deprecated version: the scope is a field, request bodies are nested, responses have no envelope, ids are numbers
 * [V1-FORMS].
 */
export class WebhooksV1 extends ScopedEndpoints implements WebhooksApi {
	readonly needsCompanyNamespace = false;

	readonly hasHookStatus = false;

	override readonly canChangePayloadVersion: boolean = false;

	readonly listsEnqueued = false;

	readonly requestsPerCheck = 4;

	/** Procore advises at most 2000 rows per page on v1.x. Endpoints have lower limits and report them [V1-PAGE-SIZE]. */
	protected readonly perPage = 1000;

	protected readonly goneAdvice = V1_REMOVED;

	protected base(): string {
		return '/rest/v1.0/webhooks';
	}

	protected scopeQuery(scope: Scope): Record<string, string> {
		return scopeFields(scope);
	}

	protected unwrap(body: JsonValue): JsonValue {
		return body;
	}

	protected canBeApiWide(): boolean {
		return true;
	}

	protected hookListQuery(namespace: string) {
		return { namespace: namespace || EVERY_NAMESPACE };
	}

	protected hookBody(scope: Scope, changes: HookChanges): JsonBody {
		const { payload_version: version } = changes;
		const api_version = version === undefined ? undefined : apiVersion(version);
		return { ...scopeBody(scope), hook: { api_version, ...commonHookFields(changes) } };
	}

	protected async triggerBodies(scope: Scope, hook: TriggerOwner): Promise<TriggerBodies> {
		const shared = { ...scopeBody(scope), api_version: await this.apiVersionOf(scope, hook) };
		return {
			one: ({ resource_name, event_type }) => ({
				...shared,
				trigger: { resource_name, event_type },
			}),
			several: (subscriptions) => ({
				...shared,
				triggers: subscriptions.map((subscription) => ({ ...subscription })),
			}),
		};
	}

	protected removalBody(scope: Scope, triggerIds: readonly string[]): JsonBody {
		return { ...scopeBody(scope), triggers: triggerIds.map(integer) };
	}

	protected readAdditions(body: JsonValue) {
		const { success, failed } = jsonObject(body);
		if (!Array.isArray(success ?? failed)) return undefined;
		return { added: jsonObjects(success), refused: jsonObjects(failed) };
	}

	protected readRemovals(body: JsonValue): RemovedTriggers | undefined {
		const { success, failed } = jsonObject(body);
		if (!Array.isArray(success ?? failed)) return undefined;
		return {
			removed: idList(success),
			refused: jsonObjects(failed).map((entry) => text(entry.trigger)),
		};
	}

	async getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>> {
		const purpose = `get hook ${id}`;
		// It is not documented whether Procore still supports `*`, or what it lists without a namespace [V1-EVERY-NAMESPACE]
		// [V1-NO-NAMESPACE].
		for (const tried of new Set([EVERY_NAMESPACE, namespace || undefined, undefined])) {
			const rows = await this.list(scope, '/hooks', purpose, { namespace: tried }, hasId);
			const hooks = hooksOf(rows.map(readHook), scope, '');
			const hook = hooks.find(({ model }) => model.id === id);
			if (hook) return hook;
		}
		throw this.transport.failure(
			{ purpose },
			{ kind: 'refused', status: 404 },
			`no hook with this ID in ${describeScope(scope)}`,
		);
	}

	override async updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>> {
		if (changes.status === 'disabled') {
			throw this.transport.failure(
				{ purpose: `update hook ${id} of ${describeScope(scope)}` },
				{ kind: 'refused', status: 400 },
				'hooks of Webhooks API v1.0 have no status',
				'Delete the hook instead, or select V2.0 as Webhooks API Version in the credential.',
			);
		}
		return await super.updateHook(scope, id, changes);
	}

	async *deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const purpose = `list the deliveries of hook ${hookId}`;
		const request = {
			...this.read(scope, `${hookPath(hookId)}/deliveries`, purpose, {
				// Procore's reference has `filters`, its guide `filter`, so the rows are filtered again later [V1-DELIVERIES-FILTER].
				'filters[status]': query.status && STATUS_FILTERS[query.status],
			}),
			accept: [404],
			expects: (body: JsonValue) => isRows(body, hasText('outcome', 'event_id')),
		};
		const merger = new AttemptMerger();
		for await (const { status, rows } of keysetPages(this.client(scope), request, query.afterId)) {
			if (status === 404) await this.checkHookExists(scope, hookId);
			yield merger.take(rows.map(readAttemptV1));
		}
		yield merger.end();
	}

	async *deliveriesNewestFirst(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const all: Array<Read<Delivery>> = [];
		for await (const rows of this.deliveries(scope, hookId, query)) all.push(...rows);
		yield all.reverse();
	}

	async newestDeliveries(
		scope: Scope,
		hookId: string,
		since: string,
	): Promise<Array<Read<Delivery>>> {
		const newest: Array<Read<Delivery>> = [];
		for await (const rows of this.deliveries(scope, hookId, {})) {
			newest.push(...rows.filter(({ model }) => !isBefore(model, since)));
		}
		return newest;
	}

	async listUndelivered(
		scope: Scope,
		hookId: string,
		query: UndeliveredQuery,
	): Promise<Undelivered> {
		const undelivered = new UndeliveredCollector(query);
		for (const status of ['failed', 'discarded'] as const) {
			await undelivered.read(this.deliveries(scope, hookId, { status }), 'untilFound');
		}
		if (undelivered.isEmpty) return undelivered.result();
		// Only the whole log, in its order, shows whether a later attempt of a failed one succeeded.
		const everything = new UndeliveredCollector(query);
		await everything.read(this.deliveries(scope, hookId, {}));
		return everything.result();
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		const purpose = `list what ${describeScope(scope)} can subscribe to`;
		// The reference does not have this parameter, so the rows are filtered again [V1-RESOURCES-VERSION].
		const query = { api_version: apiVersion(payloadVersion) };
		const rows = await this.list(scope, '/resources', purpose, query, hasText('tools'));
		return resourcesOf(rows.map(readResourceV1), payloadVersion);
	}

	private async apiVersionOf(scope: Scope, hook: TriggerOwner): Promise<string> {
		const known = hook.payload_version;
		if (known !== undefined) return apiVersion(known);
		const { model } = await this.getHook(scope, hook.id, hook.namespace ?? '');
		return apiVersion(model.payload_version);
	}
}
