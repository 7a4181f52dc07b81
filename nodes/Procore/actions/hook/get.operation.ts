import type { INodeProperties } from 'n8n-workflow';

import { simplifyProperty } from '../../descriptions/shared';
import { shown } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	shown(simplifyProperty, { resource: ['hook'], operation: ['get'] }),
];

export const execute: Operation = async (item) => {
	const { webhooks } = item.procore;
	return [item.output(await webhooks.getHook(item.scope(), item.hookId(), item.namespaceHint()))];
};
