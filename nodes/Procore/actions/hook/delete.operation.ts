import { describeScope } from '../../model/scope';
import type { WriteOperation } from '../operation';

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const id = item.hookId();
	return async () => {
		if (await item.procore.webhooks.deleteHook(scope, id)) return [{ deleted: true, id }];
		throw item.refuse(
			`Could not delete hook ${id}. Procore knows none with this ID in ${describeScope(scope)}, or the account may not see it: check Hook, Company and Project.`,
		);
	};
};
