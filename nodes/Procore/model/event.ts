import type { IDataObject } from 'n8n-workflow';

import { isJsonObject, jsonObjects, text, textOrNull, type JsonObject } from './json';
import { normalizeEventType } from './trigger';

/** Who and what caused an event. Payload v4.0 has no metadata. */
export interface EventMetadata {
	source_user_id: string | null;
	source_company_id: string | null;
	source_project_id: string | null;
	source_application_id: string | null;
	source_operation_id: string | null;
}

/** A change in Procore, in the same format for every payload version. All ids are strings with all digits. */
export interface ProcoreEvent {
	id: string;
	/** Sorts by time of creation. The same as `id` on payload v4.0; null if the payload has none [V4-ID-IS-ULID]. */
	ulid: string | null;
	/** UTC, ISO 8601 with microseconds. */
	timestamp: string;
	/** `create`, `update` or `delete` in lower case, or another action as Procore spells it [EVENT-SUBSCRIBED-SPELLING]. */
	event_type: string;
	resource_name: string;
	resource_id: string;
	company_id: string | null;
	/** Null for company-level events [V4-COMPANY-PROJECT]. */
	project_id: string | null;
	user_id: string | null;
	/** `v2.0`, `v3.0` or `v4.0` [PAYLOAD-API-VERSION]. */
	api_version: string;
	metadata: EventMetadata | null;
	/** Payload v3.0 only. */
	related_resources?: Array<{ id: string; name: string }>;
}

/** An event, and the JSON that it was read from. */
export interface ReadEvent {
	readonly event: ProcoreEvent;
	readonly raw: JsonObject;
}

function readMetadata(value: unknown): EventMetadata | null {
	if (!isJsonObject(value)) return null;
	return {
		source_user_id: textOrNull(value.source_user_id),
		source_company_id: textOrNull(value.source_company_id),
		source_project_id: textOrNull(value.source_project_id),
		source_application_id: textOrNull(value.source_application_id),
		source_operation_id: textOrNull(value.source_operation_id),
	};
}

/**
 * Reads a payload in version v2 (`v2` or `v2.0`), v3.0 or v4.0 [PAYLOAD-V2-FIELDS].
 *
 * v4.0 has `reason` and `resource_type` instead of `event_type` and `resource_name`, its `id` is the ULID, and it has neither
 * a version nor metadata (Procore, "Webhook payload formats") [PAYLOAD-V4-FIELDS].
 *
 * @param raw JSON from {@link parseJson}.
 * @returns undefined if the id, event type, resource name or resource id is missing.
 */
export function readEvent(raw: JsonObject): ProcoreEvent | undefined {
	const isV4 = raw.reason !== undefined || raw.resource_type !== undefined;
	const id = textOrNull(raw.id);
	const eventType = textOrNull(isV4 ? raw.reason : raw.event_type);
	const resourceName = textOrNull(isV4 ? raw.resource_type : raw.resource_name);
	const resourceId = textOrNull(raw.resource_id);
	if (id === null || eventType === null || resourceName === null || resourceId === null) {
		return undefined;
	}
	const apiVersion = text(raw.api_version);
	const event: ProcoreEvent = {
		id,
		ulid: isV4 ? id : textOrNull(raw.ulid),
		timestamp: text(raw.timestamp),
		event_type: normalizeEventType(eventType),
		resource_name: resourceName,
		resource_id: resourceId,
		company_id: textOrNull(raw.company_id),
		project_id: textOrNull(raw.project_id),
		user_id: textOrNull(raw.user_id),
		api_version: isV4 ? 'v4.0' : /^v\d+$/.test(apiVersion) ? `${apiVersion}.0` : apiVersion,
		metadata: isV4 ? null : readMetadata(raw.metadata),
	};
	if (Array.isArray(raw.related_resources)) {
		event.related_resources = jsonObjects(raw.related_resources).map((related) => ({
			id: text(related.id),
			name: text(related.name),
		}));
	}
	return event;
}

/** Returns the key that identifies duplicate deliveries of an event: the ULID, else the id [RETRY-SAME-BODY]. */
export function eventKey(event: ProcoreEvent): string {
	return event.ulid ?? event.id;
}

/** Converts an event to an output item: the same format for all payload versions, or as Procore sent it. */
export function toJsonItem({ event, raw }: ReadEvent, simplify: boolean): IDataObject {
	return simplify ? { ...event } : raw;
}
