import type { IDataObject } from 'n8n-workflow';

import type { Scope } from '../model/scope';
import type { OwnIdentity } from '../model/event-filter';
import { explainInvalidId } from '../model/id';
import {
	isJsonObject,
	jsonObject,
	jsonObjects,
	text,
	textOrNull,
	type JsonObject,
} from '../model/json';

/** A hook that this node created, and its scope. */
export interface OwnHook {
	readonly scope: Scope;
	readonly hookId: string;
}

/**
 * What a trigger node keeps between calls in n8n's static data. It is only a cache: the last writer of static data wins, a
 * poll might see its own copy, and a backup restores an old one. Procore is the source of truth. Contains no secrets.
 */
export interface StoredState {
	/**
	 * The SHA-256 of the Authorization value that the hooks were last given. It is accepted besides the derived secret between
	 * a change of the client secret and the check that updates the hooks. An outdated copy can only add an earlier value.
	 */
	readonly accepted: string;
	/** The SHA-256 of the text in Renew Secret that this value was derived with; undefined if unknown. */
	readonly renewal?: string;
	/** Previous values: Procore might send an event again that it first sent with one of them. */
	readonly earlier?: readonly EarlierSecret[];
	readonly namespace: string;
	/** The webhook URL that the hooks deliver to. */
	readonly url: string;
	/** The editor's URL of the n8n that created them, which differs in a copy of its database. */
	readonly instance: string;
	/** The base URL of the Procore API that they were created with. */
	readonly apiUrl: string;
	/** The company that the node listens in. */
	readonly companyId: string;
	readonly hooks: readonly OwnHook[];
	/** When the hooks were created, ISO 8601, or {@link sinceWithoutState}. Earlier events are not recovered. */
	readonly since: string;
	/** Only if the node ignores own changes. */
	readonly own?: KnownIdentity;
}

/** A previous secret that is still accepted. */
export interface EarlierSecret {
	/** SHA-256, as {@link StoredState.accepted}. */
	readonly digest: string;
	/** Milliseconds since 1970. */
	readonly until: number;
}

/** Procore retries a delivery for 12 hours. */
export const EARLIER_LASTS_MS = 12 * 3_600_000;

/** If the secret is renewed more often than this within 12 hours, the oldest value is rejected. */
const MAX_EARLIER = 5;

/** How far recovery and reconciliation go back if n8n has lost the stored state: a weekend [DELIVERY-RETENTION]. */
export const WITHOUT_STATE_MS = 72 * 3_600_000;

/** Who the node is in Procore. `lookedUpAt` is in milliseconds since 1970. */
export interface KnownIdentity extends OwnIdentity {
	readonly lookedUpAt: number;
}

const KEY = 'hook';

/** What remains of the stored state of hooks that were removed: their secrets, and where they were used. */
const REMOVED_KEY = 'removedHook';

/** Static data can be edited, imported and restored, and these ids become parts of paths. */
function ownHookOf(value: JsonObject): OwnHook | undefined {
	const hookId = textOrNull(value.hookId);
	const companyId = textOrNull(value.companyId);
	const projectId = textOrNull(value.projectId);
	if (hookId === null || companyId === null) return undefined;
	const ids = [hookId, companyId, ...(projectId === null ? [] : [projectId])];
	if (ids.some((id) => explainInvalidId(id, '') !== undefined)) return undefined;
	return {
		hookId,
		scope:
			projectId === null
				? { kind: 'company', companyId }
				: { kind: 'project', companyId, projectId },
	};
}

/**
 * Reads the stored state from a node's static data.
 *
 * @returns undefined if there is none, or it is invalid.
 */
export function readStoredState(staticData: IDataObject): StoredState | undefined {
	const stored: unknown = staticData[KEY];
	if (!isJsonObject(stored)) return undefined;
	const namespace = textOrNull(stored.namespace);
	const url = textOrNull(stored.url);
	if (namespace === null || url === null) return undefined;
	const state = {
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
	const earlier = readEarlier(stored.earlier);
	const renewal = textOrNull(stored.renewal);
	const withEarlier = {
		...state,
		...(renewal === null ? {} : { renewal }),
		...(earlier.length === 0 ? {} : { earlier }),
	};
	if (!isJsonObject(stored.own)) return withEarlier;
	const { userId, applicationId, lookedUpAt } = stored.own;
	return {
		...withEarlier,
		own: {
			userId: text(userId),
			applicationId: text(applicationId),
			lookedUpAt: typeof lookedUpAt === 'number' ? lookedUpAt : 0,
		},
	};
}

/** The secrets in the stored state. */
export type AcceptedSecrets = Pick<StoredState, 'accepted' | 'renewal' | 'earlier'>;

function readEarlier(value: unknown): EarlierSecret[] {
	return jsonObjects(value).flatMap(({ digest, until }) =>
		typeof until === 'number' ? [{ digest: text(digest), until }] : [],
	);
}

/**
 * Returns the secrets to accept once an activation has given the hooks a new one.
 *
 * @param stored the stored state, or {@link secretsOfRemovedHooks}.
 * @param digest the SHA-256 of the new Authorization value.
 * @param now milliseconds since 1970.
 */
export function acceptedFrom(
	stored: AcceptedSecrets | undefined,
	digest: string,
	now: number,
): AcceptedSecrets {
	if (stored === undefined) return { accepted: digest };
	const replaced =
		stored.accepted === digest || stored.accepted === ''
			? []
			: [{ digest: stored.accepted, until: now + EARLIER_LASTS_MS }];
	const earlier = [...replaced, ...(stored.earlier ?? [])]
		.filter(({ digest: other, until }) => other !== digest && until > now)
		.slice(0, MAX_EARLIER);
	return { accepted: digest, ...(earlier.length === 0 ? {} : { earlier }) };
}

/**
 * Returns from when on a node that has no stored state must not miss anything. Hooks that exist nevertheless show that n8n has lost
 * it.
 *
 * @param creations when these hooks were created, ISO 8601; null if unknown.
 * @param now milliseconds since 1970.
 * @returns ISO 8601.
 */
export function sinceWithoutState(creations: Iterable<string | null>, now: number): string {
	const earliest = now - WITHOUT_STATE_MS;
	const times = [...creations].map((created) => Date.parse(created ?? ''));
	const first = Math.min(now, ...times.map((time) => (Number.isNaN(time) ? earliest : time)));
	return new Date(Math.max(first, earliest)).toISOString();
}

/** Returns the digests to accept besides the derived one. @param now milliseconds since 1970. */
export function acceptedDigests({ accepted, earlier = [] }: StoredState, now: number): string[] {
	return [accepted, ...earlier.filter(({ until }) => until > now).map(({ digest }) => digest)];
}

/** Replaces the stored state. n8n saves it with the static data. */
export function writeStoredState(staticData: IDataObject, stored: StoredState): void {
	delete staticData[REMOVED_KEY];
	staticData[KEY] = {
		...stored,
		hooks: stored.hooks.map(({ scope, hookId }) => ({
			hookId,
			companyId: scope.companyId,
			...(scope.kind === 'project' ? { projectId: scope.projectId } : {}),
		})),
	};
}

/**
 * Deletes the stored state, and how far records were reconciled: what changes until the next activation starts nothing. Keeps
 * the secrets of the hooks: when a trigger is edited, n8n removes its hooks and creates others, and Procore might still send
 * an event with the previous secret.
 *
 * @param now milliseconds since 1970.
 */
export function clearStoredState(staticData: IDataObject, now: number): void {
	const stored = readStoredState(staticData);
	const { earlier = [] } = acceptedFrom(stored, '', now);
	if (stored !== undefined && earlier.length > 0) {
		const { url, apiUrl, companyId } = stored;
		staticData[REMOVED_KEY] = {
			url,
			apiUrl,
			companyId,
			secrets: earlier.map((secret) => ({ ...secret })),
		};
	}
	delete staticData[KEY];
	delete staticData.reconciliation;
}

/** Returns the secrets of hooks that were removed, if they were used at the same URL, in the same Procore and company. */
export function secretsOfRemovedHooks(
	staticData: IDataObject,
	{ url, apiUrl, companyId }: Pick<StoredState, 'url' | 'apiUrl' | 'companyId'>,
): AcceptedSecrets | undefined {
	const removed = jsonObject(staticData[REMOVED_KEY]);
	if (removed.url !== url || removed.apiUrl !== apiUrl) return undefined;
	if (removed.companyId !== companyId) return undefined;
	return { accepted: '', earlier: readEarlier(removed.secrets) };
}
