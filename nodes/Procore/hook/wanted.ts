import type { Hook, PayloadVersion, Subscription, Trigger } from '../api/model';
import { matchesMasked } from './secret';
import { compareTriggers } from './subscriptions';

/** The hook that a trigger node wants in each of its scopes. */
export interface WantedHook {
	readonly namespace: string;
	/** `given`: by the user, who may use it elsewhere too. A hook under it that serves another URL is not ours. */
	readonly namespaceFrom: 'node' | 'given';
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

/** Whether hook and triggers are exactly as wanted. */
export function isAsWanted(hook: Hook, triggers: readonly Trigger[], wanted: WantedHook): boolean {
	const { missing, surplus } = compareTriggers(wanted.subscriptions, triggers);
	return compareHook(hook, wanted).size === 0 && missing.length === 0 && surplus.length === 0;
}

/** Whether a hook found under the wanted namespace is this node's to change and delete. */
export function isOurs(
	hook: Hook,
	wanted: Pick<WantedHook, 'namespaceFrom' | 'destination_url'>,
): boolean {
	return wanted.namespaceFrom === 'node' || hook.destination_url === wanted.destination_url;
}
