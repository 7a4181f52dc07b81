import { settle } from '../api/concurrency';
import { isOutcomeUnknown, ProcoreFailure } from '../api/failure';
import type { TriggerOwner, WebhooksApi } from '../api/webhooks-api';
import type { Scope } from '../model/scope';
import {
	subscriptionKey,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
} from '../model/trigger';
import { hookTriggers, withListedSpelling } from './hook-triggers';
import { compareTriggers } from './subscriptions';
import { withUnofferedEvents } from './suggestions';
import { writeOnce } from './write-once';

/** What was done to the triggers of a hook. Together, `added` and `kept` are the ones that it has now. */
export interface SyncedTriggers {
	readonly added: Trigger[];
	readonly removed: Trigger[];
	readonly kept: Trigger[];
	/** If Procore refused anything, nothing was removed, and what was added has been removed again. */
	readonly refused: RefusedSubscription[];
}

/** What a caller of {@link syncTriggers} knows about the hook, which saves the first read. */
export interface KnownTriggers {
	/** All triggers of the hook. */
	readonly triggers: readonly Trigger[];
	/** The hook was just created. If it fails, the caller deletes it as a whole. */
	readonly isNew?: boolean;
}

/** How often triggers are added and removed, in case other processes change the same hook meanwhile. */
const MAX_ROUNDS = 3;

/** Attempts to remove triggers: further ones for lost answers and for other processes that change the same hook. */
const MAX_REMOVALS = 4;

type ReadTriggers = () => Promise<Trigger[]>;

/** The triggers of a hook after additions. */
interface Addition {
	readonly current: Trigger[];
	/** IDs of the triggers that were added by this work. */
	readonly addedIds: ReadonlySet<string>;
	readonly refusals: readonly RefusedSubscription[];
}

/**
 * Adds the subscriptions that a hook lacks. After a lost answer, the hook is read again, and only what is still missing is
 * sent again.
 */
async function addMissing(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
	original: readonly Trigger[],
	read: ReadTriggers,
): Promise<Addition> {
	let current = [...original];
	let { missing } = compareTriggers(wanted, current);
	if (missing.length === 0) return { current, addedIds: new Set(), refusals: [] };
	const originalIds = new Set(original.map(({ id }) => id));
	const missingKeys = new Set(missing.map(subscriptionKey));
	const addedIds = new Set<string>();
	const { value } = await writeOnce(
		async () => await api.addTriggers(scope, hook, missing),
		async () => {
			current = await read();
			({ missing } = compareTriggers(wanted, current));
			// Only this work, or another process with the same aim, can have added what was missing.
			for (const trigger of current) {
				if (!originalIds.has(trigger.id) && missingKeys.has(subscriptionKey(trigger))) {
					addedIds.add(trigger.id);
				}
			}
			return missing.length === 0 ? { added: [], refused: [] } : undefined;
		},
	);
	for (const { id } of value.added) addedIds.add(id);
	// A refusal might only mean that another process was first ("already exists") [TRIGGER-DUPLICATE].
	current = value.refused.length > 0 ? await read() : [...current, ...value.added];
	return { current, addedIds, refusals: value.refused };
}

/** Removes the triggers that are not wanted. Returns the remaining ones. */
async function removeSurplus(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
	triggers: Trigger[],
	read: ReadTriggers,
): Promise<Trigger[]> {
	let current = triggers;
	for (let attempt = 1; attempt <= MAX_REMOVALS; attempt += 1) {
		const ids = compareTriggers(wanted, current).surplus.map(({ id }) => id);
		if (ids.length === 0) break;
		const removal = await settle(async () => await api.removeTriggers(scope, hook.id, ids));
		if (removal.ok) {
			const removed = new Set(removal.value.removed);
			if (removed.size === ids.length) return current.filter(({ id }) => !removed.has(id));
		} else if (!isOutcomeUnknown(removal.failure) || attempt === MAX_REMOVALS) {
			throw removal.failure;
		}
		current = await read();
	}
	return current;
}

/** Removes what was added. What cannot be removed is returned as one of the remaining triggers. */
async function rollBackAddition(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	{ current, addedIds }: Pick<Addition, 'current' | 'addedIds'>,
): Promise<Trigger[]> {
	if (addedIds.size === 0) return current;
	try {
		const removed = new Set((await api.removeTriggers(scope, hook.id, [...addedIds])).removed);
		return current.filter(({ id }) => !removed.has(id));
	} catch {
		return current;
	}
}

/**
 * Removes what the earlier calls of an addition have added, once Procore has refused a later one as a whole.
 *
 * @param read undefined for a new hook, which the caller deletes as a whole.
 * @returns what to throw instead: the failure, with advice if events are not offered.
 */
async function afterRefusal(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
	original: readonly Trigger[],
	read: ReadTriggers | undefined,
	failure: ProcoreFailure,
): Promise<ProcoreFailure> {
	const missingKeys = new Set(compareTriggers(wanted, original).missing.map(subscriptionKey));
	const originalIds = new Set(original.map(({ id }) => id));
	const current = read === undefined ? undefined : await settle(read);
	if (current?.ok) {
		const added = current.value.filter(
			(trigger) => !originalIds.has(trigger.id) && missingKeys.has(subscriptionKey(trigger)),
		);
		const addedIds = new Set(added.map(({ id }) => id));
		await rollBackAddition(api, scope, hook, { current: current.value, addedIds });
	}
	return await withUnofferedEvents(api, scope, hook, wanted, failure);
}

/**
 * Gives a hook exactly the wanted triggers: one read, and one bulk call each for adding and removing, however many there
 * are. Sends nothing if nothing differs. Adds first and removes only once everything is there, so that a hook in service
 * never misses an event. If Procore refuses anything, nothing is removed, and what was added is removed again.
 *
 * @returns what was done; `refused` lists the subscriptions that Procore rejects.
 * @throws ProcoreFailure if Procore does not answer or refuses a whole call. In the second case, what was added is removed
 *   again, and the failure names the events that are not offered.
 */
export async function syncTriggers(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	subscriptions: readonly Subscription[],
	known?: KnownTriggers,
): Promise<SyncedTriggers> {
	const wanted = await withListedSpelling(api, scope, hook, subscriptions);
	const read = async () => (await hookTriggers(api, scope, hook, wanted)).map(({ model }) => model);
	const original = known?.triggers ?? (await read());
	let current = [...original];
	let refusals: readonly RefusedSubscription[] = [];
	let refused: readonly Subscription[] = [];
	const addedIds = new Set<string>();
	for (let round = 1; round <= MAX_ROUNDS; round += 1) {
		const before = current;
		const addition = await settle(
			async () => await addMissing(api, scope, hook, wanted, before, read),
		);
		if (!addition.ok) {
			const { failure } = addition;
			if (!(failure instanceof ProcoreFailure) || isOutcomeUnknown(failure)) throw failure;
			const readAgain = known?.isNew === true ? undefined : read;
			throw await afterRefusal(api, scope, hook, wanted, original, readAgain, failure);
		}
		({ current, refusals } = addition.value);
		for (const id of addition.value.addedIds) addedIds.add(id);
		refused = compareTriggers(wanted, current).missing;
		if (refused.length > 0) {
			if (known?.isNew !== true) {
				current = await rollBackAddition(api, scope, hook, { current, addedIds });
			}
			break;
		}
		current = await removeSurplus(api, scope, hook, wanted, current, read);
		// After a removal whose outcome was unknown, the hook was read again and might lack wanted triggers.
		refused = compareTriggers(wanted, current).missing;
		if (refused.length === 0) break;
	}
	const { kept } = compareTriggers(wanted, current);
	const originalIds = new Set(original.map(({ id }) => id));
	const currentIds = new Set(current.map(({ id }) => id));
	return {
		added: kept.filter(({ id }) => !originalIds.has(id)),
		removed: original.filter(({ id }) => !currentIds.has(id)),
		kept: kept.filter(({ id }) => originalIds.has(id)),
		refused: refused.map((subscription) => ({
			...subscription,
			reason: reasonFor(subscription, refusals),
		})),
	};
}

/** Finds Procore's reason for refusing a subscription. A refusal might name only the resource. */
function reasonFor(subscription: Subscription, refusals: readonly RefusedSubscription[]): string {
	const refusal =
		refusals.find((candidate) => subscriptionKey(candidate) === subscriptionKey(subscription)) ??
		refusals.find(({ resource_name }) => resource_name === subscription.resource_name);
	return refusal?.reason ?? 'Procore gave no reason';
}
