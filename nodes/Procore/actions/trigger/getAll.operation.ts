import type { INodeProperties } from 'n8n-workflow';

import { hookTriggers } from '../../hook/hook-triggers';
import { listProperties } from '../list-parameters';
import type { Operation } from '../operation';
import { triggerOwner } from './trigger-parameters';

export const description: INodeProperties[] = listProperties('trigger', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const triggers = await hookTriggers(item.procore.webhooks, item.scope(), triggerOwner(item));
	return triggers.slice(0, limit).map((trigger) => item.output(trigger));
};
