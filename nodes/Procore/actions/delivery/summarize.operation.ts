import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { matchesFilter, queryFor } from '../../delivery/filter';
import { DeliverySummary } from '../../delivery/summary';
import { deliveryFilters } from '../../descriptions/delivery';
import type { Operation } from '../operation';
import { selectedHooks } from './hooks';

export const description: INodeProperties[] = [deliveryFilters('summarize')];

export const execute: Operation = async (item) => {
	const scope = item.scope();
	const filter = item.deliveryFilter();
	const reports: IDataObject[] = [];
	for (const hook of await selectedHooks(item)) {
		const summary = new DeliverySummary();
		for await (const rows of item.procore.webhooks.deliveries(scope, hook.id, queryFor(filter))) {
			for (const { model } of rows) if (matchesFilter(model, filter)) summary.add(model);
		}
		reports.push({
			hook_id: hook.id,
			// Of a hook that was named by its id more is not known.
			...(hook.destination_url === undefined
				? {}
				: { namespace: hook.namespace ?? null, destination_url: hook.destination_url }),
			company_id: scope.companyId,
			project_id: scope.kind === 'project' ? scope.projectId : null,
			...summary.report(),
		});
	}
	return reports;
};
