import type { Hook, HookChanges } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Subscription } from '../model/trigger';
import { authorizationOf } from './secret';
import type { TriggerSettings } from './settings';
import { changesFor, type HookTarget } from './upsert';

/** The hook that a trigger node wants in each of its scopes. */
export interface DesiredHook {
	readonly namespace: string;
	/** `given`: by the user, who may use it elsewhere too. A hook under it that serves another URL is not ours. */
	readonly namespaceFrom: 'node' | 'given';
	/** Ids of hooks that this node made: they stay its own where somebody has changed their URL. */
	readonly ownIds: ReadonlySet<string>;
	readonly destination_url: string;
	readonly authorization: string;
	readonly payload_version: PayloadVersion;
	readonly subscriptions: readonly Subscription[];
}

/** What a hook may differ in, as the log names it. */
export type HookDifference = 'url' | 'status' | 'payloadVersion' | 'secret' | 'triggers';

/** The hook's own fields, with the word for a difference in each; a hook in service keeps its namespace. */
const FIELDS = [
	['destination_url', 'url'],
	['status', 'status'],
	['payload_version', 'payloadVersion'],
	['authorization', 'secret'],
] as const satisfies ReadonlyArray<readonly [keyof HookChanges, HookDifference]>;

/** What a wanted hook is to be by itself, without its triggers. */
export function targetOf(desired: DesiredHook): HookTarget {
	const { namespace, destination_url, authorization, payload_version } = desired;
	return { namespace, destination_url, authorization, payload_version, status: 'active' };
}

/** Where a hook is not as wanted; its triggers are not looked at. */
export function compareHook(hook: Hook, desired: DesiredHook): HookDifference[] {
	const changes = changesFor(hook, targetOf(desired));
	return FIELDS.filter(([field]) => field in changes).map(([, difference]) => difference);
}

/** What tells this node's hooks from those of others under the same namespace. */
export type HookLocator = Pick<
	DesiredHook,
	'namespace' | 'namespaceFrom' | 'ownIds' | 'destination_url'
>;

/**
 * Whether a hook is this node's to change and delete. One that does not name its namespace is only if it delivers to
 * this node: the list may have come unfiltered.
 */
export function isOwnHook(hook: Hook, locator: HookLocator): boolean {
	const isPointedHere = hook.destination_url === locator.destination_url;
	if (hook.namespace === null) return isPointedHere;
	if (hook.namespace !== locator.namespace) return false;
	return locator.namespaceFrom === 'node' || locator.ownIds.has(hook.id) || isPointedHere;
}

/**
 * The hook that the parameters ask for in each scope.
 *
 * @param secret of the node, without the word `Bearer`.
 */
export function desiredHook(
	locator: HookLocator,
	settings: TriggerSettings,
	secret: string,
): DesiredHook {
	return {
		...locator,
		authorization: authorizationOf(secret),
		payload_version: settings.payloadVersion,
		subscriptions: settings.subscriptions,
	};
}
