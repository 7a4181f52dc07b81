import { idNumber } from './json';
import type { JsonObject } from './json';
import type { PayloadVersion, ProcoreEvent } from './model';

const FORMATS = new Map<string, PayloadVersion>([
	['v2', 'v2.0'],
	['v2.0', 'v2.0'],
	['v3', 'v3.0'],
	['v3.0', 'v3.0'],
	['v4', 'v4.0'],
	['v4.0', 'v4.0'],
]);

/** `v2` and `v2.0` are two spellings of one format [PAYLOAD-VERSION-SPELLING]. */
export function payloadFormat(version: string): PayloadVersion | undefined {
	return FORMATS.get(version);
}

/** The event object as a hook of this payload version receives it [PAYLOAD-V2-FIELDS] [PAYLOAD-V4-FIELDS]. */
export function payloadOf(event: ProcoreEvent, version: string): JsonObject {
	const format = payloadFormat(version);
	if (format === 'v4.0') {
		return {
			id: event.ulid,
			timestamp: event.timestamp,
			reason: event.eventType,
			company_id: event.companyId,
			project_id: event.projectId,
			user_id: event.userId,
			resource_type: event.resourceName,
			resource_id: event.resourceId,
		};
	}
	const source = (id: string | null) => (event.nullSources ? null : idNumber(id));
	const payload: JsonObject = {
		id: idNumber(event.id),
		ulid: event.ulid,
		timestamp: event.timestamp,
		metadata: {
			source_user_id: source(event.userId),
			source_project_id: source(event.projectId),
			source_operation_id: event.operationId,
			source_company_id: source(event.companyId),
			source_application_id: event.applicationId,
		},
		user_id: idNumber(event.userId),
		company_id: idNumber(event.companyId),
		project_id: idNumber(event.projectId),
		api_version: version,
		event_type: event.eventType,
		resource_name: event.resourceName,
		resource_id: idNumber(event.resourceId),
	};
	if (format === 'v3.0') {
		payload.related_resources = event.relatedResources.map(({ id, name }) => ({
			id: idNumber(id),
			name,
		}));
	}
	return payload;
}
