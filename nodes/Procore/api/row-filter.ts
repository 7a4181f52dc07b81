import { normalizePayloadVersion, type PayloadVersion } from '../model/payload-version';
import type { Hook } from '../model/hook';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import type { Trigger, WebhookResource } from '../model/trigger';
import { jsonObject, text, type JsonObject } from '../model/json';

/*
 * A filter in a request is not reliable: Procore might not support it, and a gateway can drop the query. So the rows are
 * filtered again here, before anything is changed or deleted because of them [LIST-FILTERS-IGNORED].
 */

function isInScope({ company_id, project_id }: Hook, scope: Scope): boolean {
	if (company_id === null && project_id === null) return true;
	return scope.kind === 'project'
		? project_id === scope.projectId
		: project_id === null && company_id === scope.companyId;
}

/**
 * Keeps the hooks of a scope and a namespace. Also keeps a row without these fields; the caller decides what it can do with
 * it [HOOK-SCOPE-NULL].
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

/** Keeps the triggers of a hook, and rows without a hook. */
export function triggersOf(
	rows: ReadonlyArray<Read<Trigger>>,
	hookId: string,
): Array<Read<Trigger>> {
	return rows.filter(({ model }) => model.hook_id === '' || model.hook_id === hookId);
}

/** Keeps the resources of a payload version, and rows without a version [RESOURCES-VERSION]. */
export function resourcesOf(
	rows: ReadonlyArray<Read<WebhookResource>>,
	payloadVersion: PayloadVersion,
): Array<Read<WebhookResource>> {
	const wanted = normalizePayloadVersion(payloadVersion);
	return rows.filter(
		({ model }) => model.payload_version === '' || model.payload_version === wanted,
	);
}

/** Keeps the projects of a company, and rows that do not say, such as those of the compact view [PROJECTS-COMPACT]. */
export function companyRows(rows: readonly JsonObject[], companyId: string): JsonObject[] {
	return rows.filter(({ company }) => [companyId, ''].includes(text(jsonObject(company).id)));
}

/** Keeps the active projects, and rows that do not say, such as those of the compact view [PROJECTS-COMPACT]. */
export function activeRows(rows: readonly JsonObject[]): JsonObject[] {
	return rows.filter(({ active }) => active !== false);
}
