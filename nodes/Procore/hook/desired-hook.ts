import type { INode } from 'n8n-workflow';

import { refusal } from '../api/refusal';
import type { Hook } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import { describeScope, type Scope } from '../model/scope';
import type { Subscription } from '../model/trigger';
import { authorizationOf } from './secret';
import type { TriggerSettings } from './settings';
import type { HookTarget } from './upsert';

/** How a trigger node finds its hook in a scope and tells it from the hooks of others. */
export interface HookLocator {
	readonly namespace: string;
	/** `given` by the user, who might also use it elsewhere: a hook in it that delivers to another URL is not this node's. */
	readonly namespaceFrom: 'node' | 'given';
	/** IDs of hooks that this node created. They stay its own even if somebody has changed their URL. */
	readonly ownIds: ReadonlySet<string>;
	readonly destination_url: string;
}

/** The hook that a trigger node needs in each of its scopes. */
export interface DesiredHook extends HookLocator {
	readonly authorization: string;
	readonly payload_version: PayloadVersion;
	readonly subscriptions: readonly Subscription[];
}

/**
 * Builds the hook that the parameters ask for in each scope.
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

/** The settings of a desired hook, without its triggers. */
export function settingsOf(desired: DesiredHook): HookTarget {
	const { namespace, destination_url, authorization, payload_version } = desired;
	return { namespace, destination_url, authorization, payload_version, status: 'active' };
}

/**
 * Whether this node may change and delete a hook. A hook without a namespace counts only if it delivers to this node,
 * since Procore might have returned an unfiltered list [NAMESPACE-FILTER] [LIST-FILTERS-IGNORED].
 */
export function isOwnHook(hook: Hook, locator: HookLocator): boolean {
	const deliversHere = hook.destination_url === locator.destination_url;
	if (hook.namespace === null) return deliversHere;
	if (hook.namespace !== locator.namespace) return false;
	return locator.namespaceFrom === 'node' || locator.ownIds.has(hook.id) || deliversHere;
}

/** @throws NodeOperationError if the hook that has the namespace is not this node's. */
export function checkAdoptable(node: INode, scope: Scope, hook: Hook, locator: HookLocator): void {
	if (isOwnHook(hook, locator)) return;
	throw refusal(
		node,
		`The namespace "${locator.namespace}" in ${describeScope(scope)} is already used by hook ${hook.id}, which delivers to ${hook.destination_url}. Leave Namespace empty, choose another, or delete that hook.`,
	);
}
