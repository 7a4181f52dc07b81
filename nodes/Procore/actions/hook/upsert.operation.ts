import type { INodeProperties } from 'n8n-workflow';

import { simplifyProperty } from '../../descriptions/shared';
import { planUpsert } from '../../hook/plan-upsert';
import { upsertHook } from '../../hook/upsert';
import { dryRunProperty, isDryRun, wouldBe } from '../dry-run';
import { shown } from '../list-parameters';
import type { WriteOperation } from '../operation';
import { additionalFields, destinationUrlProperty, hookTarget } from './hook-parameters';

const show = { resource: ['hook'], operation: ['upsert'] };

export const description: INodeProperties[] = [
	destinationUrlProperty(show),
	dryRunProperty(show),
	shown(simplifyProperty, show),
	additionalFields(show),
];

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const target = hookTarget(item);
	if (isDryRun(item)) {
		return async () => {
			const { read, result } = await planUpsert(item.procore.webhooks, scope, target);
			return [wouldBe({ ...item.output(read), result })];
		};
	}
	return async () => {
		const { read, result } = await upsertHook(item.procore.webhooks, scope, target);
		return [{ ...item.output(read), result }];
	};
};
