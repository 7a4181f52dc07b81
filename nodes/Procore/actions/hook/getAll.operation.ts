import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';
import { hooksUnderNamespace } from './fields';

export const description: INodeProperties[] = listProperties('hook', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const hooks = await hooksUnderNamespace(item);
	return hooks.slice(0, limit).map((hook) => item.output(hook));
};
