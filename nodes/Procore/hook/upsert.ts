import { isOutcomeUnknown, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook, HookChanges, HookDraft, HookStatus } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import { matchesMasked } from './secret';
import { writeOnce } from './write-once';

/** The settings that a hook is to have. A missing one is not changed; for a new hook, Procore's default applies. */
export interface HookTarget {
	readonly namespace: string;
	readonly destination_url: string;
	/** The whole Authorization value, `Bearer …`. */
	readonly authorization?: string;
	readonly payload_version?: PayloadVersion;
	readonly status?: HookStatus;
}

/** A hook as Procore now has it, and what was done to it. */
export interface UpsertedHook {
	readonly read: Read<Hook>;
	readonly result: 'created' | 'updated' | 'unchanged';
}

/** Picks the settings that Procore's create call accepts. */
export function draftOf({
	namespace,
	destination_url,
	authorization,
	payload_version = 'v2.0',
}: HookTarget): HookDraft {
	return {
		namespace,
		destination_url,
		payload_version,
		...(authorization === undefined ? {} : { authorization }),
	};
}

/**
 * Finds the hook of a scope in a namespace, of which Procore allows one [NAMESPACE-UNIQUE], whichever version of the API
 * created it [V1-HOOKS-IN-V2]. A hook without a namespace counts only if it has the URL of the target.
 *
 * @throws ProcoreFailure if the hooks cannot be listed.
 */
export async function findHook(
	api: WebhooksApi,
	scope: Scope,
	{ namespace, destination_url }: Pick<HookTarget, 'namespace' | 'destination_url'>,
): Promise<Read<Hook> | undefined> {
	const hooks = await api.listHooks(scope, namespace);
	return (
		hooks.find(({ model }) => model.namespace === namespace) ??
		hooks.find(({ model }) => model.namespace === null && model.destination_url === destination_url)
	);
}

/**
 * Lists the changes that bring a hook to its target; empty if there are none. Procore only reveals the last characters of
 * a secret, so one with the same ending counts as unchanged.
 */
export function changesFor(hook: Hook, target: HookTarget): HookChanges {
	const { authorization, destination_url, payload_version, status } = target;
	return {
		...(hook.destination_url === destination_url ? {} : { destination_url }),
		...(payload_version === undefined || hook.payload_version === payload_version
			? {}
			: { payload_version }),
		...(authorization === undefined ||
		matchesMasked(hook.destination_headers.Authorization, authorization)
			? {}
			: { authorization }),
		...(status === undefined || hook.status === status ? {} : { status }),
	};
}

/** Whether a hook could be the one that a draft created: same URL, payload version and visible end of the secret. */
function isAsSent(
	hook: Hook,
	{ destination_url, payload_version, authorization }: HookDraft,
): boolean {
	const shown = hook.destination_headers.Authorization;
	return (
		hook.destination_url === destination_url &&
		hook.payload_version === payload_version &&
		(authorization === undefined ? shown === undefined : matchesMasked(shown, authorization))
	);
}

/**
 * Adds to a failed creation which hook has the namespace: its answer was lost, and that hook is not the one that was sent.
 */
export function explainTaken(failure: ProcoreFailure, scope: Scope, hook: Hook): ProcoreFailure {
	return failure.withAdvice(
		`The namespace "${hook.namespace ?? ''}" is taken in ${describeScope(scope)}: its hook ${hook.id} delivers to ${hook.destination_url} and was not changed. Choose another namespace, or use the existing hook.`,
	);
}

/** A hook after an attempt to create it. */
export interface CreatedHook {
	readonly read: Read<Hook>;
	/** Procore answered the creation, so the hook cannot have triggers yet. */
	readonly isNew: boolean;
	/** This call created the hook, whether or not Procore's answer arrived. */
	readonly isOwn: boolean;
}

/**
 * Creates the hook of a scope, or returns the one that already has the namespace. After a lost answer, a hook with exactly
 * the settings that were sent counts as created by this call.
 *
 * @param checkAdoptable is called for any other hook; throws if it must not be used.
 * @throws ProcoreFailure if Procore refuses, or never answers.
 */
export async function createOrFind(
	api: WebhooksApi,
	scope: Scope,
	draft: HookDraft,
	checkAdoptable: (hook: Hook, failure: ProcoreFailure) => void,
): Promise<CreatedHook> {
	const { value, isAnswered, wasLost, failure } = await writeOnce(
		async () => await api.createHook(scope, draft),
		async () => await findHook(api, scope, draft),
		(refusal) => refusal instanceof ProcoreFailure && refusal.isNamespaceTaken,
	);
	const isOwn = isAnswered || (wasLost && isAsSent(value.model, draft));
	if (!isOwn && failure instanceof ProcoreFailure) checkAdoptable(value.model, failure);
	return { read: value, isNew: isAnswered, isOwn };
}

/**
 * Creates or updates the hook of a scope in a namespace. Sends one request if the hook is as it should be, two otherwise,
 * and can be repeated after any lost answer. The triggers of an existing hook are kept.
 *
 * @throws ProcoreFailure if Procore refuses, or never answers.
 */
export async function upsertHook(
	api: WebhooksApi,
	scope: Scope,
	target: HookTarget,
): Promise<UpsertedHook> {
	const found = await findHook(api, scope, target);
	const { read, isOwn } = found
		? { read: found, isOwn: false }
		: await createOrFind(api, scope, draftOf(target), (hook, failure) => {
				// "Already taken" means that another process upserts too; after a lost answer, the hook could be anybody's.
				if (isOutcomeUnknown(failure)) throw explainTaken(failure, scope, hook);
			});
	const changes = changesFor(read.model, target);
	if (Object.keys(changes).length === 0) {
		return { read, result: isOwn ? 'created' : 'unchanged' };
	}
	const changed = await api.updateHook(scope, read.model.id, changes);
	return { read: changed, result: isOwn ? 'created' : 'updated' };
}
