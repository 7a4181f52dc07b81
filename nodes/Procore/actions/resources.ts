import type { INodeProperties } from 'n8n-workflow';

import { scopeProperties } from '../descriptions/scope';
import * as delivery from './delivery/Delivery.resource';
import * as hook from './hook/Hook.resource';
import type { Operation } from './operation';
import * as trigger from './trigger/Trigger.resource';

/** Every operation by resource and name: what the panel offers and what the router runs. */
export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
	delivery: delivery.operations,
	hook: hook.operations,
	trigger: trigger.operations,
};

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Delivery', value: 'delivery' },
			{ name: 'Hook', value: 'hook' },
			{ name: 'Trigger', value: 'trigger' },
		],
		default: 'hook',
	},
	...hook.description,
	...trigger.description,
	...delivery.description,
	...scopeProperties,
	...hook.fields,
	...trigger.fields,
	...delivery.fields,
];
