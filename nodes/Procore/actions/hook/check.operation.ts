import type { INodeProperties } from 'n8n-workflow';

import { HealthCheck, type CheckedScope } from '../../hook/check-health';
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
	return health.map((each) => ({ ...each }));
};
