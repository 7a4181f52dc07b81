import { scopeKey, type Scope } from '../model/scope';

/** The last check of a scope. */
interface LastCheck {
	/** Milliseconds since 1970. */
	readonly at: number;
	/** The SHA-256 of the Authorization value that its hook has; undefined if the check failed. */
	readonly digest: string | undefined;
	/** Whether something was wrong with the hook, so that it is checked again soon. */
	readonly wasTroubled: boolean;
}

/** What this process knows about the safety checks of a node. */
export interface CheckProgress {
	/** How many checks have run. */
	checks: number;
	/** By {@link scopeKey}. */
	readonly lastChecks: Map<string, LastCheck>;
	/** The number of activations and deactivations at the last check that knew no hook; undefined if none did. */
	changesWithoutHook: number | undefined;
}

const MAX_NODES = 10_000;
const progressOfNodes = new Map<string, CheckProgress>();

/** Returns the progress of a node, which can be changed. @param key from `nodeKey`. */
export function progressOf(key: string): CheckProgress {
	const known = progressOfNodes.get(key);
	if (known) return known;
	if (progressOfNodes.size >= MAX_NODES) progressOfNodes.clear();
	const progress = { checks: 0, lastChecks: new Map(), changesWithoutHook: undefined };
	progressOfNodes.set(key, progress);
	return progress;
}

/**
 * Sorts scopes by urgency, because a check might not have the time or the requests for all of them: first those without a
 * hook, then those whose hook was troubled, then those whose last check is the longest ago.
 *
 * @param withHook the scopes that have a hook, by {@link scopeKey}.
 */
export function byUrgency(
	scopes: readonly Scope[],
	withHook: ReadonlySet<string>,
	{ lastChecks }: CheckProgress,
): Scope[] {
	const rankOf = (scope: Scope): number => {
		const key = scopeKey(scope);
		const last = lastChecks.get(key);
		if (last === undefined && !withHook.has(key)) return -2;
		return last?.wasTroubled ? -1 : (last?.at ?? 0);
	};
	return scopes
		.map((scope) => ({ scope, rank: rankOf(scope) }))
		.sort((one, other) => one.rank - other.rank)
		.map(({ scope }) => scope);
}

/** Whether the last check of every scope succeeded and left its hook with this Authorization value. */
export function allHave(
	digest: string,
	scopes: readonly Scope[],
	{ lastChecks }: CheckProgress,
): boolean {
	return scopes.every((scope) => lastChecks.get(scopeKey(scope))?.digest === digest);
}
