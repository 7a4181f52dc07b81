import { settle } from '../api/concurrency';
import { isLost } from '../api/failure';
import type { TriggerOwner, WebhooksApi } from '../api/generation';
import type { Scope } from '../model/scope';
import {
	subscriptionKey,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
} from '../model/trigger';
import { compareTriggers } from './subscriptions';

/** What became of the triggers of a hook; together `added` and `kept` are those that it has now. */
export interface SyncedTriggers {
	readonly added: Trigger[];
	readonly removed: Trigger[];
	readonly kept: Trigger[];
	readonly refused: RefusedSubscription[];
}

const NOTHING_ADDED = { added: [], refused: [] };
const NOTHING_REMOVED = { removed: [], refused: [] };

/** Rounds of read, compare, change: each one more for an answer that was lost or another process at the same hook. */
const MAX_ROUNDS = 4;

/**
 * Makes the triggers of a hook exactly the wanted set: one read, and one bulk call for each of adding and removing,
 * whatever their number. Nothing is sent when nothing differs. A lost answer costs another read, never a doubled trigger.
 *
 * @param isFresh the hook was just made and can have no triggers yet, which saves the first read.
 * @returns what was done; `refused` lists what Procore will not subscribe to.
 * @throws ProcoreFailure where Procore does not answer or refuses the whole call.
 */
export async function syncTriggers(
	api: WebhooksApi,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
	isFresh = false,
): Promise<SyncedTriggers> {
	const read = async () => (await api.listTriggers(scope, hook.id)).map(({ model }) => model);
	const original = isFresh ? [] : await read();
	const atFirst = new Set(original.map(({ id }) => id));
	const answered = new Set<string>();
	const refusals: RefusedSubscription[] = [];
	let current = original;
	for (let round = 1; round <= MAX_ROUNDS; round += 1) {
		const { missing, surplus } = compareTriggers(wanted, current);
		const asked = missing.filter((subscription) => !answered.has(subscriptionKey(subscription)));
		if (asked.length === 0 && surplus.length === 0) break;
		const change = await settle(async () => {
			// Added before removed: a hook in use hears too much for a moment, never too little.
			const { added, refused } =
				asked.length === 0 ? NOTHING_ADDED : await api.addTriggers(scope, hook, asked);
			const ids = surplus.map(({ id }) => id);
			const { removed } =
				ids.length === 0 ? NOTHING_REMOVED : await api.removeTriggers(scope, hook.id, ids);
			return { added, refused, removed: new Set(removed) };
		});
		if (change.ok) {
			const { added, refused, removed } = change.value;
			for (const subscription of asked) answered.add(subscriptionKey(subscription));
			refusals.push(...refused);
			current = [...current.filter(({ id }) => !removed.has(id)), ...added];
			if (refused.length === 0 && removed.size === surplus.length) break;
		} else {
			const { failure } = change;
			if (!isLost(failure) || round === MAX_ROUNDS) throw failure;
		}
		// A refusal may only mean that another process was first ("already exists"): what is there now decides.
		current = await read();
	}
	const { missing, kept } = compareTriggers(wanted, current);
	const present = new Set(current.map(({ id }) => id));
	return {
		added: kept.filter(({ id }) => !atFirst.has(id)),
		removed: original.filter(({ id }) => !present.has(id)),
		kept: kept.filter(({ id }) => atFirst.has(id)),
		refused: missing.map((subscription) => ({
			...subscription,
			reason: reasonFor(subscription, refusals),
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
