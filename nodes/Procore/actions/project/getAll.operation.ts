import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ProjectSearch } from '../../api/directory';
import { listProperties, searchProperty } from '../list-parameters';
import type { Operation } from '../operation';
import type { OperationItem } from '../operation-item';

export const description: INodeProperties[] = [
	searchProperty(
		{ resource: ['project'], operation: ['getAll'] },
		'Part of the name, or the project number. Leave empty for all active projects.',
	),
	...listProperties('project', 'getAll'),
];

/** Procore has one filter for the name and one for the number, so there is a request for each. */
function searches(item: OperationItem): ProjectSearch[] {
	const text = item.text('search');
	// The compact view has neither the project number nor the display name.
	return text === ''
		? [{ view: 'normal' }]
		: [
				{ view: 'normal', number: text },
				{ view: 'normal', name: text },
			];
}

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results = new Map<string, IDataObject>();
	const companyId = item.companyId();
	for (const search of searches(item)) {
		for await (const { projects } of item.procore.directory.projects(companyId, search)) {
			for (const project of projects) results.set(project.model.id, item.output(project));
			if (results.size >= limit) break;
		}
	}
	return [...results.values()].slice(0, limit);
};
