import type { Delivery } from '../model/delivery';
import type { Hook, HookChanges, HookDraft } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import type { RefusedSubscription, Subscription, Trigger, WebhookResource } from '../model/trigger';
import type { Undelivered, UndeliveredQuery } from './undelivered';

/** Maximum number of entries in one bulk request (documented for v1.0) [BULK-LIMIT]. */
export const MAX_BULK = 500;

/** The filters of the Delivery endpoint. Everything else is filtered after the read. */
export interface DeliveryQuery {
	/**
	 * Returns at least the deliveries with this status. On v1.0, whose rows are single attempts, `failed` and `retrying` both
	 * return attempts that failed or were retried, without the rows of the later attempts.
	 */
	readonly status?: 'successful' | 'failed' | 'retrying' | 'discarded';
	/** On v1.0, only the rows that follow the one with this ID; v2.0 has no such filter. */
	readonly afterId?: string | undefined;
	readonly resourceName?: string;
	readonly eventType?: string;
	/** ISO 8601. */
	readonly since?: string;
	readonly until?: string;
}

/**
 * The hook that triggers are added to. On v1.0 the request must contain the hook's payload version, which is looked up if it
 * is missing here [V1-VERSION-MATCH].
 */
export interface TriggerOwner {
	readonly id: string;
	readonly payload_version?: string;
	readonly namespace?: string | null;
}

/** The result of adding triggers in bulk. Each subscription is in one of the two lists. */
export interface AddedTriggers {
	readonly added: Trigger[];
	readonly refused: RefusedSubscription[];
}

/** The result of removing triggers in bulk, by their ids [BULK-DELETE-MIXED]. */
export interface RemovedTriggers {
	readonly removed: string[];
	readonly refused: string[];
}

/**
 * One version of Procore's Webhooks API. Lists are read completely, with the largest page that the endpoint allows. Every
 * method throws ProcoreFailure if the request fails.
 */
export interface WebhooksApi {
	/** Whether the hooks of a company can only be listed for one namespace at a time. */
	readonly needsCompanyNamespace: boolean;
	/** Whether hooks have a status. If not, every hook is active [HOOK-STATUS] [V1-NO-STATUS]. */
	readonly hasHookStatus: boolean;
	/**
	 * Whether the payload version of a hook can be changed. v1.0 binds triggers to the payload version of their hook
	 * [V1-VERSION-MATCH].
	 */
	readonly canChangePayloadVersion: boolean;
	/** Whether lists of deliveries contain those that Procore has not attempted yet. */
	readonly listsEnqueued: boolean;
	/** The requests of a safety check that finds nothing wrong with a hook. */
	readonly requestsPerCheck: number;

	/** @param namespace empty for every namespace, see {@link needsCompanyNamespace}. */
	listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>>;
	/**
	 * @param namespace a hint for v1.0, which has no endpoint for a single hook: it is searched if the list of all namespaces
	 *   does not contain the hook.
	 */
	getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>>;
	/** Not retried by the transport. If the response is lost, {@link listHooks} tells whether the hook was created. */
	createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>>;
	/** @returns the complete hook after the update. */
	updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>>;
	/** Also deletes the hook's triggers. @returns whether the hook existed. */
	deleteHook(scope: Scope, id: string): Promise<boolean>;

	listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>>;
	/** Not retried by the transport, like {@link createHook}. */
	createTrigger(
		scope: Scope,
		hook: TriggerOwner,
		subscription: Subscription,
	): Promise<Read<Trigger>>;
	/** @returns whether the trigger existed. */
	deleteTrigger(scope: Scope, hookId: string, id: string): Promise<boolean>;
	/** Adds triggers with bulk requests of up to {@link MAX_BULK}, and reads every entry of a 207. */
	addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers>;
	/** Removes triggers with bulk requests, like {@link addTriggers}. */
	removeTriggers(
		scope: Scope,
		hookId: string,
		triggerIds: readonly string[],
	): Promise<RemovedTriggers>;

	/**
	 * Yields one batch per page; none if the hook exists but has no deliveries (Procore responds with 404 then)
	 * [DELIVERIES-404-EMPTY].
	 */
	deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>>;

	/**
	 * Like {@link deliveries}, with the newest first. On v2.0 it reads the list from its end; on v1.0, whose log can only be
	 * read from its beginning, all of it.
	 */
	deliveriesNewestFirst(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>>;

	/**
	 * Reads enough to tell how the latest deliveries went, with one request for most hooks: on v2.0, at least the first and
	 * the newest deliveries since then; on v1.0, whose log can only be read from its beginning, all since then.
	 *
	 * @param hookId of a hook that is known to exist.
	 * @param since ISO 8601.
	 */
	newestDeliveries(scope: Scope, hookId: string, since: string): Promise<Array<Read<Delivery>>>;

	/**
	 * Finds the events that Procore gave up delivering, with as few requests as this API version allows. A delivery that
	 * changes its status meanwhile counts as still open.
	 *
	 * @param hookId of a hook that is known to exist.
	 */
	listUndelivered(scope: Scope, hookId: string, query: UndeliveredQuery): Promise<Undelivered>;

	/** Lists what a hook with this payload version can subscribe to in the scope. */
	listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>>;
}

/** Returns the path of a hook's triggers, relative to the base of the API version. */
export function triggersPath(hookId: string): string {
	return `${hookPath(hookId)}/triggers`;
}

/** Returns the path of a hook, relative to the base of the API version. */
export function hookPath(hookId: string): string {
	return `/hooks/${encodeURIComponent(hookId)}`;
}

/** Splits a list into chunks for bulk requests. */
export function bulkChunks<T>(entries: readonly T[]): T[][] {
	const chunks: T[][] = [];
	for (let start = 0; start < entries.length; start += MAX_BULK) {
		chunks.push(entries.slice(start, start + MAX_BULK));
	}
	return chunks;
}
