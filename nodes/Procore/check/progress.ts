import type { Scope } from '../model/scope';

/** What this process knows about the safety checks of a node. */
export interface CheckProgress {
	/** How many checks have run. */
	checks: number;
	/** The scope at which the next check starts, because an earlier one ran out of time. */
	nextScope: number;
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
	const progress = { checks: 0, nextScope: 0, changesWithoutHook: undefined };
	progressOfNodes.set(key, progress);
	return progress;
}

/** Rotates the scopes so that a check starts with those for which an earlier one had no time. */
export function rotated(scopes: readonly Scope[], { nextScope }: CheckProgress): Scope[] {
	const start = scopes.length === 0 ? 0 : nextScope % scopes.length;
	return [...scopes.slice(start), ...scopes.slice(0, start)];
}
