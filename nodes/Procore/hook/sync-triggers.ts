import { settle } from '../api/concurrency';
import { isOutcomeUnknown } from '../api/failure';
import type { TriggerOwner, WebhooksApi } from '../api/webhooks-api';
import type { Scope } from '../model/scope';
import {
	subscriptionKey,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
} from '../model/trigger';
import { hookTriggers, withListedSpelling } from './hook-triggers';
import { compareTriggers, type TriggerDifference } from './subscriptions';

/** What became of the triggers of a hook; together `added` and `kept` are those that it has now. */
export interface SyncedTriggers {
	readonly added: Trigger[];
	readonly removed: Trigger[];
	readonly kept: Trigger[];
	/** With anything in it, nothing was removed, and what was added has been removed again. */
	readonly refused: RefusedSubscription[];
}

/** Rounds of read, compare, change: each one more for an answer that was lost or another process at the same hook. */
const MAX_ROUNDS = 4;

/** What the rounds of {@link syncTriggers} have learned so far. */
interface Progress {
	readonly refusals: RefusedSubscription[];
	/** Keys of the subscriptions that Procore has answered to. */
	readonly answered: Set<string>;
	/** Ids of the triggers that are known to be new because of this work. */
	readonly added: Set<string>;
}

/** Adds first and removes only once all is there: a hook in use hears too much for a moment, never too little. */
async function change(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	{ missing, surplus }: TriggerDifference,
	progress: Progress,
): Promise<{ readonly added: Trigger[]; readonly removed: Set<string>; readonly isDone: boolean }> {
	let added: Trigger[] = [];
	if (missing.length > 0) {
		const result = await api.addTriggers(scope, hook, missing);
		({ added } = result);
		for (const subscription of missing) progress.answered.add(subscriptionKey(subscription));
		for (const { id } of added) progress.added.add(id);
		progress.refusals.push(...result.refused);
		// It may only mean that another process was first ("already exists"): what is there now decides.
		if (result.refused.length > 0) return { added, removed: new Set(), isDone: false };
	}
	const ids = surplus.map(({ id }) => id);
	if (ids.length === 0) return { added, removed: new Set(), isDone: true };
	const removed = new Set((await api.removeTriggers(scope, hook.id, ids)).removed);
	return { added, removed, isDone: removed.size === ids.length };
}

/**
 * Makes the triggers of a hook exactly the wanted set: one read, and one bulk call for each of adding and removing,
 * whatever their number. Nothing is sent when nothing differs. A lost answer costs another read, never a doubled trigger.
 * If Procore refuses anything, nothing is removed, and what was added is removed again.
 *
 * @param isFresh the hook was just made and can have no triggers yet, which saves the first read.
 * @returns what was done; `refused` lists what Procore will not subscribe to.
 * @throws ProcoreFailure if Procore does not answer or refuses the whole call.
 */
export async function syncTriggers(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	subscriptions: readonly Subscription[],
	isFresh = false,
): Promise<SyncedTriggers> {
	const wanted = await withListedSpelling(api, scope, hook, subscriptions);
	const read = async () => (await hookTriggers(api, scope, hook, wanted)).map(({ model }) => model);
	const original = isFresh ? [] : await read();
	const atFirst = new Set(original.map(({ id }) => id));
	const progress: Progress = { refusals: [], answered: new Set(), added: new Set() };
	let current = original;
	for (let round = 1; round <= MAX_ROUNDS; round += 1) {
		const difference = compareTriggers(wanted, current);
		const { missing, surplus } = difference;
		if (missing.length === 0 && surplus.length === 0) break;
		// Refused, and not there after another look either.
		if (missing.some((each) => progress.answered.has(subscriptionKey(each)))) break;
		const changed = await settle(async () => await change(api, scope, hook, difference, progress));
		if (changed.ok) {
			const { added, removed, isDone } = changed.value;
			current = [...current.filter(({ id }) => !removed.has(id)), ...added];
			if (isDone) break;
		} else {
			const { failure } = changed;
			if (!isOutcomeUnknown(failure) || round === MAX_ROUNDS) throw failure;
		}
		current = await read();
		if (!changed.ok) {
			// Only this work, or another process that wants the same, can have added what was missing.
			const known = new Set(missing.map(subscriptionKey));
			for (const trigger of current) {
				if (!atFirst.has(trigger.id) && known.has(subscriptionKey(trigger))) {
					progress.added.add(trigger.id);
				}
			}
		}
	}
	const { missing } = compareTriggers(wanted, current);
	if (missing.length > 0) {
		const ids = [...progress.added];
		// A new hook is taken away as a whole by whoever made it. What cannot be rolled back stands under `added`.
		const rollBack =
			isFresh || ids.length === 0
				? undefined
				: await settle(async () => await api.removeTriggers(scope, hook.id, ids));
		const removed = new Set(rollBack?.ok ? rollBack.value.removed : []);
		current = current.filter(({ id }) => !removed.has(id));
	}
	const { kept } = compareTriggers(wanted, current);
	const present = new Set(current.map(({ id }) => id));
	return {
		added: kept.filter(({ id }) => !atFirst.has(id)),
		removed: original.filter(({ id }) => !present.has(id)),
		kept: kept.filter(({ id }) => atFirst.has(id)),
		refused: missing.map((subscription) => ({
			...subscription,
			reason: reasonFor(subscription, progress.refusals),
		})),
	};
}

/** Procore's words on one subscription; a refusal may name the resource alone. */
function reasonFor(subscription: Subscription, refusals: readonly RefusedSubscription[]): string {
	const refusal =
		refusals.find((candidate) => subscriptionKey(candidate) === subscriptionKey(subscription)) ??
		refusals.find(({ resource_name }) => resource_name === subscription.resource_name);
	return refusal?.reason ?? 'Procore gave no reason';
}
