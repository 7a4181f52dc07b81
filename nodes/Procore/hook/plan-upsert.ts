import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook } from '../model/hook';
import type { JsonObject } from '../model/json';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { changesFor, draftOf, findHook, type HookTarget, type UpsertedHook } from './upsert';

/** A hook as it would be. Without an id, it does not exist yet. */
type PlannedHook = Omit<Hook, 'id'> & { readonly id: string | null };

/** What `upsertHook` would do, and the hook that it would leave behind. */
export interface PlannedUpsert {
	readonly read: Read<PlannedHook>;
	readonly result: UpsertedHook['result'];
}

const SHOWN_CHARACTERS = 5;

/** An Authorization value as Procore shows it. Of a short one, the last characters would give away too much. */
export function masked(authorization: string): string {
	const isLong = authorization.length >= 4 * SHOWN_CHARACTERS;
	return `*****${isLong ? authorization.slice(-SHOWN_CHARACTERS) : ''}`;
}

/** The fields that an update changes, under the names that Procore gives them in this answer. */
function changedFields(
	hook: Hook,
	raw: JsonObject,
	target: HookTarget,
): { readonly model: Partial<Hook>; readonly raw: JsonObject } {
	const { destination_url, payload_version, authorization, status } = changesFor(hook, target);
	const same = {
		...(destination_url === undefined ? {} : { destination_url }),
		...(status === undefined ? {} : { status }),
		...(authorization === undefined
			? {}
			: {
					destination_headers: {
						...hook.destination_headers,
						Authorization: masked(authorization),
					},
				}),
	};
	if (payload_version === undefined) return { model: same, raw: same };
	const name = 'api_version' in raw ? 'api_version' : 'payload_version';
	return {
		model: { ...same, payload_version },
		raw: { ...same, [name]: payload_version },
	};
}

function newHook(scope: Scope, target: HookTarget): PlannedUpsert {
	const { namespace, destination_url, payload_version } = draftOf(target);
	const model = {
		id: null,
		namespace,
		destination_url,
		destination_headers:
			target.authorization === undefined ? {} : { Authorization: masked(target.authorization) },
		payload_version,
		status: target.status ?? 'active',
		company_id: scope.kind === 'company' ? scope.companyId : null,
		project_id: scope.kind === 'project' ? scope.projectId : null,
		created_at: null,
		updated_at: null,
	} as const;
	return { read: { model, raw: { ...model } }, result: 'created' };
}

/**
 * Tells what `upsertHook` would do. Only reads, with one request.
 *
 * @throws ProcoreFailure if the hooks of the scope cannot be read.
 */
export async function planUpsert(
	api: WebhooksApi,
	scope: Scope,
	target: HookTarget,
): Promise<PlannedUpsert> {
	const found = await findHook(api, scope, target);
	if (found === undefined) return newHook(scope, target);
	const changed = changedFields(found.model, found.raw, target);
	return {
		read: {
			model: { ...found.model, ...changed.model },
			raw: { ...found.raw, ...changed.raw },
		},
		result: Object.keys(changed.model).length === 0 ? 'unchanged' : 'updated',
	};
}
