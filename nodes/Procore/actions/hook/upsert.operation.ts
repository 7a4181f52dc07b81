import type { INodeProperties } from 'n8n-workflow';

import { dryRunProperty } from '../../descriptions/dry-run';
import { additionalFields, destinationUrlProperty } from '../../descriptions/hook';
import { shown, simplifyProperty } from '../../descriptions/list';
import { planUpsert } from '../../hook/plan-upsert';
import { upsertHook } from '../../hook/upsert';
import { isDryRun, wouldBe } from '../dry-run';
import type { WriteOperation } from '../operation';
import { hookTarget } from './fields';

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
