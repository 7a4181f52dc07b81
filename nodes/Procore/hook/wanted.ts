import type { Hook, PayloadVersion, Subscription } from '../api/model';
import { matchesMasked } from './secret';

/** The hook that a trigger node wants in each of its scopes. */
export interface WantedHook {
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

export type HookDifference = 'url' | 'status' | 'payloadVersion' | 'secret' | 'triggers';

/** Where a hook is not as wanted; its triggers are not looked at. */
export function compareHook(
	hook: Hook,
	wanted: WantedHook,
): Set<Exclude<HookDifference, 'triggers'>> {
	const differences = new Set<Exclude<HookDifference, 'triggers'>>();
	if (hook.destination_url !== wanted.destination_url) differences.add('url');
	if (hook.status !== 'active') differences.add('status');
	if (hook.payload_version !== wanted.payload_version) differences.add('payloadVersion');
	if (!matchesMasked(hook.destination_headers.Authorization, wanted.authorization)) {
		differences.add('secret');
	}
	return differences;
}

/** What tells this node's hooks from those of others under the same namespace. */
export type Claim = Pick<WantedHook, 'namespace' | 'namespaceFrom' | 'ownIds' | 'destination_url'>;

/** Whether a hook found under the wanted namespace is this node's to change and delete. */
export function isOurs(hook: Hook, { namespaceFrom, ownIds, destination_url }: Claim): boolean {
	return (
		namespaceFrom === 'node' || ownIds.has(hook.id) || hook.destination_url === destination_url
	);
}
