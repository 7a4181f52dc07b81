import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { BRIEF_RETRIES, openProcore, type Procore } from '../api';
import { settle } from '../api/concurrency';
import { messageOf } from '../api/failure';
import { explainAbandoned, namespaceOf } from '../hook/activation';
import { runIfIdle, type Cancellation } from '../hook/exclusive-work';
import { currentIdentity, cacheIdentity, renewIdentity } from '../hook/identity';
import { processState } from '../hook/process-state';
import { nodeKey } from '../hook/node-key';
import { digestOf } from '../hook/secret';
import { startsWorkflow, readSelection } from '../hook/selection';
import { resolveScopes, scopesToCheck } from '../hook/scopes';
import { readPlace, readSettings, type TriggerPlace } from '../hook/settings';
import { readStoredState, writeStoredState, type StoredState } from '../hook/stored-state';
import { expectSecret } from '../hook/verification';
import { desiredHook } from '../hook/desired-hook';
import { jsonObject } from '../model/json';
import type { Scope } from '../model/scope';
import { findWebhookUrl } from './find-webhook-url';
import { recoverMissed } from './hand-over';
import { recallRecovery, rememberRecovery, takeBackLastBatch } from './recovery';
import { checkScopes, currentHooks, logFindings, type Check } from './repair';

/** n8n waits for the check that it runs while it activates a workflow, and breaks off after 84 seconds. */
const FIRST_CHECK_MS = 25_000;

/** Every so many checks the triggers of a hook are compared one by one, not by their number. */
const FULL_CHECK_EVERY = 12;

/** What a process knows of a node's checks: how many there were, and where one that ran out of time goes on. */
interface Progress {
	checks: number;
	nextScope: number;
	/** After which change of the node here a check knew of no hook; undefined where none did. */
	changeWithoutHook: number | undefined;
}

const MAX_NODES = 10_000;
const progressOfNodes = new Map<string, Progress>();

function progressOf(key: string): Progress {
	const known = progressOfNodes.get(key);
	if (known) return known;
	if (progressOfNodes.size >= MAX_NODES) progressOfNodes.clear();
	const progress = { checks: 0, nextScope: 0, changeWithoutHook: undefined };
	progressOfNodes.set(key, progress);
	return progress;
}

/** The scopes in the order in which this check takes them: first those for which an earlier one had no time. */
function rotated(scopes: readonly Scope[], { nextScope }: Progress): Scope[] {
	const start = scopes.length === 0 ? 0 : nextScope % scopes.length;
	return [...scopes.slice(start), ...scopes.slice(0, start)];
}

/**
 * The address to check, as far as n8n tells it: to an activation in this process, else to the one that wrote the static
 * data down. A poll is told it by nobody.
 *
 * @returns undefined where it is not known; null where the static data is a copy, and the hooks another n8n's.
 */
function knownUrl(
	context: IPollFunctions,
	stored: StoredState | undefined,
): string | null | undefined {
	const instance = context.getInstanceBaseUrl();
	const { address } = processState(nodeKey(context));
	if (address?.instance === instance) return address.url;
	if (stored === undefined) return undefined;
	return stored.instance === instance ? stored.url : null;
}

/**
 * Looks for the node's webhook URL in Procore, where neither this process nor the static data knows it. The first time
 * that is as it should be: n8n runs a check while it activates the workflow, before there is a hook.
 */
async function lookForUrl(
	context: IPollFunctions,
	procore: Procore,
	place: TriggerPlace,
	progress: Progress,
): Promise<string | undefined> {
	const { changes } = processState(nodeKey(context));
	if (progress.changeWithoutHook !== changes) {
		progress.changeWithoutHook = changes;
		return undefined;
	}
	const url = await findWebhookUrl(context, procore, place);
	if (url === undefined) {
		context.logger.warn(
			`Procore Trigger: the workflow is active and has no hook in Procore, so no event starts it. n8n gave its activation up, or has lost what was written down of it. Deactivate (unpublish) it and activate it again.`,
		);
	}
	return url;
}

async function run(
	context: IPollFunctions,
	staticData: IDataObject,
	progress: Progress,
	cancellation: Cancellation,
): Promise<INodeExecutionData[][] | null> {
	const startedAt = Date.now();
	const isFirst = progress.checks === 0;
	const deadline = isFirst ? startedAt + FIRST_CHECK_MS : Infinity;
	const conduct = isFirst ? { cancellation, retries: BRIEF_RETRIES, deadline } : { cancellation };
	const procore = await openProcore(context, conduct);
	const { apiUrl } = procore.account;
	const place = readPlace(context, procore.account.companyId);
	const { companyId } = place;
	const found = readStoredState(staticData);
	const url = knownUrl(context, found) ?? (await lookForUrl(context, procore, place, progress));
	if (url === undefined) return null;
	progress.changeWithoutHook = undefined;

	const depth = (progress.checks + 1) % FULL_CHECK_EVERY === 0 ? 'full' : 'count';
	progress.checks += 1;
	if (found && found.apiUrl !== apiUrl) context.logger.warn(explainAbandoned(found));
	const stored = found?.apiUrl === apiUrl && found.url === url ? found : undefined;
	const options = jsonObject(context.getNodeParameter('options', {}));
	const positions = recallRecovery(staticData, stored?.since ?? '', startedAt);
	const recovery = isFirst ? takeBackLastBatch(positions, startedAt) : positions;
	rememberRecovery(staticData, recovery);
	const { secret } = await expectSecret(context, url);
	const namespace = namespaceOf(context, place, url, false);
	const check: Check = {
		procore,
		node: context.getNode(),
		desired: desiredHook(
			{
				namespace,
				namespaceFrom: place.namespace === '' ? 'node' : 'given',
				destination_url: url,
				ownIds: new Set(stored?.hooks.map(({ hookId }) => hookId)),
			},
			readSettings(context, place),
			secret,
		),
		depth,
		recovery: options.recoverMissed === false ? undefined : recovery,
	};
	const listed = await resolveScopes(procore, place);
	const remembered = stored?.hooks ?? [];
	const scopes = rotated(
		await scopesToCheck(procore, nodeKey(context), place, remembered, listed),
		progress,
	);
	// Procore gives an account that has lost its access an empty list too: that all projects are closed is less likely.
	if (scopes.length === 0) {
		context.logger.warn(
			`Procore Trigger: Procore shows the account of the credential no active project of company ${place.companyId} any more. The hooks stay; deactivate the workflow to remove them.`,
		);
		return null;
	}
	const key = nodeKey(context);
	const selection = readSelection(context);
	const { ignoreOwnChanges } = selection;
	const own = await renewIdentity(
		context,
		procore,
		companyId,
		ignoreOwnChanges,
		currentIdentity(key, stored?.own),
	);
	const findings = await checkScopes(check, scopes, deadline);
	// What it found belongs to hooks that are no more, or are made anew: the next check looks again.
	if (cancellation.isCanceled) return null;
	const { checked, failures } = findings;
	progress.nextScope += checked.length + failures.length;
	logFindings(context, findings);
	cacheIdentity(key, own);
	const isWhole = checked.length === scopes.length;
	const accepted = digestOf(check.desired.authorization);
	writeStoredState(staticData, {
		// Hooks that could not be looked at may still have the value from before.
		accepted: isWhole ? accepted : (stored?.accepted ?? accepted),
		namespace,
		url,
		instance: context.getInstanceBaseUrl(),
		apiUrl,
		companyId,
		hooks: await currentHooks(context, check, stored?.hooks ?? [], checked, scopes),
		since: stored?.since ?? new Date(startedAt).toISOString(),
		...(own === undefined ? {} : { own }),
	});

	const losses = checked.map(({ hook: { scope }, undelivered }) => ({ scope, undelivered }));
	await recoverMissed(
		context,
		{ state: recovery, scopes, losses },
		(event) => startsWorkflow(event, selection, own),
		{ staticData, simplify: options.simplify !== false, startedAt, deadline, cancellation },
	);
	return null;
}

/**
 * The safety check: repairs this node's hooks (missing, disabled, re-pointed, stripped of triggers, a project that is new
 * or closed), and starts executions for the events that Procore gave up delivering, each once. Whatever the static data says, or has lost, only spares it requests.
 *
 * It never throws: a check that cannot be done is said in the log and done at the next, and live events go on.
 */
export async function safetyCheck(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (this.getMode() === 'manual') return null;
	const staticData = this.getWorkflowStaticData('node');
	if (knownUrl(this, readStoredState(staticData)) === null) return null;
	const key = nodeKey(this);
	const result = await runIfIdle(key, async (cancellation) => {
		const work = await settle(
			async () => await run(this, staticData, progressOf(key), cancellation),
		);
		return cancellation.isCanceled ? undefined : work;
	});
	if (result === undefined) return null;
	if (result.ok) return result.value;
	this.logger.warn(
		`Procore Trigger: the safety check was not possible and is tried again at the next. ${messageOf(result.failure)}`,
	);
	return null;
}
