import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { ProcoreFailure } from '../../api/failure';
import { describeScope, type Scope } from '../../model/scope';
import { dryRunProperty, isDryRun, wouldBe } from '../dry-run';
import type { WriteOperation } from '../operation';
import type { OperationItem } from '../operation-item';

export const description: INodeProperties[] = [
	dryRunProperty({ resource: ['hook'], operation: ['delete'] }),
];

function absentError(item: OperationItem, scope: Scope, id: string): NodeOperationError {
	return item.refuse(
		`Could not delete hook ${id}. It does not exist in ${describeScope(scope)}, or this account can't access it. Check Hook, Company and Project.`,
	);
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const id = item.hookId();
	if (isDryRun(item)) {
		return async () => {
			const read = await settle(
				async () => await webhooks.getHook(scope, id, item.namespaceHint()),
			);
			if (read.ok) return [wouldBe({ deleted: true, id })];
			const { failure } = read;
			const isAbsent = failure instanceof ProcoreFailure && failure.isNotFound;
			throw isAbsent ? absentError(item, scope, id) : failure;
		};
	}
	return async () => {
		if (await webhooks.deleteHook(scope, id)) return [{ deleted: true, id }];
		throw absentError(item, scope, id);
	};
};
