import { settle } from '../api/concurrency';
import { isLost, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/generation';
import type { Hook, HookChanges, HookDraft, HookStatus } from '../model/hook';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
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

/**
 * Creates a hook so that there is exactly one in the end: when the answer is lost, or another process was first, the
 * list tells what there is.
 *
 * @param admit looks at a hook that was there before, and throws where it is not to be touched.
 * @returns the hook; `isFresh` where this call has made it.
 * @throws ProcoreFailure where Procore refuses, or gives no answer again and again.
 */
export async function createOrFind(
	api: WebhooksApi,
	scope: Scope,
	draft: HookDraft,
	admit: (hook: Hook, failure: ProcoreFailure) => void,
): Promise<{ read: Read<Hook>; isFresh: boolean }> {
	for (let attempt = 1; ; attempt += 1) {
		const creation = await settle(async () => await api.createHook(scope, draft));
		if (creation.ok) return { read: creation.value, isFresh: true };
		const { failure } = creation;
		if (!(failure instanceof ProcoreFailure)) throw failure;
		if (!isLost(failure) && !failure.isNamespaceTaken) throw failure;
		const read = await findHook(api, scope, draft);
		if (read) {
			admit(read.model, failure);
			return { read, isFresh: false };
		}
		if (!isLost(failure) || attempt >= MAX_CREATIONS) throw failure;
	}
}

/**
 * Makes or betters the hook of a scope under a namespace: one request where it is as wanted, two otherwise. Safe to
 * repeat, whichever answer was lost. The triggers of a hook that is there stay.
 */
export async function upsertHook(
	api: WebhooksApi,
	scope: Scope,
	target: HookTarget,
): Promise<UpsertedHook> {
	const found = await findHook(api, scope, target);
	const read = found ?? (await createOrFind(api, scope, draftOf(target), () => undefined)).read;
	const changes = changesFor(read.model, target);
	if (Object.keys(changes).length === 0) return { read, result: found ? 'unchanged' : 'created' };
	const changed = await api.updateHook(scope, read.model.id, changes);
	return { read: changed, result: found ? 'updated' : 'created' };
}
