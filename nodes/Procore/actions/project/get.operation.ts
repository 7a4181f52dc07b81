import type { INodeProperties } from 'n8n-workflow';

import { simplifyProperty } from '../../descriptions/shared';
import { shown } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	shown(simplifyProperty, { resource: ['project'], operation: ['get'] }),
];

export const execute: Operation = async (item) => {
	const companyId = item.companyId();
	const projectId = item.projectId();
	return [item.output(await item.procore.directory.getProject(companyId, projectId))];
};
