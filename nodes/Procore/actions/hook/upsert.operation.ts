import type { INodeProperties } from 'n8n-workflow';

import { additionalFields, destinationUrlProperty } from '../../descriptions/hook';
import { shown, simplifyProperty } from '../../descriptions/list';
import { upsertHook } from '../../hook/upsert';
import type { WriteOperation } from '../operation';
import { hookTarget } from './fields';

const show = { resource: ['hook'], operation: ['upsert'] };

export const description: INodeProperties[] = [
	destinationUrlProperty(show),
	shown(simplifyProperty, show),
	additionalFields(show),
];

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const target = hookTarget(item);
	return async () => {
		const { read, result } = await upsertHook(item.procore.webhooks, scope, target);
		return [{ ...item.output(read), result }];
	};
};
