import type { ProcoreEvent } from './event';

/** The event types that a record tells by its times. */
export type ReconciledEventType = 'create' | 'update';

/**
 * A change that was found in the records and not in the events: in the format of an event, without what a record does not
 * tell. Procore has no id for it.
 */
export interface ReconciledEvent extends Pick<
	ProcoreEvent,
	'timestamp' | 'resource_name' | 'resource_id' | 'project_id'
> {
	id: null;
	ulid: null;
	event_type: ReconciledEventType;
	company_id: string;
	user_id: null;
	api_version: null;
	metadata: null;
	source: 'reconciliation';
}

/** Returns the event of a changed record. `timestamp` is the record's `updated_at`, as ISO 8601 in UTC. */
export function reconciledEvent(
	change: Pick<
		ReconciledEvent,
		'timestamp' | 'event_type' | 'resource_name' | 'resource_id' | 'company_id' | 'project_id'
	>,
): ReconciledEvent {
	const { timestamp, event_type, resource_name, resource_id, company_id, project_id } = change;
	return {
		id: null,
		ulid: null,
		timestamp,
		event_type,
		resource_name,
		resource_id,
		company_id,
		project_id,
		user_id: null,
		api_version: null,
		metadata: null,
		source: 'reconciliation',
	};
}
