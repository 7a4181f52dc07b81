import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../list-parameters';
import type { Operation } from '../operation';
import { hooksInNamespace } from './hook-parameters';

export const description: INodeProperties[] = listProperties('hook', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const hooks = await hooksInNamespace(item);
	return hooks.slice(0, limit).map((hook) => item.output(hook));
};
