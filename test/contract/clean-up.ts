import { messageOf, ProcoreFailure } from '../../nodes/Procore/api/failure';
import { settle } from '../../nodes/Procore/api/concurrency';
import type { Scope } from '../../nodes/Procore/model/scope';
import { COMPANY_NAMESPACES } from './company-namespaces';
import { PREFIX, type Journal, type OpenNamespace } from './journal';
import type { Generation, LiveAccount } from './live-account';
import type { LiveEnv } from './live-env';
import type { Sanitizer } from './sanitize';

/** What was removed, and where it could not be. */
export interface CleanUp {
	readonly removed: number;
	/** Complete sentences. */
	readonly failures: readonly string[];
}

interface Place {
	readonly env: LiveEnv;
	readonly account: LiveAccount;
	readonly journal: Journal;
	/** For Procore's reasons why something could not be deleted. */
	readonly sanitizer: Sanitizer;
}

function scopeOf(env: LiveEnv, scope: OpenNamespace['scope']): Scope {
	const { companyId, projectId } = env;
	return scope === 'company'
		? { kind: 'company', companyId }
		: { kind: 'project', companyId, projectId };
}

/** Deletes the hooks of a scope for which `isOwn` holds. Their triggers go with them. */
async function removeHooks(
	{ account }: Place,
	version: Generation,
	scope: Scope,
	namespace: string,
	isOwn: (namespace: string) => boolean,
): Promise<number> {
	const { webhooks } = await account.open(version);
	const hooks = (await webhooks.listHooks(scope, namespace)).filter(
		({ model }) => model.namespace?.startsWith(PREFIX) === true && isOwn(model.namespace),
	);
	for (const { model } of hooks) await webhooks.deleteHook(scope, model.id);
	return hooks.length;
}

/** Whether the answer says that this generation of the API does not exist any more: then nothing is left in it either. */
function isGone(version: Generation, failure: unknown): boolean {
	return version === 'v1.0' && failure instanceof ProcoreFailure && failure.isApiWide;
}

/** Why a request failed, without anything of the account. */
export function reasonOf(failure: unknown, sanitizer: Sanitizer): string {
	if (!(failure instanceof ProcoreFailure)) return sanitizer.sentence(messageOf(failure));
	const { status } = failure.outcome;
	const text = sanitizer.sentence(failure.errorText);
	const answered = status === null ? 'did not answer' : `answered ${status}`;
	return `Procore ${answered}${text === '' ? '' : `: ${text}`}`;
}

/** Deletes what a run, this one or one that was killed, has written down and not deleted yet. */
export async function cleanUp(place: Place): Promise<CleanUp> {
	const failures: string[] = [];
	let removed = 0;
	for (const open of [...place.journal.open]) {
		const { version, namespace } = open;
		const scope = scopeOf(place.env, open.scope);
		const result = await settle(
			async () => await removeHooks(place, version, scope, namespace, (each) => each === namespace),
		);
		if (result.ok) removed += result.value;
		if (result.ok || isGone(version, result.failure)) place.journal.end(open);
		else {
			const why = reasonOf(result.failure, place.sanitizer);
			failures.push(`Namespace ${namespace} (${open.scope}): ${why}`);
		}
	}
	return { removed, failures };
}

/** {@link cleanUp}, and every hook under a namespace of an earlier run, in case its journal is lost. */
export async function cleanUpAll(place: Place): Promise<CleanUp> {
	const known = await cleanUp(place);
	const failures = [...known.failures];
	let { removed } = known;
	for (const version of ['v2.0', 'v1.0'] as const) {
		for (const kind of ['project', 'company'] as const) {
			const scope = scopeOf(place.env, kind);
			const isListedByNamespace = version === 'v2.0' && kind === 'company';
			for (const namespace of isListedByNamespace ? COMPANY_NAMESPACES : ['']) {
				const result = await settle(
					async () => await removeHooks(place, version, scope, namespace, () => true),
				);
				if (result.ok) {
					removed += result.value;
					continue;
				}
				if (isGone(version, result.failure)) break;
				const why = reasonOf(result.failure, place.sanitizer);
				failures.push(`Hooks of the ${kind} (${version}): ${why}`);
				break;
			}
		}
	}
	return { removed, failures };
}
