import { settle } from '../api/concurrency';
import { isOutcomeUnknown, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook, HookChanges, HookDraft, HookStatus } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import { matchesMasked } from './secret';

/** A hook as it is to be; what is left out stays as it is, and on a new hook is Procore's default. */
export interface HookTarget {
	readonly namespace: string;
	readonly destination_url: string;
	/** The whole Authorization value, as `Bearer …`. */
	readonly authorization?: string;
	readonly payload_version?: PayloadVersion;
	readonly status?: HookStatus;
}

/** The hook as Procore has it now, and what was done to it. */
export interface UpsertedHook {
	readonly read: Read<Hook>;
	readonly result: 'created' | 'updated' | 'unchanged';
}

/** Creations that may end without an answer before it is given up. */
const MAX_CREATIONS = 3;

/** What of a target the call that creates a hook takes. */
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
 * The hook of a scope under a namespace: Procore takes one at most. A hook that does not name its namespace is taken for
 * it only if it has the wanted URL.
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
 * What has to be sent so that a hook is as wanted; empty where it is. Of a secret Procore shows the last characters
 * alone: another one that ends alike counts as the same.
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

/** Whether a hook may be the one that a draft asked for: its URL, its payload version, the visible end of its secret. */
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
 * The failure of a creation whose answer was lost, when the hook that is there is not the one that was sent.
 *
 * @returns it, with the hook that has the namespace in its advice.
 */
export function explainTaken(failure: ProcoreFailure, scope: Scope, hook: Hook): ProcoreFailure {
	return failure.withAdvice(
		`The namespace "${hook.namespace ?? ''}" is taken in ${describeScope(scope)}: its hook ${hook.id} delivers to ${hook.destination_url} and was not changed. Choose another namespace, or use the hook that is there.`,
	);
}

/** A hook after its creation. */
export interface CreatedHook {
	readonly read: Read<Hook>;
	/** Procore answered its creation, so it cannot have triggers yet. */
	readonly isFresh: boolean;
	/** This call created it, whether or not its answer arrived. */
	readonly isOwn: boolean;
}

/**
 * Creates a hook so that there is exactly one in the end. If the answer is lost, the list tells what is there: a hook
 * exactly as it was sent is taken for this call's.
 *
 * @param admit looks at any other hook that has the namespace, and throws if it must not be touched.
 * @throws ProcoreFailure if Procore refuses, or gives no answer again and again.
 */
export async function createOrFind(
	api: WebhooksApi,
	scope: Scope,
	draft: HookDraft,
	admit: (hook: Hook, failure: ProcoreFailure) => void,
): Promise<CreatedHook> {
	let wasLost = false;
	for (let attempt = 1; ; attempt += 1) {
		const creation = await settle(async () => await api.createHook(scope, draft));
		if (creation.ok) return { read: creation.value, isFresh: true, isOwn: true };
		const { failure } = creation;
		if (!(failure instanceof ProcoreFailure)) throw failure;
		if (!isOutcomeUnknown(failure) && !failure.isNamespaceTaken) throw failure;
		wasLost ||= isOutcomeUnknown(failure);
		const read = await findHook(api, scope, draft);
		if (read) {
			const isOwn = wasLost && isAsSent(read.model, draft);
			if (!isOwn) admit(read.model, failure);
			return { read, isFresh: false, isOwn };
		}
		if (!isOutcomeUnknown(failure) || attempt >= MAX_CREATIONS) throw failure;
	}
}

/**
 * Creates or updates the hook of a scope under a namespace: one request if it is as wanted, two otherwise. Safe to
 * repeat, whichever answer was lost. The triggers of a hook that is there stay.
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
				// "Already taken" is another process that does the same; a lost answer does not tell whose the hook is.
				if (isOutcomeUnknown(failure)) throw explainTaken(failure, scope, hook);
			});
	const changes = changesFor(read.model, target);
	if (Object.keys(changes).length === 0) {
		return { read, result: isOwn ? 'created' : 'unchanged' };
	}
	const changed = await api.updateHook(scope, read.model.id, changes);
	return { read: changed, result: isOwn ? 'created' : 'updated' };
}
