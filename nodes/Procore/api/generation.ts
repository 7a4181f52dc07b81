import type { WebhooksApiVersion } from './environment';
import type {
	Delivery,
	Hook,
	HookChanges,
	HookDraft,
	PayloadVersion,
	Read,
	RefusedSubscription,
	Scope,
	Subscription,
	Trigger,
	WebhookResource,
} from './model';

/** Procore takes at most this many entries in one bulk call (documented for v1.0). */
export const MAX_BULK = 500;

/** What the Delivery endpoint itself can be asked for; everything else is filtered after the read. */
export interface DeliveryQuery {
	readonly status?: 'successful' | 'failing' | 'discarded';
	readonly resourceName?: string;
	readonly eventType?: string;
	/** ISO 8601. */
	readonly since?: string;
	readonly until?: string;
}

/** The hook that gets triggers; on v1.0 their payload version has to be named and to match. */
export interface TriggerOwner {
	readonly id: string;
	readonly payload_version: string;
}

export interface AddedTriggers {
	readonly added: Trigger[];
	readonly refused: RefusedSubscription[];
}

export interface RemovedTriggers {
	readonly removed: string[];
	readonly refused: string[];
}

/**
 * The webhook endpoints of one generation, in the words of the model. Every list is read to its end, at the largest
 * page that the endpoint takes. Every method throws ProcoreFailure where Procore does not do what was asked.
 */
export interface WebhooksApi {
	readonly version: WebhooksApiVersion;
	/** Whether Procore keeps a status on a hook; without it every hook is active. */
	readonly hasHookStatus: boolean;

	/** All hooks of a scope under a namespace; the company list of v2.0 gives nothing without one. */
	listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>>;
	/** @param namespace the hook's: v1.0 has no call for one hook, and finds it in the list of its namespace. */
	getHook(scope: Scope, id: string, namespace: string): Promise<Read<Hook>>;
	createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>>;
	updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>>;
	/** Takes the hook's triggers along. A hook that is gone already counts as deleted. */
	deleteHook(scope: Scope, id: string): Promise<void>;

	listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>>;
	createTrigger(
		scope: Scope,
		hook: TriggerOwner,
		subscription: Subscription,
	): Promise<Read<Trigger>>;
	/** A trigger that is gone already counts as deleted. */
	deleteTrigger(scope: Scope, hookId: string, id: string): Promise<void>;
	/** Adds in bulk, in as many calls as {@link MAX_BULK} asks for, and reads every entry of a 207. */
	addTriggers(
		scope: Scope,
		hook: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers>;
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
	 * The deliveries that came to nothing for good, failed or discarded, for as few requests as the generation allows.
	 *
	 * @param since ISO 8601; earlier ones may come along where the endpoint knows no dates.
	 */
	listUndelivered(scope: Scope, hookId: string, since: string): Promise<Array<Read<Delivery>>>;

	listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>>;
}

/** Cuts a list into pieces that one bulk call takes. */
export function bulks<T>(entries: readonly T[]): T[][] {
	const pieces: T[][] = [];
	for (let start = 0; start < entries.length; start += MAX_BULK) {
		pieces.push(entries.slice(start, start + MAX_BULK));
	}
	return pieces;
}
