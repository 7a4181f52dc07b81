import {
	reconciledEvent,
	type ReconciledEvent,
	type ReconciledEventType,
} from '../model/reconciled-event';
import type { ChangedRecord, ChangesQuery } from './changes';
import { isoSecond } from './time-span';

/**
 * How many milliseconds the times of one change can differ: Procore rounds the times of a record to seconds, and sets
 * `updated_at` again while it creates one [EVENT-AFTER-COMMIT].
 */
export const TOLERANCE_MS = 2000;

/** Whether a record has not changed since it was created. False if the row does not say when it was. */
export function isUntouched({ createdAt, updatedAt }: ChangedRecord): boolean {
	return updatedAt - createdAt <= TOLERANCE_MS;
}

/**
 * Returns what happened to a record: `create` if it is new or has not changed since it was created, else `update`.
 *
 * @param since milliseconds since 1970. Every record that was created later is new to the caller.
 */
export function changeType(record: ChangedRecord, since: number): ReconciledEventType {
	return record.createdAt > since || isUntouched(record) ? 'create' : 'update';
}

/** Returns the event of a change. */
export function eventOf(
	{ id, updatedAt }: ChangedRecord,
	{ resourceName, companyId, projectId }: ChangesQuery,
	eventType: ReconciledEventType,
): ReconciledEvent {
	return reconciledEvent({
		timestamp: Number.isNaN(updatedAt) ? '' : isoSecond(updatedAt),
		event_type: eventType,
		resource_name: resourceName,
		resource_id: id,
		company_id: companyId,
		project_id: projectId,
	});
}
