import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { matchesFilter, queryFor } from '../../delivery/filter';
import { DeliverySummary } from '../../delivery/summary';
import type { Operation } from '../operation';
import { deliveryFilter, filtersProperty } from './delivery-filters';
import { selectedHooks } from './selected-hooks';

export const description: INodeProperties[] = [filtersProperty('summarize')];

export const execute: Operation = async (item) => {
	const scope = item.scope();
	const filter = deliveryFilter(item);
	const reports: IDataObject[] = [];
	for (const hook of await selectedHooks(item)) {
		const summary = new DeliverySummary();
		for await (const rows of item.procore.webhooks.deliveries(scope, hook.id, queryFor(filter))) {
			for (const { model } of rows) if (matchesFilter(model, filter)) summary.add(model);
		}
		reports.push({
			hook_id: hook.id,
			// A hook that was selected by its id was not read, so only the id is known.
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
