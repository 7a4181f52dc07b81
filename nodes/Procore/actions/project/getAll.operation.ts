import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listProperties } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('project', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results: IDataObject[] = [];
	const { directory } = item.procore;
	// The compact view has neither the project number nor the display name.
	for await (const { projects } of directory.projects(item.companyId(), { view: 'normal' })) {
		results.push(...projects.map((project) => item.output(project)));
		if (results.length >= limit) break;
	}
	return results.slice(0, limit);
};
