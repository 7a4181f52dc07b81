import type { Hook } from '../model/hook';
import { jsonObject, text, textOrNull, type JsonObject } from '../model/json';
import { normalizePayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';

const AUTHORIZATION = 'Authorization';

/**
 * Reads the headers that Procore adds to events. Procore masks the values; one that is not masked is masked here
 * [HOOK-MASKED-HEADER].
 */
function readMaskedHeaders(value: unknown): Hook['destination_headers'] {
	const headers = Object.entries(jsonObject(value)).flatMap(([name, header]) => {
		const masked = textOrNull(header);
		if (masked === null) return [];
		if (name.toLowerCase() === AUTHORIZATION.toLowerCase()) return [[AUTHORIZATION, masked]];
		return [[name, masked.startsWith('*') ? masked : '*****']];
	});
	return Object.fromEntries(headers);
}

/** Reads a hook of either API version; some fields have a different name in each. */
export function readHook(raw: JsonObject): Read<Hook> {
	const triggerCount = textOrNull(raw.trigger_count);
	const model: Hook = {
		id: text(raw.id),
		namespace: textOrNull(raw.namespace),
		destination_url: text(raw.destination_url),
		destination_headers: readMaskedHeaders(raw.destination_headers),
		payload_version: normalizePayloadVersion(text(raw.payload_version ?? raw.api_version)),
		status: raw.status === 'disabled' ? 'disabled' : 'active',
		company_id: textOrNull(raw.company_id ?? raw.owned_by_company_id),
		project_id: textOrNull(raw.project_id ?? raw.owned_by_project_id),
		created_at: textOrNull(raw.created_at),
		updated_at: textOrNull(raw.updated_at),
	};
	if (triggerCount !== null) model.trigger_count = Number(triggerCount);
	return { model, raw };
}
