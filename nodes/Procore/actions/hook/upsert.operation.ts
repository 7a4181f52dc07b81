import type { INodeProperties } from 'n8n-workflow';

import { additionalFields, destinationUrlProperty } from '../../descriptions/hook';
import { shown, simplifyProperty } from '../../descriptions/list';
import { upsertHook } from '../../hook/upsert';
import type { Operation } from '../operation';
import { hookTarget } from './fields';

const show = { resource: ['hook'], operation: ['upsert'] };

export const description: INodeProperties[] = [
	destinationUrlProperty(show),
	shown(simplifyProperty, show),
	additionalFields(show),
];

export const execute: Operation = async (item) => {
	const { read, result } = await upsertHook(item.procore.webhooks, item.scope(), hookTarget(item));
	return [{ ...item.output(read), result }];
};
