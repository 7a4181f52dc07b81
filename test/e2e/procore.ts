import type { IDataObject } from 'n8n-workflow';

import type { Event, HookState } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';

/** Both generations of the webhook endpoints: everything must work on each. */
export const GENERATIONS = ['v2.0', 'v1.0'] as const;
export type Generation = (typeof GENERATIONS)[number];

export const PAYLOAD_VERSIONS = ['v2.0', 'v3.0', 'v4.0'] as const;
type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

/** The emulator's seed. */
export const COMPANY = { id: '4501177', name: 'Larkspur Build Co' };
export const UNCONNECTED_COMPANY = '4777002';
export const CLINIC = { id: '902214', name: 'HS-014 - Harbour Street Clinic' };
export const DEPOT = { id: '902377', name: 'DC-002 - Dry Creek Depot' };

/** In bytes; an event has about 600. */
export const MORE_THAN_AN_EVENT = 256 * 1024;

/** One example of each scope: the parameters that select it, and an event that belongs to it. */
export const SCOPES = [
	{
		name: 'company',
		parameters: { scope: 'company', events: ['Offices:create', 'Departments:update'] },
		scope: { companyId: COMPANY.id, projectId: null },
		triggers: ['Departments:update', 'Offices:create'],
		change: { companyId: COMPANY.id, resourceName: 'Departments', eventType: 'update' },
	},
	{
		name: 'project',
		parameters: {
			scope: 'projects',
			projectIds: [CLINIC.id],
			events: ['RFIs:update', 'Submittals:delete', 'RFIs:create'],
		},
		scope: { companyId: COMPANY.id, projectId: CLINIC.id },
		triggers: ['RFIs:create', 'RFIs:update', 'Submittals:delete'],
		change: {
			companyId: COMPANY.id,
			projectId: CLINIC.id,
			resourceName: 'RFIs',
			eventType: 'update',
		},
	},
] as const;

/** A hook's triggers in the form of the trigger node's parameter, sorted. */
export function subscriptionsOf(hook: HookState | undefined): string[] {
	return (hook?.triggers ?? [])
		.map(({ resourceName, eventType }) => `${resourceName}:${eventType}`)
		.sort();
}

/** The item that the trigger node must return for an event of the emulator. */
export function expectedItem(
	event: Event,
	version: PayloadVersion,
	more: {
		applicationId?: string;
		operationId?: string;
		relatedResources?: Array<{ id: string; name: string }>;
	} = {},
): IDataObject {
	return {
		id: version === 'v4.0' ? event.ulid : event.id,
		ulid: event.ulid,
		timestamp: event.timestamp,
		event_type: event.eventType,
		resource_name: event.resourceName,
		resource_id: event.resourceId,
		company_id: event.companyId,
		project_id: event.projectId,
		user_id: event.userId,
		api_version: version,
		metadata:
			version === 'v4.0'
				? null
				: {
						source_user_id: event.userId,
						source_company_id: event.companyId,
						source_project_id: event.projectId,
						source_application_id: more.applicationId ?? null,
						source_operation_id: more.operationId ?? null,
					},
		...(version === 'v3.0' ? { related_resources: more.relatedResources ?? [] } : {}),
	};
}

/** Items in the order in which their events happened. */
export function byUlid(items: readonly JsonObject[]): JsonObject[] {
	return [...items].sort((a, b) => (String(a.ulid) < String(b.ulid) ? -1 : 1));
}
