import type { IHookFunctions } from 'n8n-workflow';

import type { RequestOptions } from '../api';
import { refusal } from '../api/refusal';
import { explainUnservable } from '../model/event-filter';
import { scopeKey, type Scope } from '../model/scope';
import {
	limitReplacedSecret,
	openActivation,
	unreachableReason,
	type Activation,
} from './activation';
import { checkTimesProblem } from './check-times';
import { desiredHook, type DesiredHook } from './desired-hook';
import { cancelAndRun } from './exclusive-work';
import { cacheIdentity, lacksIdentity, lookUpIdentity } from './identity';
import { inspect } from './inspect';
import { hookKey, isTestHook, nodeKey } from './node-key';
import { forEachScope, listFailures } from './per-scope';
import {
	noteActivationBegins,
	noteAddress,
	noteChange,
	noteHooksToKeep,
	noteTestListening,
} from './process-state';
import { reconcile, type Reconciliation } from './reconcile';
import { cleanUp, keepsHook, removeNodeHooks } from './removal';
import { explainRollBack } from './roll-back';
import { hooksInMissingProjects, resolveScopes, scopesFor } from './scopes';
import { digestOf, readRenewal } from './secret';
import { readSelection } from './selection';
import { readSettings, type TriggerSettings } from './settings';
import {
	acceptedFrom,
	readStoredState,
	secretsOfRemovedHooks,
	sinceWithoutState,
	writeStoredState,
} from './stored-state';
import { sendLatestEvent, usesLatestEvent } from './test-event';
import { Upkeep } from './upkeep';

/**
 * n8n 2.40 and later abandon an activation after 84 seconds, including its five attempts, with a message that doesn't give
 * the reason. An attempt ends earlier, so that it can report its reason and has time to roll back.
 */
const WORK_MS = 65_000;

/** With all projects, the projects that are left after this time are set up by the next safety check. */
const ALL_PROJECTS_MS = 50_000;

/** Number of projects that are set up even if the node's share of the rate limit is used up: the workflow was published several times. */
const ALWAYS_SET_UP = 20;

/**
 * Whether every hook is as the current parameters require: URL, status, payload version, secret and triggers. Only reads.
 *
 * Returns true without asking Procore when n8n starts or another main takes over: if Procore is down at that moment, a
 * failure would disable the webhook, and the safety check that n8n starts at the same time inspects the hooks anyway.
 *
 * @throws ProcoreFailure if a hook cannot be read.
 */
export async function hooksExist(this: IHookFunctions): Promise<boolean> {
	if (usesLatestEvent(this)) return false;
	noteActivationBegins(this);
	const { procore, place, locator, isTest, stored, secret } = await openActivation(this);
	if (stored?.namespace !== locator.namespace || stored.url !== locator.destination_url)
		return false;
	if (stored.instance !== this.getInstanceBaseUrl()) return false;
	if (!isTest) noteAddress(this, locator.destination_url);
	if (['init', 'leadershipChange'].includes(this.getActivationMode())) {
		limitReplacedSecret(this, stored, secret);
		return true;
	}
	const desired = desiredHook(locator, readSettings(this, place), secret);
	const { ignoreOwnChanges, problem } = readSelection(this);
	// createHooks refuses invalid parameters, and n8n doesn't call it if this returns true.
	if (problem !== undefined || checkTimesProblem(this) !== undefined) return false;
	if (lacksIdentity(stored.own, ignoreOwnChanges)) return false;
	const scopes = scopesFor(isTest, await resolveScopes(procore, place));
	// createHooks tells that no project is visible; without one, no hook can be inspected.
	if (scopes.length === 0) return false;
	const missing = hooksInMissingProjects(place, stored.hooks, scopes);
	const storedKeys = new Set(stored.hooks.map(({ scope }) => scopeKey(scope)));
	if (storedKeys.size - missing.length !== scopes.length) return false;
	if (!scopes.every((scope) => storedKeys.has(scopeKey(scope)))) return false;
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		return await inspect(procore.webhooks, scope, desired);
	});
	if (results.some(({ state }) => state !== 'inSync')) return false;
	const [failed] = failures;
	if (failed) throw failed.failure;
	return true;
}

/**
 * Creates or updates the hooks that the parameters require: one per scope, with the same namespace, secret and URL
 * [DESTINATION-SHARED]. All or nothing; but with all projects, one that fails is logged and retried by the safety check.
 *
 * @throws NodeOperationError if a parameter is invalid, before anything is sent; ProcoreFailure if Procore refuses.
 */
export async function createHooks(this: IHookFunctions): Promise<boolean> {
	if (usesLatestEvent(this)) return await sendLatestEvent(this);
	const deadline = Date.now() + WORK_MS;
	return await cancelAndRun(hookKey(this), async (cancellation) => {
		const isUpkeep = this.getNodeParameter('scope', '') === 'allProjects';
		return await activate(this, { cancellation, deadline, isUpkeep });
	});
}

async function activate(context: IHookFunctions, options: RequestOptions): Promise<boolean> {
	noteActivationBegins(context);
	const activation = await openActivation(context, options);
	const { procore, place, locator, isTest, stored } = activation;
	const settings = checkedSettings(context, activation);
	const { ignoreOwnChanges } = readSelection(context);
	const startedAt = Date.now();
	const own = await lookUpIdentity(procore, place.companyId, ignoreOwnChanges);
	const scopes = await scopesToSetUp(context, activation);
	if (isTest) noteTestListening(context, true);
	else cacheIdentity(nodeKey(context), own);
	const desired = desiredHook(locator, settings, activation.secret);
	const { hooks, earlier } = await setUpHooks(context, activation, scopes, desired, options);
	const missing = await cleanUp(context, activation, scopes, options);
	const staticData = context.getWorkflowStaticData('node');
	const at = {
		url: locator.destination_url,
		apiUrl: procore.account.apiUrl,
		companyId: place.companyId,
	};
	const known = stored ?? secretsOfRemovedHooks(staticData, at);
	writeStoredState(staticData, {
		...acceptedFrom(known, digestOf(desired.authorization), Date.now()),
		renewal: digestOf(readRenewal(context)),
		...at,
		namespace: locator.namespace,
		instance: context.getInstanceBaseUrl(),
		hooks: [...hooks, ...missing],
		since: stored?.since ?? sinceWithoutState(earlier.values(), startedAt),
		...(own === undefined ? {} : { own }),
	});
	if (!isTest) noteChange(context, locator.destination_url);
	return true;
}

/** @throws NodeOperationError if a parameter, or n8n's webhook URL, cannot work. */
function checkedSettings(context: IHookFunctions, activation: Activation): TriggerSettings {
	const settings = readSettings(context, activation.place);
	const { problem, conditions, ignoreOwnChanges } = readSelection(context);
	const reason =
		problem ??
		checkTimesProblem(context) ??
		explainUnservable(settings.payloadVersion, conditions, ignoreOwnChanges) ??
		unreachableReason(activation);
	if (reason !== undefined) throw refusal(context.getNode(), reason);
	return settings;
}

/** @throws NodeOperationError if there is no active project. */
async function scopesToSetUp(
	context: IHookFunctions,
	{ procore, place, isTest, stored }: Activation,
): Promise<Scope[]> {
	const all = await resolveScopes(procore, place);
	const scopes = scopesFor(isTest, all);
	if (scopes.length === 0) {
		// The account might have lost its access only for a while.
		noteHooksToKeep(context, new Set(stored?.hooks.map(({ hookId }) => hookId)));
		throw refusal(
			context.getNode(),
			`Company ${place.companyId} has no active project that the account of the credential can access. Select another company, or give the account access to a project.`,
		);
	}
	if (scopes.length < all.length) {
		context.logger.info(
			`Procore Trigger: The test listens in ${scopes.length} of ${all.length} projects, those that were changed last. Once it is published, the workflow listens in all of them.`,
		);
	}
	return scopes;
}

/**
 * Gives every scope the desired hook.
 *
 * @returns the hooks; with all projects, those of the projects that succeeded.
 * @throws NodeOperationError or ProcoreFailure if that fails, after a roll-back.
 */
async function setUpHooks(
	context: IHookFunctions,
	{ procore, place }: Activation,
	scopes: readonly Scope[],
	desired: DesiredHook,
	{ cancellation }: RequestOptions,
): Promise<Pick<Reconciliation, 'hooks' | 'earlier'>> {
	const isAll = place.scope === 'allProjects';
	const reconciliation = await reconcile(
		procore.webhooks,
		context.getNode(),
		scopes,
		desired,
		isAll
			? {
					deadline: Date.now() + ALL_PROJECTS_MS,
					upkeep: new Upkeep(procore, place.companyId, ALWAYS_SET_UP),
				}
			: {},
	);
	const { hooks, failures, earlier, rollBack } = reconciliation;
	if (failures.length === 0) return reconciliation;
	if (isAll && hooks.length > 0) {
		context.logger.warn(
			`Procore Trigger: Could not set up ${failures.length} of ${scopes.length} projects; will retry at the next safety check. ${listFailures(failures)}`,
		);
		return reconciliation;
	}
	const left = await rollBack();
	// After a cancellation, `delete` has been called to deactivate the workflow, not to clean up.
	if (cancellation?.isCanceled !== true) noteHooksToKeep(context, new Set(earlier.keys()));
	const [first] = failures;
	if (scopes.length === 1 && first?.failure instanceof Error) throw first.failure;
	throw refusal(
		context.getNode(),
		`Could not set up ${failures.length} of ${scopes.length} projects; ${explainRollBack(left, desired)} ${listFailures(failures)}`,
	);
}

/**
 * Removes this node's hooks, even if none are stored. If an activation has just failed, keeps the hooks that it adopted.
 *
 * With Keep Hook, all of them stay. Only a person can decide that: n8n calls this in the same way when somebody unpublishes
 * a workflow and when somebody publishes an edit of its trigger (mode `internal`, activation `update`, an active workflow;
 * n8n 1.123 to 2.41).
 *
 * @throws NodeOperationError that lists the scopes where Procore refused. n8n logs it and continues; the stored state is
 *   kept, so that the next activation adopts the remaining hooks.
 */
export async function deleteHooks(this: IHookFunctions): Promise<boolean> {
	const isTest = isTestHook(this);
	if (!isTest) noteChange(this, undefined);
	// No deadline: the hooks are to be removed even if n8n no longer waits.
	return await cancelAndRun(hookKey(this), async (cancellation) => {
		if (isTest || !keepsHook(this)) return await removeNodeHooks(this, { cancellation });
		const kept = readStoredState(this.getWorkflowStaticData('node'))?.namespace;
		this.logger.info(
			`Procore Trigger: Kept the hook${kept === undefined ? '' : ` "${kept}"`} in Procore, because When Unpublished is set to Keep Hook. Publish the workflow again to use it and to recover what happened until then.`,
		);
		return true;
	});
}
