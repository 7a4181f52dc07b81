import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ProjectSearch } from '../../api/directory';
import type { Project } from '../../model/directory';
import { text } from '../../model/json';
import type { Read } from '../../model/read';
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
	const search = item.text('search');
	// The compact view has neither the project number nor the display name.
	return search === ''
		? [{ view: 'normal' }]
		: [
				{ view: 'normal', number: search },
				{ view: 'normal', name: search },
			];
}

/** Whether a project fits, in case Procore ignores the filter. */
function matches({ model, raw }: Read<Project>, search: string): boolean {
	const texts = [model.name, model.display_name, text(raw.project_number)];
	return texts.some((each) => each.toLowerCase().includes(search.toLowerCase()));
}

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results = new Map<string, IDataObject>();
	const companyId = item.companyId();
	for (const query of searches(item)) {
		for await (const { projects } of item.procore.directory.projects(companyId, query)) {
			for (const project of projects.filter((each) => matches(each, item.text('search')))) {
				results.set(project.model.id, item.output(project));
			}
			if (results.size >= limit) break;
		}
	}
	return [...results.values()].slice(0, limit);
};
