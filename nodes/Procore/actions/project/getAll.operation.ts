import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('project', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results: IDataObject[] = [];
	for await (const { projects } of item.procore.directory.projects(item.companyId())) {
		results.push(...projects.map((project) => item.output(project)));
		if (results.length >= limit) break;
	}
	return results.slice(0, limit);
};
