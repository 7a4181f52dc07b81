import type { INodeProperties } from 'n8n-workflow';

import { payloadVersionProperty } from '../../descriptions/shared';
import { DEFAULT_PAYLOAD_VERSION } from '../../model/payload-version';
import { listProperties, shown } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	shown(payloadVersionProperty, { resource: ['webhookResource'], operation: ['getAll'] }),
	...listProperties('webhookResource', 'getAll'),
];

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const version = item.payloadVersion('payloadVersion') ?? DEFAULT_PAYLOAD_VERSION;
	const resources = await item.procore.webhooks.listResources(item.scope(), version);
	return resources.slice(0, limit).map((resource) => item.output(resource));
};
