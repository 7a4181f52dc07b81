import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('trigger', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const triggers = await item.procore.webhooks.listTriggers(item.scope(), item.hookId());
	return triggers.slice(0, limit).map((trigger) => item.output(trigger));
};
