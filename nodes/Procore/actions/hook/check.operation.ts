import type { INodeProperties } from 'n8n-workflow';

import { HealthCheck, type CheckedScope, type HookHealth } from '../../hook/check-health';
import type { Operation } from '../operation';
import type { OperationItem } from '../operation-item';
import { healthExpectation, healthOptions } from './health-parameters';
import { searchableScope } from './hook-parameters';

export const description: INodeProperties[] = [
	healthOptions({ resource: ['hook'], operation: ['check'] }),
];

async function checkedScopes(item: OperationItem): Promise<CheckedScope[]> {
	if (item.text('scope') !== 'allProjects') {
		return [{ scope: searchableScope(item), projectName: null }];
	}
	const companyId = item.companyId();
	// The compact view has no display name.
	const projects = await item.procore.directory.allProjects(companyId, { view: 'normal' });
	return projects.map(({ model: { id, display_name } }) => ({
		scope: { kind: 'project', companyId, projectId: id },
		projectName: display_name,
	}));
}

/** The namespaces with the most hooks that a hint names. */
const NAMED = 3;

/**
 * Says in how many of the checked projects each namespace has a hook, as far as some lack one: a trigger of many projects is
 * set up over several safety checks.
 */
function explainCoverage(projects: number, health: readonly HookHealth[]): string | undefined {
	const covered = new Map<string, Set<string>>();
	for (const { namespace, project_id: projectId } of health) {
		if (namespace === null || projectId === null) continue;
		covered.set(namespace, (covered.get(namespace) ?? new Set()).add(projectId));
	}
	const partly = [...covered]
		.map(([namespace, { size }]) => ({ namespace, size }))
		.filter(({ size }) => size > 1 && size < projects)
		.sort((one, other) => other.size - one.size)
		.slice(0, NAMED);
	if (partly.length === 0) return undefined;
	const parts = partly.map(({ namespace, size }) => `"${namespace}" in ${size}`).join(', ');
	return `Hooks by namespace, of ${projects} active projects: ${parts}. If one belongs to a Procore Trigger of all projects, its safety checks create the others.`;
}

export const execute: Operation = async (item) => {
	const check = new HealthCheck(item.procore.webhooks, healthExpectation(item));
	const namespace = item.searchedNamespace();
	const scopes = await checkedScopes(item);
	const health = await check.run(scopes, namespace);
	if (health.length === 0) {
		item.hint(
			namespace === ''
				? 'There is no hook yet, so nothing was checked.'
				: `There is no hook in the namespace "${namespace}", so nothing was checked. Clear Namespace to check every namespace.`,
		);
	}
	const coverage = explainCoverage(scopes.length, health);
	if (coverage !== undefined) item.hint(coverage);
	return health.map((each) => ({ ...each }));
};
