import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../../descriptions/list';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('hook', 'getAll');

export const execute: Operation = async (item) => {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const namespace = item.text('namespace') === '' ? '' : item.namespace();
	if (namespace === '' && scope.kind === 'company' && webhooks.version === 'v2.0') {
		throw item.refuse(
			'Procore lists the hooks of a company under one namespace at a time: enter it in Namespace.',
		);
	}
	const hooks = await webhooks.listHooks(scope, namespace);
	return hooks.slice(0, item.limit()).map((hook) => item.output(hook));
};
