import type { INodeProperties } from 'n8n-workflow';

import * as company from './company/Company.resource';
import * as delivery from './delivery/Delivery.resource';
import * as hook from './hook/Hook.resource';
import type { BatchOperation, Operation, WriteOperation } from './operation';
import * as project from './project/Project.resource';
import * as record from './record/Record.resource';
import { scopeProperties } from './scope-parameters';
import * as trigger from './trigger/Trigger.resource';
import * as user from './user/User.resource';
import * as webhookResource from './webhookResource/WebhookResource.resource';

/** All operations by resource and name, for the router. */
export const operations: Readonly<
	Record<string, Readonly<Record<string, BatchOperation | Operation | WriteOperation>>>
> = {
	company: company.operations,
	delivery: delivery.operations,
	hook: hook.operations,
	project: project.operations,
	record: record.operations,
	trigger: trigger.operations,
	user: user.operations,
	webhookResource: webhookResource.operations,
};

/** What most workflows need comes first: n8n lists the actions of the node in this order. */
const RESOURCES = [
	{ name: 'Record', value: 'record' },
	{ name: 'Project', value: 'project' },
	{ name: 'User', value: 'user' },
	{ name: 'Company', value: 'company' },
	{ name: 'Delivery', value: 'delivery' },
	{ name: 'Hook', value: 'hook' },
	{ name: 'Subscription', value: 'trigger' },
	{ name: 'Webhook Resource', value: 'webhookResource' },
];

/** The parameters of the action node: resource, operation, scope, and then those of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: RESOURCES,
		default: 'record',
	},
	...company.description,
	...delivery.description,
	...hook.description,
	...project.description,
	...record.description,
	...trigger.description,
	...user.description,
	...webhookResource.description,
	...scopeProperties,
	...company.fields,
	...delivery.fields,
	...hook.fields,
	...project.fields,
	...record.fields,
	...trigger.fields,
	...user.fields,
	...webhookResource.fields,
];
