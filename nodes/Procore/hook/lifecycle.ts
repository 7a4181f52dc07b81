import type { IHookFunctions } from 'n8n-workflow';

import type { RequestOptions } from '../api';
import { settleAll } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { explainUnservable } from '../model/event-filter';
import { scopeKey, type Scope } from '../model/scope';
import { absentHooks } from './absent-projects';
import { explainAbandoned, openActivation, unreachableReason, type Activation } from './activation';
import { reconcile, inspect, listFailures, removeHooks, MAX_CONCURRENT_SCOPES } from './reconcile';
import { cancelAndRun } from './exclusive-work';
import { lacksIdentity, lookUpIdentity, cacheIdentity } from './identity';
import { processState } from './process-state';
import { hookKey, isTestHook, nodeKey } from './node-key';
import {
	noteTestListening,
	removeNodeHooks,
	removeStaleHooks,
	removeLeftoverTestHooks,
} from './removal';
import { digestOf } from './secret';
import { readSelection } from './selection';
import { readSettings, resolveScopes, scopesFor } from './settings';
import { writeStoredState, type OwnHook } from './stored-state';
import { desiredHook, type DesiredHook } from './desired-hook';

/**
 * n8n 2.40 and later give an activation up after 84 seconds, all of its five tries together, and show a message of their own
 * then. So one try ends before, with its reason and with time left to undo what it made.
 */
const WORK_MS = 65_000;

/** With all projects, what is left then waits for the safety check. */
const ALL_PROJECTS_MS = 50_000;

/**
 * Whether every hook stands as the parameters want it now: URL, status, payload version, secret, triggers. Reads only;
 * where Procore cannot be read, that is thrown.
 *
 * When n8n starts or another main takes over, nothing is asked: a Procore that is down at that moment would take the
 * webhook out of service, and the safety check that n8n starts at the same time looks at the hooks anyway.
 */
export async function hooksExist(this: IHookFunctions): Promise<boolean> {
	const { procore, place, locator, isTest, stored, secret } = await openActivation(this);
	if (stored?.namespace !== locator.namespace || stored.url !== locator.destination_url)
		return false;
	if (stored.instance !== this.getInstanceBaseUrl()) return false;
	if (!isTest) noteAddress(this, locator.destination_url);
	if (['init', 'leadershipChange'].includes(this.getActivationMode())) return true;
	const desired = desiredHook(locator, readSettings(this, place), secret);
	const { ignoreOwnChanges, problem } = readSelection(this);
	// What cannot be understood is refused by createHooks, which is not called for hooks that stand as wanted.
	if (problem !== undefined || lacksIdentity(stored.own, ignoreOwnChanges)) return false;
	const scopes = scopesFor(isTest, await resolveScopes(procore, place));
	const absent = absentHooks(place, stored.hooks, scopes);
	const remembered = new Set(stored.hooks.map(({ scope }) => scopeKey(scope)));
	if (
		remembered.size - absent.length !== scopes.length ||
		!scopes.every((scope) => remembered.has(scopeKey(scope)))
	) {
		return false;
	}
	const results = await settleAll(scopes, MAX_CONCURRENT_SCOPES, async (scope) => {
		return await inspect(procore.webhooks, scope, desired);
	});
	return results.every((result) => {
		if (!result.ok) throw result.failure;
		return result.value.state === 'inSync';
	});
}

/**
 * Brings every scope to the wanted hook.
 *
 * @returns the hooks; with all projects, those of the projects that did not refuse.
 * @throws NodeOperationError or ProcoreFailure where that fails, after what was made is undone.
 */
async function makeHooks(
	context: IHookFunctions,
	{ procore, place }: Activation,
	scopes: readonly Scope[],
	desired: DesiredHook,
): Promise<OwnHook[]> {
	const isAll = place.scope === 'allProjects';
	const { hooks, failures } = await reconcile(
		procore.webhooks,
		context.getNode(),
		scopes,
		desired,
		isAll ? { deadline: Date.now() + ALL_PROJECTS_MS } : {},
	);
	if (failures.length === 0) return hooks;
	if (isAll && hooks.length > 0) {
		context.logger.warn(
			`Procore Trigger: ${failures.length} of ${scopes.length} projects are left out for now. ${listFailures(failures)}`,
		);
		return hooks;
	}
	const made = hooks.map(({ scope }) => scope);
	const left = await removeHooks(procore.webhooks, made, desired);
	const [first] = failures;
	if (scopes.length === 1 && first?.failure instanceof Error) throw first.failure;
	const undone =
		left.length === 0
			? 'so none was.'
			: `and ${left.length} that were could not be undone: activate again, or delete their hooks "${desired.namespace}" in Procore. ${listFailures(left)}`;
	throw refusal(
		context.getNode(),
		`${failures.length} of ${scopes.length} projects could not be set up, ${undone} ${listFailures(failures)}`,
	);
}

/**
 * Makes the hooks that the parameters want: one a scope, all under one namespace and one secret. With chosen projects
 * it is all or nothing; with all projects, one that refuses is named in the log and left out.
 *
 * @throws NodeOperationError where a parameter stands against it, before anything is sent; or what Procore refuses.
 */
export async function createHooks(this: IHookFunctions): Promise<boolean> {
	const deadline = Date.now() + WORK_MS;
	return await cancelAndRun(hookKey(this), async (cancellation) => {
		return await create(this, { cancellation, deadline });
	});
}

async function create(context: IHookFunctions, conduct: RequestOptions): Promise<boolean> {
	const refuse = (message: string) => refusal(context.getNode(), message);
	const activation = await openActivation(context, conduct);
	const { procore, place, locator, isTest, secret, stored, elsewhere, abandoned } = activation;
	const settings = readSettings(context, place);
	const selection = readSelection(context);
	if (selection.problem !== undefined) throw refuse(selection.problem);
	const unservable = explainUnservable(
		settings.payloadVersion,
		selection.conditions,
		selection.ignoreOwnChanges,
	);
	if (unservable !== undefined) throw refuse(unservable);
	const unreachable = unreachableReason(activation);
	if (unreachable !== undefined) throw refuse(unreachable);

	const since = new Date().toISOString();
	const own = await lookUpIdentity(procore, place.companyId, selection.ignoreOwnChanges);
	const listed = await resolveScopes(procore, place);
	const scopes = scopesFor(isTest, listed);
	if (scopes.length === 0) {
		throw refuse(
			`Company ${place.companyId} has no active project that the account of the credential may see: choose another company, or give the account access to a project.`,
		);
	}
	if (isTest) noteTestListening(context, true);
	else cacheIdentity(nodeKey(context), own);
	if (scopes.length < listed.length) {
		context.logger.info(
			`Procore Trigger: the test listens in ${scopes.length} of ${listed.length} projects, those that were changed last. Once it is active, the workflow listens in all of them.`,
		);
	}
	const desired = desiredHook(locator, settings, secret);
	const hooks = await makeHooks(context, activation, scopes, desired);
	const isSameNamespace = stored?.namespace === locator.namespace;
	const absent = isSameNamespace && !isTest ? absentHooks(place, stored.hooks, scopes) : [];
	const kept = [...scopes, ...absent.map(({ scope }) => scope)];
	if (stored) await removeStaleHooks(context, activation, stored, kept);
	if (!isTest) await removeLeftoverTestHooks(context, activation, scopes);
	if (elsewhere) {
		context.logger.warn(
			`Procore Trigger: n8n has another address now. The hooks "${elsewhere.namespace}" that deliver to ${elsewhere.url} stay in Procore, since another n8n may serve them. Delete them if none does.`,
		);
	}
	if (abandoned) context.logger.warn(explainAbandoned(abandoned));
	writeStoredState(context.getWorkflowStaticData('node'), {
		accepted: digestOf(desired.authorization),
		namespace: locator.namespace,
		url: locator.destination_url,
		instance: context.getInstanceBaseUrl(),
		apiUrl: procore.account.apiUrl,
		companyId: place.companyId,
		hooks: [...hooks, ...absent],
		since: stored?.since ?? since,
		...(own === undefined ? {} : { own }),
	});
	if (!isTest) noteChange(context, locator.destination_url);
	return true;
}

/**
 * Removes this node's hooks, remembered or not; works with an empty memory.
 *
 * @throws NodeOperationError that lists the scopes where Procore refused it; or what keeps it from looking. n8n logs it
 * and goes on; what is remembered stays, so that the next activation adopts what is left.
 */
export async function deleteHooks(this: IHookFunctions): Promise<boolean> {
	if (!isTestHook(this)) noteChange(this, undefined);
	// Without a deadline: what n8n no longer waits for is removed all the same.
	return await cancelAndRun(
		hookKey(this),
		async (cancellation) => await removeNodeHooks(this, { cancellation }),
	);
}

/** Tells the safety checks of this process where the node receives. */
function noteAddress(context: IHookFunctions, url: string): void {
	const instance = context.getInstanceBaseUrl();
	processState(nodeKey(context)).address = { url, instance };
}

/** Tells the safety checks of this process that the node was activated, with its URL, or deactivated. */
function noteChange(context: IHookFunctions, url: string | undefined): void {
	const state = processState(nodeKey(context));
	state.changes += 1;
	if (url === undefined) state.address = undefined;
	else noteAddress(context, url);
}
