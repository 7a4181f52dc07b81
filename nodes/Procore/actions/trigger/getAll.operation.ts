import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import { hookTriggers } from '../../hook/hook-triggers';
import type { Operation } from '../operation';
import { triggerOwner } from './fields';

export const description: INodeProperties[] = listProperties('trigger', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const triggers = await hookTriggers(item.procore.webhooks, item.scope(), triggerOwner(item));
	return triggers.slice(0, limit).map((trigger) => item.output(trigger));
};
