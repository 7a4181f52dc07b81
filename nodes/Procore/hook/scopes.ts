import type { Procore } from '../api';
import { settleAll } from '../api/concurrency';
import { explainInvalidId } from '../model/id';
import { scopeKey, type Scope } from '../model/scope';
import { MAX_CONCURRENT_SCOPES } from './per-scope';
import { PROJECTS_LABEL, type TriggerPlace } from './settings';
import type { OwnHook } from './stored-state';

/** The number of projects that a test listens in. Each costs three requests, and Procore's default hourly limit is low. */
const MAX_TEST_SCOPES = 10;

const MAX_NODES = 10_000;

/** By node: the projects that were missing from the list at its last check. Losing it only delays a removal. */
const missingLastTime = new Map<string, ReadonlySet<string>>();

/**
 * Returns the scopes that need a hook: the company, each selected project, or every active project, most recently changed
 * first. Skips invalid IDs: an activation has refused them, and a deactivation must not put them into a path either.
 *
 * @throws ProcoreFailure if the projects cannot be listed.
 */
export async function resolveScopes(
	{ directory }: Pick<Procore, 'directory'>,
	{ companyId, scope, projectIds }: TriggerPlace,
): Promise<Scope[]> {
	if (explainInvalidId(companyId, 'Company') !== undefined) return [];
	if (scope === 'company') return [{ kind: 'company', companyId }];
	const ids = scope === 'allProjects' ? await lastChangedFirst(directory, companyId) : projectIds;
	const valid = ids.filter((id) => explainInvalidId(id, PROJECTS_LABEL) === undefined);
	return valid.map((projectId) => ({ kind: 'project', companyId, projectId }));
}

/** Procore sorts projects by name only, so they are sorted here. */
async function lastChangedFirst(
	directory: Procore['directory'],
	companyId: string,
): Promise<string[]> {
	const projects = await directory.activeProjects(companyId);
	const timeOf = (changed: string) => Date.parse(changed) || 0;
	return projects
		.sort((one, other) => timeOf(other.updated_at) - timeOf(one.updated_at))
		.map(({ id }) => id);
}

/** Limits the scopes if the hooks listen for a test event. */
export function scopesFor(isTest: boolean, scopes: readonly Scope[]): Scope[] {
	return scopes.slice(0, isTest ? MAX_TEST_SCOPES : undefined);
}

/**
 * Returns the hooks in projects that are missing from the list of all projects. This does not prove that a project is
 * closed: when one on an earlier page closes while the list is read, the first project of the next page is skipped
 * [LIST-SHIFTS].
 */
export function hooksInMissingProjects(
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
 * Returns the scopes for a safety check: the listed ones, and missing projects that might still be active. A project
 * counts as closed if two consecutive lists lacked it and Procore, asked for it directly, says that it is closed or gone.
 *
 * @param key from `nodeKey`.
 * @param hooks from the node's stored state.
 */
export async function scopesToCheck(
	procore: Procore,
	key: string,
	place: TriggerPlace,
	hooks: readonly OwnHook[],
	listed: readonly Scope[],
): Promise<Scope[]> {
	// Procore also returns an empty list to an account that has lost its access.
	if (listed.length === 0) return [];
	const missing = hooksInMissingProjects(place, hooks, listed).map(({ scope }) => scope);
	const before = missingLastTime.get(key);
	if (missingLastTime.size >= MAX_NODES) missingLastTime.clear();
	missingLastTime.set(key, new Set(missing.map(scopeKey)));
	const states = await settleAll(missing, MAX_CONCURRENT_SCOPES, async (scope) => {
		if (scope.kind !== 'project' || !before?.has(scopeKey(scope))) return 'active';
		return await procore.directory.projectState(scope.companyId, scope.projectId);
	});
	const open = missing.filter((_scope, index) => {
		const state = states[index];
		return !state?.ok || state.value === 'active';
	});
	return [...listed, ...open];
}
