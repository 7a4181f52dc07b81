import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { BRIEF_RETRIES, openProcore } from '../api';
import { settle } from '../api/concurrency';
import { messageOf } from '../api/failure';
import { namespaceOf, usableState } from '../hook/activation';
import { desiredHook, type DesiredHook } from '../hook/desired-hook';
import { runCheck, type Cancellation } from '../hook/exclusive-work';
import { cacheIdentity, currentIdentity, renewIdentity } from '../hook/identity';
import { nodeKey } from '../hook/node-key';
import { isActiveAsChecked, processState } from '../hook/process-state';
import { resolveScopes, scopesToCheck } from '../hook/scopes';
import { digestOf, readRenewal } from '../hook/secret';
import { readSelection, startsWorkflow } from '../hook/selection';
import { readPlace, readSettings, type TriggerPlace } from '../hook/settings';
import { acceptedAfterCheck } from '../hook/secrets-after-check';
import { readStoredState, writeStoredState, type StoredState } from '../hook/stored-state';
import { Upkeep } from '../hook/upkeep';
import { confirmSecret, expectSecret } from '../hook/verification';
import type { FilteredEvent } from '../model/event-filter';
import { jsonObject } from '../model/json';
import { scopeKey, type Scope } from '../model/scope';
import { recoverMissed } from './hand-over';
import { hookMissing, noProjectVisible, problemsIn, type CheckVerdict } from './problems-found';
import {
	acceptedSince,
	allHave,
	byUrgency,
	guaranteedScopes,
	noteResults,
	progressOf,
	refusedSince,
	type CheckProgress,
} from './progress';
import { reconcileChanges } from './reconcile-changes';
import { recallRecovery, type RecoveryState } from './recovery';
import { checkScopes, logProgress, logResults, removeSurplusHooks, type Check } from './repair';
import { reportFailedCheck, reportProblems } from './report';
import { rememberProgress, takeBackLastBatch } from './stored-progress';
import { knownUrl, searchUrl } from './webhook-url';

/** n8n waits for the check that it runs during an activation, and abandons the activation after 84 seconds. */
const FIRST_CHECK_MS = 25_000;

/** Every 12th check compares the triggers of a hook one by one instead of their number. */
const FULL_CHECK_EVERY = 12;

/**
 * The safety check: repairs this node's hooks (missing, disabled, with a changed URL or triggers, in a project that is new
 * or closed), starts an execution for the events that Procore gave up delivering, and reports what it could not repair. The stored state only saves it
 * requests, so it works with an outdated one or none.
 *
 * Never throws: a failure is logged and retried at the next check, while live events continue.
 */
export async function safetyCheck(this: IPollFunctions): Promise<null> {
	if (this.getMode() === 'manual') return null;
	const staticData = this.getWorkflowStaticData('node');
	if (knownUrl(this, readStoredState(staticData)) === null) return null;
	const key = nodeKey(this);
	const end = Date.now() + FIRST_CHECK_MS;
	const isActive = () => isActiveAsChecked(this);
	await runCheck(key, end, isActive, async (cancellation, isLate) => {
		const progress = progressOf(key);
		// n8n waits for a check beside an activation.
		const deadline = isLate || progress.checks === 0 ? end : Infinity;
		const result = await settle(
			async () => await check(this, staticData, progress, { cancellation, deadline }),
		);
		if (cancellation.isCanceled) return;
		if (!result.ok) {
			this.logger.warn(
				`Procore Trigger: The safety check failed; will retry next time. ${messageOf(result.failure)}`,
			);
			reportFailedCheck(this, staticData, key, result.failure);
		} else if (result.value !== undefined) {
			reportProblems(this, staticData, key, result.value);
		}
	});
	return null;
}

/** @returns undefined if there was nothing to check yet, or if the check was canceled. */
async function check(
	context: IPollFunctions,
	staticData: IDataObject,
	progress: CheckProgress,
	{ cancellation, deadline }: { cancellation: Cancellation; deadline: number },
): Promise<CheckVerdict | undefined> {
	const startedAt = Date.now();
	const isFirst = progress.checks === 0;
	const isBesideActivation = deadline < Infinity;
	const procore = await openProcore(context, {
		cancellation,
		isUpkeep: true,
		...(isBesideActivation ? { retries: BRIEF_RETRIES, deadline } : {}),
	});
	const place = readPlace(context, procore.account.companyId);
	const found = readStoredState(staticData);
	const url = knownUrl(context, found) ?? (await searchUrl(context, procore, place, progress));
	if (url === undefined) return undefined;
	if (url === null) return hookMissing();
	progress.stepsWithoutHook = undefined;
	const node = {
		hooks: found?.hooks.length ?? 0,
		changes: processState(nodeKey(context)).changes,
	};
	const guaranteed = guaranteedScopes(progress, node, startedAt);
	const upkeep = new Upkeep(procore, place.companyId, guaranteed);
	// Listing the projects takes requests, too.
	if (!upkeep.hasRoomFor(progress.lacksHooks ? 'setUp' : 'check')) return undefined;
	progress.checks += 1;

	const stored = usableState(context, found, { procore, place, url });
	const recovery = startRecovery(staticData, stored, startedAt, isFirst);
	const options = jsonObject(context.getNodeParameter('options', {}));
	const task: Check = {
		procore,
		node: context.getNode(),
		desired: await desiredAt(context, place, url, stored),
		depth: progress.checks % FULL_CHECK_EVERY === 0 ? 'full' : 'count',
		upkeep,
		withHook: new Set(stored?.hooks.map(({ scope }) => scopeKey(scope))),
		acceptedSince: (scope) => acceptedSince(progress, scope),
		refusedSince: (scope, earliest) => refusedSince(progress, scope, earliest),
		recovery: options.recoverMissed === false ? undefined : recovery,
	};
	const scopes = await scopesInTurn(context, task, place, stored, progress);
	if (scopes.length === 0) return noProjectVisible(place.companyId);
	const key = nodeKey(context);
	const selection = readSelection(context);
	const { ignoreOwnChanges } = selection;
	const known = currentIdentity(key, stored?.own);
	const own = await renewIdentity(context, procore, place.companyId, ignoreOwnChanges, known);
	const results = await checkScopes(task, scopes, deadline);
	// The results are about hooks that have been removed or re-created meanwhile.
	if (cancellation.isCanceled) return undefined;
	const { checked } = results;
	const accepted = digestOf(task.desired.authorization);
	noteResults(progress, results, accepted);
	logResults(context, results);
	cacheIdentity(key, own);
	const isConfirmed = allHave(accepted, scopes, progress);
	if (isConfirmed) confirmSecret(context, url, accepted);
	const hooks = await removeSurplusHooks(context, task, stored?.hooks ?? [], checked, scopes);
	progress.lacksHooks = hooks.length < scopes.length;
	logProgress(context, upkeep, results, { all: scopes.length, withHook: hooks.length });

	writeStoredState(staticData, {
		...acceptedAfterCheck(
			stored,
			{ digest: accepted, renewal: digestOf(readRenewal(context)) },
			isConfirmed,
			Date.now(),
		),
		namespace: task.desired.namespace,
		url,
		instance: context.getInstanceBaseUrl(),
		apiUrl: procore.account.apiUrl,
		companyId: place.companyId,
		hooks,
		since: stored?.since ?? new Date(startedAt).toISOString(),
		...(own === undefined ? {} : { own }),
	});

	const simplify = options.simplify !== false;
	const handOver = { staticData, simplify, startedAt, deadline, cancellation };
	const isSelected = (event: FilteredEvent) => startsWorkflow(event, selection, own);
	const notStarted = await recoverMissed(
		context,
		{
			state: recovery,
			scopes,
			losses: checked.map(({ hook: { scope }, undelivered }) => ({ scope, undelivered })),
		},
		isSelected,
		handOver,
	);
	const work = { check: task, option: options.reconcile, since: stored?.since ?? '' };
	const places = { scopes, hooks: checked.map(({ hook }) => hook) };
	await reconcileChanges(context, { ...work, ...places, isSelected }, handOver, progress);
	return problemsIn(results, { url, notStarted, isFirst: isBesideActivation });
}

function startRecovery(
	staticData: IDataObject,
	stored: StoredState | undefined,
	startedAt: number,
	isFirst: boolean,
): RecoveryState {
	const positions = recallRecovery(staticData, stored?.since ?? '', startedAt);
	const recovery = isFirst ? takeBackLastBatch(positions, startedAt) : positions;
	rememberProgress(staticData, 'recovery', recovery);
	return recovery;
}

async function desiredAt(
	context: IPollFunctions,
	place: TriggerPlace,
	url: string,
	stored: StoredState | undefined,
): Promise<DesiredHook> {
	const { secret } = await expectSecret(context, url);
	const locator = {
		namespace: namespaceOf(context, place, url, false),
		namespaceFrom: place.namespace === '' ? ('node' as const) : ('given' as const),
		destination_url: url,
		ownIds: new Set(stored?.hooks.map(({ hookId }) => hookId)),
	};
	return desiredHook(locator, readSettings(context, place), secret);
}

async function scopesInTurn(
	context: IPollFunctions,
	{ procore, withHook }: Check,
	place: TriggerPlace,
	stored: StoredState | undefined,
	progress: CheckProgress,
): Promise<Scope[]> {
	const listed = await resolveScopes(procore, place);
	const hooks = stored?.hooks ?? [];
	const scopes = await scopesToCheck(procore, nodeKey(context), place, hooks, listed);
	if (scopes.length === 0) {
		// Procore also returns an empty list to an account that has lost its access, which is more likely.
		context.logger.warn(
			`Procore Trigger: This account no longer sees any active project in company ${place.companyId}. The hooks are kept; unpublish the workflow to remove them.`,
		);
	}
	return byUrgency(scopes, withHook, progress);
}
