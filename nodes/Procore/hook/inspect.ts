import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook, HookChanges } from '../model/hook';
import type { Scope } from '../model/scope';
import { settingsOf, type DesiredHook } from './desired-hook';
import { hookTriggers } from './hook-triggers';
import { compareTriggers } from './subscriptions';
import { changesFor, findHook } from './upsert';

/** Where a hook can differ from the desired one, as the log names it. */
export type HookDifference = 'url' | 'status' | 'payloadVersion' | 'secret' | 'subscriptions';

/** The settings of a hook that are compared. Its namespace is how it is found, so it can't differ. */
const FIELDS = [
	['destination_url', 'url'],
	['status', 'status'],
	['payload_version', 'payloadVersion'],
	['authorization', 'secret'],
] as const satisfies ReadonlyArray<readonly [keyof HookChanges, HookDifference]>;

/** Lists the settings in which a hook differs from the desired one. Ignores its triggers. */
export function compareHook(hook: Hook, desired: DesiredHook): HookDifference[] {
	const changes = changesFor(hook, settingsOf(desired));
	return FIELDS.filter(([field]) => field in changes).map(([, difference]) => difference);
}

/** The state of a scope's hook compared with the desired one. */
export type Inspection =
	| { readonly state: 'inSync'; readonly hook: Hook }
	| { readonly state: 'missing' }
	| { readonly state: 'differs'; readonly hook: Hook; readonly differences: HookDifference[] };

/**
 * Compares the hook of a scope with the desired one. Only reads.
 *
 * @param depth with `count`, the number of triggers that Procore returns with a hook is compared instead of the triggers,
 *   if there is one. This saves a request.
 * @throws ProcoreFailure if the hook or its triggers cannot be read; they never count as missing then.
 */
export async function inspect(
	api: WebhooksApi,
	scope: Scope,
	desired: DesiredHook,
	depth: 'count' | 'full' = 'full',
): Promise<Inspection> {
	const hook = (await findHook(api, scope, desired))?.model;
	if (!hook) return { state: 'missing' };
	const differences: HookDifference[] = compareHook(hook, desired);
	const { trigger_count: count } = hook;
	if (depth === 'count' && count !== undefined) {
		if (count !== desired.subscriptions.length) differences.push('subscriptions');
	} else {
		const triggers = await hookTriggers(api, scope, hook, desired.subscriptions);
		const { missing, surplus } = compareTriggers(
			desired.subscriptions,
			triggers.map(({ model }) => model),
		);
		if (missing.length > 0 || surplus.length > 0) differences.push('subscriptions');
	}
	return differences.length === 0
		? { state: 'inSync', hook }
		: { state: 'differs', hook, differences };
}
