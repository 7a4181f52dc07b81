import type { Subscription } from '../model/trigger';
import { eventTypeKey } from '../model/trigger';
import { scopeKey, type Scope } from '../model/scope';
import { findChangedList, isProjectList } from '../record/changed-lists';
import { planChanges, type ChangesQuery } from '../record/changes';

/** A list of records in a scope that a check compares with events. */
export interface ReconciledList {
	/** Identifies it in the stored progress. */
	readonly key: string;
	readonly scope: Scope;
	readonly query: ChangesQuery;
	/** The event types that the node subscribes to, of those that a record reveals. */
	readonly eventTypes: ReadonlySet<string>;
}

/** The event types that the times of a record reveal. */
const REVEALED_BY_RECORDS = ['create', 'update'];

/**
 * Returns the lists that contain the changes a hook subscribes to. A company hook gets no events of projects, and a project hook
 * none of the company.
 */
export function reconciledLists(
	scope: Scope,
	subscriptions: readonly Subscription[],
): ReconciledList[] {
	const eventTypes = new Map<string, Set<string>>();
	for (const { resource_name, event_type } of subscriptions) {
		const found = findChangedList(resource_name);
		const type = eventTypeKey(event_type);
		if (!found.ok || !REVEALED_BY_RECORDS.includes(type)) continue;
		if (isProjectList(found.changed) !== (scope.kind === 'project')) continue;
		eventTypes.set(found.name, (eventTypes.get(found.name) ?? new Set()).add(type));
	}
	return [...eventTypes].flatMap(([name, types]) => {
		const projectId = scope.kind === 'project' ? scope.projectId : '';
		const plan = planChanges(name, scope.companyId, projectId);
		const key = `${scopeKey(scope)} ${name}`;
		return plan.ok ? [{ key, scope, query: plan.query, eventTypes: types }] : [];
	});
}
