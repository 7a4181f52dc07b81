import type { Delivery } from '../model/delivery';
import type { Hook, HookChanges, HookDraft } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import type { RefusedSubscription, Subscription, Trigger, WebhookResource } from '../model/trigger';
import type { Undelivered, UndeliveredQuery } from './undelivered';

/** Procore takes at most this many entries in one bulk call (documented for v1.0). */
export const MAX_BULK = 500;

/** What the Delivery endpoint itself can be asked for; everything else is filtered after the read. */
export interface DeliveryQuery {
	/**
	 * Reads less: at least the deliveries with this status come. On v1.0, whose rows are single attempts, `failed` brings
	 * the attempts that were tried again too, without the rows that tell how these went.
	 */
	readonly status?: 'successful' | 'failed' | 'discarded';
	readonly resourceName?: string;
	readonly eventType?: string;
	/** ISO 8601. */
	readonly since?: string;
	readonly until?: string;
}

/**
 * The hook that gets triggers. On v1.0 their payload version has to be named and to match the hook's: where it is not
 * known here, it is looked up.
 */
export interface TriggerOwner {
	readonly id: string;
	readonly payload_version?: string;
	readonly namespace?: string | null;
}

/** What came of adding triggers in bulk: each subscription is in one of the two. */
export interface AddedTriggers {
	readonly added: Trigger[];
	readonly refused: RefusedSubscription[];
}

/** What came of removing triggers in bulk, by their ids. */
export interface RemovedTriggers {
	readonly removed: string[];
	readonly refused: string[];
}

/**
 * The webhook endpoints of one generation, in the words of the model. Every list is read to its end, at the largest
 * page that the endpoint takes. Every method throws ProcoreFailure where Procore does not do what was asked.
 */
export interface WebhooksApi {
	/** Whether hooks of a company can only be listed under one namespace at a time. */
	readonly needsCompanyNamespace: boolean;
	/** Whether Procore keeps a status on a hook; without it every hook is active. */
	readonly hasHookStatus: boolean;

	/** All hooks of a scope under a namespace. Empty text: under every namespace, see {@link needsCompanyNamespace}. */
	listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>>;
	/**
	 * @param namespace where v1.0, which has no call for one hook, looks if its list of every namespace does not have it. The
	 *   hook is found under any other one too.
	 */
	getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>>;
	/** Not repeated by the transport: whether a hook came of a lost answer, {@link listHooks} tells. */
	createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>>;
	/** @returns the whole hook as it is afterwards. */
	updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>>;
	/** Takes the hook's triggers along. @returns whether there was one to delete. */
	deleteHook(scope: Scope, id: string): Promise<boolean>;

	listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>>;
	/** Not repeated by the transport, as {@link createHook} is not. */
	createTrigger(
		scope: Scope,
		hook: TriggerOwner,
		subscription: Subscription,
	): Promise<Read<Trigger>>;
	/** @returns whether there was one to delete. */
	deleteTrigger(scope: Scope, hookId: string, id: string): Promise<boolean>;
	/** Adds in bulk, in as many calls as {@link MAX_BULK} asks for, and reads every entry of a 207. */
	addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers>;
	/** Removes in bulk, as {@link addTriggers} adds. */
	removeTriggers(
		scope: Scope,
		hookId: string,
		triggerIds: readonly string[],
	): Promise<RemovedTriggers>;

	/** One batch per page; empty where the hook exists and has never delivered (Procore answers 404 then). */
	deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>>;

	/**
	 * What came to nothing for good, failed or discarded, for as few requests as the generation allows. What is being
	 * decided while the lists are read counts as open.
	 *
	 * @param hookId of a hook that is known to be there.
	 */
	listUndelivered(scope: Scope, hookId: string, query: UndeliveredQuery): Promise<Undelivered>;

	/** What a hook of this payload version can hear in the scope. */
	listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>>;
}

/** Where the triggers of a hook are, below the generation's own base. */
export function triggersPath(hookId: string): string {
	return `${hookPath(hookId)}/triggers`;
}

/** Where a hook is, below the generation's own base. */
export function hookPath(hookId: string): string {
	return `/hooks/${encodeURIComponent(hookId)}`;
}

/** Cuts a list into pieces that one bulk call takes. */
export function bulkChunks<T>(entries: readonly T[]): T[][] {
	const pieces: T[][] = [];
	for (let start = 0; start < entries.length; start += MAX_BULK) {
		pieces.push(entries.slice(start, start + MAX_BULK));
	}
	return pieces;
}
