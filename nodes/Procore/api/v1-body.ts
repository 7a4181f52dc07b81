import { jsonObject, type JsonBody, type JsonValue } from '../model/json';
import type { HookChanges } from '../model/hook';
import type { Scope } from '../model/scope';

/** What to do once Procore has removed v1.0; the date is its documented "sunset" of every v1.0 call. */
export const V1_REMOVED =
	'Procore no longer answers Webhooks API v1.0, whose removal it has announced for 2026-09-16: choose V2.0 as Webhooks API Version in the credential.';

/** v1.0 takes ids as JSON numbers; a text that is no number goes out as it is and is refused by Procore by name. */
export function integer(id: string): JsonBody {
	return /^\d+$/.test(id) ? BigInt(id) : id;
}

/** Exactly one of the two, never both (Procore, "Using the Webhooks API"). */
export function scopeFields(scope: Scope): Record<string, string> {
	return scope.kind === 'company'
		? { company_id: scope.companyId }
		: { project_id: scope.projectId };
}

/** {@link scopeFields} as a part of a body. */
export function scopeBody(scope: Scope): Record<string, JsonBody> {
	return Object.fromEntries(
		Object.entries(scopeFields(scope)).map(([name, id]) => [name, integer(id)]),
	);
}

/** v1.0 knows `v2.0` as `v2`. */
export function apiVersion(payloadVersion: string): string {
	return payloadVersion.replace(/\.0$/, '');
}

/** Whether an answer to a bulk call has at least one of its two lists. */
export function isBulkAnswer(body: JsonValue): boolean {
	const { success, failed } = jsonObject(body);
	return Array.isArray(success ?? failed);
}

/** What a hook is made of or changed to. */
export function hookBody({
	authorization,
	payload_version,
	namespace,
	destination_url,
}: HookChanges) {
	return {
		...(payload_version === undefined ? {} : { api_version: apiVersion(payload_version) }),
		...(namespace === undefined ? {} : { namespace }),
		...(destination_url === undefined ? {} : { destination_url }),
		...(authorization === undefined
			? {}
			: { destination_headers: { Authorization: authorization } }),
	};
}
