import type { Procore } from '../api';
import { settleAll } from '../api/concurrency';
import { scopeKey, type Scope } from '../model/scope';
import { MAX_CONCURRENT_SCOPES } from './reconcile';
import type { TriggerPlace } from './settings';
import type { OwnHook } from './stored-state';

const MAX_NODES = 10_000;

/** By node: the projects that its last check missed in the list. Losing it only puts a removal off. */
const absentLastTime = new Map<string, ReadonlySet<string>>();

/**
 * The hooks in projects that the list of all projects lacks. That alone proves nothing: a list shifts while it is read,
 * so a project that closes on an earlier page hides the first one of the next page.
 */
export function absentHooks(
	{ scope: where, companyId }: TriggerPlace,
	hooks: readonly OwnHook[],
	listed: readonly Scope[],
): OwnHook[] {
	if (where !== 'allProjects') return [];
	const keys = new Set(listed.map(scopeKey));
	return hooks.filter(
		({ scope }) =>
			scope.kind === 'project' && scope.companyId === companyId && !keys.has(scopeKey(scope)),
	);
}

/**
 * The scopes that a check looks at: those that are listed, and the absent ones that may still be active. A project is
 * closed if two lists in a row lacked it and Procore, asked for it directly, says that it is closed or gone.
 *
 * @param key of the node, as `nodeKey` gives it.
 * @param hooks that the node remembers.
 */
export async function withAbsentProjects(
	procore: Procore,
	key: string,
	place: TriggerPlace,
	hooks: readonly OwnHook[],
	listed: readonly Scope[],
): Promise<Scope[]> {
	// Procore gives an account that has lost its access an empty list too.
	if (listed.length === 0) return [];
	const absent = absentHooks(place, hooks, listed).map(({ scope }) => scope);
	const before = absentLastTime.get(key);
	if (absentLastTime.size >= MAX_NODES) absentLastTime.clear();
	absentLastTime.set(key, new Set(absent.map(scopeKey)));
	const looks = await settleAll(absent, MAX_CONCURRENT_SCOPES, async (scope) => {
		if (scope.kind !== 'project' || !before?.has(scopeKey(scope))) return 'active';
		return await procore.directory.projectState(scope.companyId, scope.projectId);
	});
	const open = absent.filter((_scope, index) => {
		const look = looks[index];
		return !look?.ok || look.value === 'active';
	});
	return [...listed, ...open];
}
