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
 * What a trigger node remembers between calls, in n8n's static data: a cache, nothing more. n8n saves static data as one
 * blob and the last writer wins, a poll may see a copy of its own, and a backup brings back an old one. So whoever
 * reads this takes it for a hint. Procore holds the truth, and nothing here is secret.
 */
export interface StoredState {
	/**
	 * The SHA-256 of the Authorization value that the hooks were last given. The secret itself is derived; this is for the
	 * time between a change of the client secret and the check that brings the hooks to the new value. A check may write
	 * it, and a blob from the past may bring an earlier one back: it only ever adds a value that was right once.
	 */
	readonly accepted: string;
	readonly namespace: string;
	/** The webhook URL that the hooks were made for. */
	readonly url: string;
	/** Where the n8n that made them had its editor: in a copy of its database that is another one. */
	readonly instance: string;
	/** The host of Procore's API that they were made at. */
	readonly apiUrl: string;
	/** The company that the node listened in. */
	readonly companyId: string;
	readonly hooks: readonly OwnHook[];
	/** When the hooks were made, ISO 8601: what happened before is not this node's to recover. */
	readonly since: string;
	/** Known only where the node ignores own changes. */
	readonly own?: KnownIdentity;
}

/** Who the node is in Procore, and when that was looked up, in milliseconds since 1970. */
export interface KnownIdentity extends OwnIdentity {
	readonly lookedUpAt: number;
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
export function readStoredState(staticData: IDataObject): StoredState | undefined {
	const stored: unknown = staticData[KEY];
	if (!isJsonObject(stored)) return undefined;
	const namespace = textOrNull(stored.namespace);
	const url = textOrNull(stored.url);
	if (namespace === null || url === null) return undefined;
	const memory = {
		accepted: text(stored.accepted),
		namespace,
		url,
		instance: text(stored.instance),
		apiUrl: text(stored.apiUrl),
		companyId: text(stored.companyId),
		hooks: jsonObjects(stored.hooks)
			.map(ownHookOf)
			.filter((hook) => hook !== undefined),
		since: text(stored.since),
	};
	if (!isJsonObject(stored.own)) return memory;
	const { userId, applicationId, lookedUpAt } = stored.own;
	return {
		...memory,
		own: {
			userId: text(userId),
			applicationId: text(applicationId),
			lookedUpAt: typeof lookedUpAt === 'number' ? lookedUpAt : 0,
		},
	};
}

/** Takes the place of what was remembered. n8n saves it with the static data. */
export function writeStoredState(staticData: IDataObject, stored: StoredState): void {
	staticData[KEY] = {
		...stored,
		hooks: stored.hooks.map(({ scope, hookId }) => ({
			hookId,
			companyId: scope.companyId,
			...(scope.kind === 'project' ? { projectId: scope.projectId } : {}),
		})),
	};
}

/** Leaves nothing behind. */
export function clearStoredState(staticData: IDataObject): void {
	delete staticData[KEY];
}
