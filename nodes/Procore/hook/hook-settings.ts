import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook, HookChanges } from '../model/hook';
import { payloadVersionOf } from '../model/payload-version';
import type { Scope } from '../model/scope';
import { settingsOf, type DesiredHook } from './desired-hook';
import { changesFor } from './upsert';

/**
 * Gives a hook the desired settings, with at most one request. Events that wait in Procore probably follow a new
 * URL [HOOK-CHANGE-QUEUE].
 *
 * @returns the hook as Procore now has it.
 * @throws ProcoreFailure if Procore refuses.
 */
export async function updateSettings(
	api: WebhooksApi,
	scope: Scope,
	hook: Hook,
	desired: DesiredHook,
): Promise<Hook> {
	const changes = changesFor(hook, settingsOf(desired));
	if (Object.keys(changes).length === 0) return hook;
	return (await api.updateHook(scope, hook.id, changes)).model;
}

/**
 * Takes back what {@link updateSettings} changed, except the secret: Procore doesn't reveal the earlier one.
 *
 * @throws ProcoreFailure if Procore refuses.
 */
export async function restoreSettings(
	api: WebhooksApi,
	scope: Scope,
	hook: Hook,
	desired: DesiredHook,
): Promise<void> {
	const changed = changesFor(hook, settingsOf(desired));
	const earlier: HookChanges = {
		...('destination_url' in changed ? { destination_url: hook.destination_url } : {}),
		...('payload_version' in changed
			? { payload_version: payloadVersionOf(hook.payload_version) }
			: {}),
		...('status' in changed ? { status: hook.status } : {}),
	};
	if (Object.keys(earlier).length > 0) await api.updateHook(scope, hook.id, earlier);
}
