import type { Undelivered } from '../api/undelivered';
import { isAcceptedTooEarly } from '../model/delivery';
import { scopeKey, type Scope } from '../model/scope';
import type { CheckResults } from './repair';

/** The last check of a scope. */
interface LastCheck {
	/** Milliseconds since 1970. */
	readonly at: number;
	/** The SHA-256 of the Authorization value that its hook has; undefined if the check failed. */
	readonly digest: string | undefined;
	/** Whether something was wrong with the hook, so that it is checked again soon. */
	readonly wasTroubled: boolean;
	/** Whether a check of this process has read its deliveries and found none that n8n accepted too early. */
	readonly isRead: boolean;
}

/** What this process knows about the safety checks of a node. */
export interface CheckProgress {
	/** How many checks have run. */
	checks: number;
	/** How many hooks it may check although other nodes have used up what ordinary checks may use. */
	credit: number;
	/** When the credit was counted, in milliseconds since 1970. */
	creditAt: number;
	/** The number of activations and deactivations then. */
	changes: number;
	/** By {@link scopeKey}. */
	readonly lastChecks: Map<string, LastCheck>;
	/** Whether the last check left scopes without a hook. */
	lacksHooks: boolean;
	/** The lists of records that the last check has not compared to the end, by their keys; undefined before the first check that compared. */
	unreconciled: ReadonlySet<string> | undefined;
	/** The node's `lifecycleSteps` at the last check that knew no hook; undefined if the last one knew it. */
	stepsWithoutHook: number | undefined;
}

const MAX_NODES = 10_000;
const progressOfNodes = new Map<string, CheckProgress>();

/** Returns the progress of a node, which can be changed. @param key from `nodeKey`. */
export function progressOf(key: string): CheckProgress {
	const known = progressOfNodes.get(key);
	if (known) return known;
	if (progressOfNodes.size >= MAX_NODES) progressOfNodes.clear();
	const progress = {
		checks: 0,
		// All nodes start with n8n, and are not to use their credit at the same time.
		credit: Math.random(),
		creditAt: Date.now(),
		changes: 0,
		lastChecks: new Map(),
		lacksHooks: false,
		unreconciled: undefined,
		stepsWithoutHook: undefined,
	};
	progressOfNodes.set(key, progress);
	return progress;
}

/** A node gets the credit to check each of its hooks this often: with hourly checks, at least once a day. */
const GUARANTEED_EVERY_MS = 20 * 3_600_000;

/** A node of hundreds of projects leaves something to the others. */
const MAX_GUARANTEED = 25;

/**
 * Counts how many hooks a check that starts now may work on at least, if the other nodes of the account leave little.
 *
 * @param node `hooks`: how many it has. `changes`: how often it was activated or deactivated in this process. The check
 *   that follows may work on one hook, so that what happened meanwhile is recovered at once.
 * @param now milliseconds since 1970.
 */
export function guaranteedScopes(
	progress: CheckProgress,
	node: { readonly hooks: number; readonly changes: number },
	now: number,
): number {
	const elapsed = Math.max(0, now - progress.creditAt);
	const grown = progress.credit + (elapsed * Math.max(1, node.hooks)) / GUARANTEED_EVERY_MS;
	const isChanged = node.changes !== progress.changes;
	progress.credit = Math.min(MAX_GUARANTEED, isChanged ? Math.max(1, grown) : grown);
	progress.creditAt = now;
	progress.changes = node.changes;
	return Math.floor(progress.credit);
}

/**
 * Sorts scopes by urgency, because a check might not have the time or the requests for all of them. Those that need
 * attention (first those without a hook, then those whose hook was troubled) take turns with the others, so that many
 * that stay troubled don't keep the rest from being checked. Within each, the one whose last check is the longest ago
 * comes first.
 *
 * @param withHook the scopes that have a hook, by {@link scopeKey}.
 */
export function byUrgency(
	scopes: readonly Scope[],
	withHook: ReadonlySet<string>,
	{ lastChecks }: CheckProgress,
): Scope[] {
	const all = scopes.map((scope) => {
		const key = scopeKey(scope);
		const last = lastChecks.get(key);
		const isUrgent = !withHook.has(key) || last?.wasTroubled === true;
		return { scope, isUrgent, at: last?.at ?? 0 };
	});
	const turns = [true, false].flatMap((urgent) =>
		all
			.filter(({ isUrgent }) => isUrgent === urgent)
			.sort((one, other) => one.at - other.at)
			.map(({ scope }, turn) => ({ scope, turn })),
	);
	return turns.sort((one, other) => one.turn - other.turn).map(({ scope }) => scope);
}

/** n8n loads its nodes before it answers requests. */
const PROCESS_STARTED = Date.now();

/** The time by which the clocks of n8n and Procore may differ. */
const CLOCKS_DIFFER_MS = 600_000;

/** Whether there are, or might be, deliveries that n8n accepted too early. Some of those found might have to wait. */
function hasAcceptedTooEarly({ events, isWhole }: Undelivered): boolean {
	return !isWhole || events.some(({ delivery }) => isAcceptedTooEarly(delivery.model));
}

/**
 * Since when n8n might have accepted deliveries of a scope too early. It does so while it starts, so checks look for them
 * only until they find no more.
 *
 * @returns ISO 8601; undefined if they have been read.
 */
export function acceptedSince({ lastChecks }: CheckProgress, scope: Scope): string | undefined {
	if (lastChecks.get(scopeKey(scope))?.isRead === true) return undefined;
	return new Date(PROCESS_STARTED - CLOCKS_DIFFER_MS).toISOString();
}

/**
 * Since when deliveries that were answered 401 show that a hook has a wrong secret. An earlier check might have sent it again
 * already.
 *
 * @param earliest milliseconds since 1970, as the result.
 */
export function refusedSince(
	{ lastChecks }: CheckProgress,
	scope: Scope,
	earliest: number,
): number {
	const last = lastChecks.get(scopeKey(scope));
	const sentAt = last?.wasTroubled === true && last.digest !== undefined ? last.at : 0;
	return Math.max(earliest, sentAt);
}

/** Notes what a check did in each scope. @param digest of the Authorization value that the checked hooks now have. */
export function noteResults(
	progress: CheckProgress,
	{ checked, failures }: CheckResults,
	digest: string,
): void {
	const { lastChecks } = progress;
	const at = Date.now();
	progress.credit = Math.max(0, progress.credit - checked.length - failures.length);
	for (const { hook, repaired, stalled, undelivered } of checked) {
		const key = scopeKey(hook.scope);
		const isRead = lastChecks.get(key)?.isRead === true || !hasAcceptedTooEarly(undelivered);
		// The set-up of hundreds of projects goes on in checks. A hook that is new is not in trouble.
		const isNew = repaired === 'missing' && !lastChecks.has(key);
		const wasTroubled = (repaired !== '' && !isNew) || stalled !== undefined;
		lastChecks.set(key, { at, digest, wasTroubled, isRead });
	}
	for (const { scope } of failures) {
		const key = scopeKey(scope);
		const isRead = lastChecks.get(key)?.isRead === true;
		lastChecks.set(key, { at, digest: undefined, wasTroubled: true, isRead });
	}
}

/** Whether the last check of every scope succeeded and left its hook with this Authorization value. */
export function allHave(
	digest: string,
	scopes: readonly Scope[],
	{ lastChecks }: CheckProgress,
): boolean {
	return scopes.every((scope) => lastChecks.get(scopeKey(scope))?.digest === digest);
}
