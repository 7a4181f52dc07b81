import type { IDataObject } from 'n8n-workflow';

import type { Scope } from '../model/scope';
import type { OwnIdentity } from '../model/event-filter';
import { isJsonObject, jsonObjects, text, textOrNull, type JsonObject } from '../model/json';

/** A hook that this node made, and where. */
export interface OwnHook {
	readonly scope: Scope;
	readonly hookId: string;
}

/**
 * What a trigger node remembers between calls, in n8n's static data. Procore holds the truth: only the secret, of
 * which Procore shows a tail alone, cannot be found again.
 */
export interface HookMemory {
	readonly secret: string;
	readonly namespace: string;
	/** The webhook URL that the hooks were made for. */
	readonly url: string;
	/** Where the n8n that made them had its editor: in a copy of its database that is another one. */
	readonly instance: string;
	readonly hooks: readonly OwnHook[];
	/** When the hooks were made, ISO 8601: what happened before is not this node's to recover. */
	readonly since: string;
	/** Known only where the node ignores own changes. */
	readonly own?: OwnIdentity;
}

const KEY = 'hook';

function ownHookOf(value: JsonObject): OwnHook | undefined {
	const hookId = textOrNull(value.hookId);
	const companyId = textOrNull(value.companyId);
	const projectId = textOrNull(value.projectId);
	if (hookId === null || companyId === null) return undefined;
	return {
		hookId,
		scope:
			projectId === null
				? { kind: 'company', companyId }
				: { kind: 'project', companyId, projectId },
	};
}

/**
 * What the node whose static data it is remembers.
 *
 * @returns undefined where nothing, or nothing usable, is remembered.
 */
export function recall(staticData: IDataObject): HookMemory | undefined {
	const stored: unknown = staticData[KEY];
	if (!isJsonObject(stored)) return undefined;
	const secret = textOrNull(stored.secret);
	const namespace = textOrNull(stored.namespace);
	if (secret === null || namespace === null) return undefined;
	const memory = {
		secret,
		namespace,
		url: text(stored.url),
		instance: text(stored.instance),
		hooks: jsonObjects(stored.hooks)
			.map(ownHookOf)
			.filter((hook) => hook !== undefined),
		since: text(stored.since),
	};
	if (!isJsonObject(stored.own)) return memory;
	const { userId, applicationId } = stored.own;
	return { ...memory, own: { userId: text(userId), applicationId: text(applicationId) } };
}

/** Takes the place of what was remembered. n8n saves it with the static data. */
export function remember(staticData: IDataObject, memory: HookMemory): void {
	staticData[KEY] = {
		...memory,
		hooks: memory.hooks.map(({ scope, hookId }) => ({
			hookId,
			companyId: scope.companyId,
			...(scope.kind === 'project' ? { projectId: scope.projectId } : {}),
		})),
	};
}

/** Leaves nothing behind, the secret least of all. */
export function forget(staticData: IDataObject): void {
	delete staticData[KEY];
}
