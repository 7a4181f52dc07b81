import { normalizePayloadVersion, type PayloadVersion } from '../model/payload-version';
import type { Hook } from '../model/hook';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import type { Trigger, WebhookResource } from '../model/trigger';
import type { JsonObject } from '../model/json';

/*
 * A filter in a request is a wish: Procore may not know it, and a gateway may drop the query. So whatever is asked for by
 * a filter is compared with the rows that come back, before anything is changed or deleted because of them.
 */

function isInScope({ company_id, project_id }: Hook, scope: Scope): boolean {
	if (company_id === null && project_id === null) return true;
	return scope.kind === 'project'
		? project_id === scope.projectId
		: project_id === null && company_id === scope.companyId;
}

/**
 * Keeps the hooks of a scope and a namespace. A row that does not name its own stays: whether it may be touched is for
 * the caller to judge.
 *
 * @param namespace empty for every namespace.
 */
export function hooksOf(
	rows: ReadonlyArray<Read<Hook>>,
	scope: Scope,
	namespace: string,
): Array<Read<Hook>> {
	return rows.filter(
		({ model }) =>
			isInScope(model, scope) &&
			(namespace === '' || model.namespace === null || model.namespace === namespace),
	);
}

/** Keeps the triggers of a hook; a row that names no hook stays. */
export function triggersOf(
	rows: ReadonlyArray<Read<Trigger>>,
	hookId: string,
): Array<Read<Trigger>> {
	return rows.filter(({ model }) => model.hook_id === '' || model.hook_id === hookId);
}

/** Keeps what a hook of a payload version can subscribe to; a row that names no version stays. */
export function resourcesOf(
	rows: ReadonlyArray<Read<WebhookResource>>,
	payloadVersion: PayloadVersion,
): Array<Read<WebhookResource>> {
	const wanted = normalizePayloadVersion(payloadVersion);
	return rows.filter(
		({ model }) => model.payload_version === '' || model.payload_version === wanted,
	);
}

/** Keeps the active projects; a row that does not say, as in the compact view, stays. */
export function activeRows(rows: readonly JsonObject[]): JsonObject[] {
	return rows.filter(({ active }) => active !== false);
}
