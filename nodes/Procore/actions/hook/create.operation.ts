import type { INodeProperties } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { isOutcomeUnknown } from '../../api/failure';
import { simplifyProperty } from '../../descriptions/shared';
import { shown } from '../list-parameters';
import { rollBackHook } from '../../hook/roll-back';
import { createOrFind, draftOf, explainTaken } from '../../hook/upsert';
import type { WriteOperation } from '../operation';
import { additionalFields, destinationUrlProperty, hookTarget } from './hook-parameters';

const show = { resource: ['hook'], operation: ['create'] };

export const description: INodeProperties[] = [
	destinationUrlProperty(show),
	shown(simplifyProperty, show),
	additionalFields(show),
];

export const prepare: WriteOperation['prepare'] = (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const target = hookTarget(item);
	return async () => {
		const { read } = await createOrFind(webhooks, scope, draftOf(target), (hook, failure) => {
			throw isOutcomeUnknown(failure) ? explainTaken(failure, scope, hook) : failure;
		});
		if (target.status === undefined || target.status === read.model.status) {
			return [item.output(read)];
		}
		const { id } = read.model;
		const { status } = target;
		const change = await settle(async () => await webhooks.updateHook(scope, id, { status }));
		if (change.ok) return [item.output(change.value)];
		throw await rollBackHook(webhooks, scope, read.model, change.failure, (message) =>
			item.refuse(message),
		);
	};
};
