import type { INodeProperties } from 'n8n-workflow';

import { shown, simplifyProperty } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	shown(simplifyProperty, { resource: ['hook'], operation: ['get'] }),
];

export const execute: Operation = async (item) => {
	const { webhooks } = item.procore;
	return [item.output(await webhooks.getHook(item.scope(), item.hookId(), item.namespaceHint()))];
};
