import type { IDataObject, INode, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { BRIEF, openProcore, type Procore } from '../api';
import { settle, settleAll } from '../api/concurrency';
import { messageOf } from '../api/failure';
import type { Delivery } from '../model/delivery';
import type { Read } from '../model/read';
import { describeScope, scopeKey, type Scope } from '../model/scope';
import { eventKey, toJsonItem } from '../model/event';
import { isWanted, readSelection } from '../hook/selection';
import {
	converge,
	inspect,
	listFailures,
	removeHooks,
	SCOPES_AT_ONCE,
	type Convergence,
} from '../hook/converge';
import { recall, remember, type HookMemory, type OwnHook } from '../hook/stored-state';
import { readPlace, readSettings, resolveScopes } from '../hook/settings';
import { runCheck, type UnderWay } from '../hook/exclusive-work';
import { wantedHook, type WantedHook } from '../hook/wanted';
import { jsonObject } from '../model/json';
import { nodeKey } from '../hook/node-key';
import { missedEvents, readFrom, recallRecovery, rememberRecovery } from './recovery';

/** n8n waits for the check that it runs while it activates a workflow, and breaks off after 84 seconds. */
const FIRST_CHECK_MS = 25_000;

/** Every so many checks the triggers of a hook are compared one by one, not by their number. */
const FULL_CHECK_EVERY = 12;

/** What a process knows of a node's checks: how many there were, and where one that ran out of time goes on. */
interface Progress {
	checks: number;
	nextScope: number;
	/** Whether a check has found the workflow active and nothing written down of a hook. */
	wasWithoutHook: boolean;
}

const MAX_NODES = 10_000;
const progressOfNodes = new Map<string, Progress>();

function progressOf(key: string): Progress {
	const known = progressOfNodes.get(key);
	if (known) return known;
	if (progressOfNodes.size >= MAX_NODES) progressOfNodes.clear();
	const progress = { checks: 0, nextScope: 0, wasWithoutHook: false };
	progressOfNodes.set(key, progress);
	return progress;
}

interface ScopeCheck {
	readonly hook: OwnHook;
	/** What was mended, in words; empty where nothing was wrong. */
	readonly healed: string;
	readonly undelivered: Array<Read<Delivery>>;
}

interface Check {
	readonly procore: Procore;
	readonly node: INode;
	readonly wanted: WantedHook;
	readonly depth: 'count' | 'full';
	/** ISO 8601; undefined where nothing is to be recovered. */
	readonly recoverFrom: string | undefined;
}

async function heal(
	{ procore, node, wanted, depth }: Check,
	scope: Scope,
): Promise<{ hookId: string; healed: string }> {
	const found = await inspect(procore.webhooks, scope, wanted, depth);
	if (found.state === 'asWanted') return { hookId: found.hook.id, healed: '' };
	const { hooks, failures } = await converge(procore.webhooks, node, [scope], wanted, {
		onFailure: 'keep',
	});
	const [failed] = failures;
	if (failed) throw failed.failure;
	return {
		hookId: hooks[0]?.hookId ?? '',
		healed:
			found.state === 'missing' ? 'was missing' : `differed in ${found.differences.join(', ')}`,
	};
}

async function checkScope(check: Check, scope: Scope): Promise<ScopeCheck> {
	const { procore, recoverFrom } = check;
	const { hookId, healed } = await heal(check, scope);
	const undelivered =
		recoverFrom === undefined
			? []
			: await procore.webhooks.listUndelivered(scope, hookId, recoverFrom);
	return { hook: { scope, hookId }, healed, undelivered };
}

/** The scopes in the order in which this check takes them: first those for which an earlier one had no time. */
function inTurn(scopes: readonly Scope[], { nextScope }: Progress): Scope[] {
	const start = scopes.length === 0 ? 0 : nextScope % scopes.length;
	return [...scopes.slice(start), ...scopes.slice(0, start)];
}

/** What came of looking at the scopes; one for which there was no time is in neither list. */
interface Findings {
	readonly checked: ScopeCheck[];
	readonly failures: Convergence['failures'];
}

/** @param deadline milliseconds since 1970 after which no further scope is begun. */
async function checkScopes(
	check: Check,
	scopes: readonly Scope[],
	deadline: number,
): Promise<Findings> {
	const results = await settleAll(scopes, SCOPES_AT_ONCE, async (scope) => {
		return Date.now() > deadline ? undefined : await checkScope(check, scope);
	});
	const findings: Findings = { checked: [], failures: [] };
	for (const [index, scope] of scopes.entries()) {
		const result = results[index];
		if (result?.ok && result.value !== undefined) findings.checked.push(result.value);
		if (result?.ok === false) findings.failures.push({ scope, failure: result.failure });
	}
	return findings;
}

function logFindings({ logger }: IPollFunctions, { checked, failures }: Findings): void {
	for (const { hook, healed } of checked) {
		if (healed === '') continue;
		logger.info(
			`Procore Trigger: the hook of ${describeScope(hook.scope)} ${healed} and is right again.`,
		);
	}
	if (failures.length > 0) {
		logger.warn(
			`Procore Trigger: the safety check could not look at everything and tries again at the next. ${listFailures(failures)}`,
		);
	}
}

/**
 * The hooks that the node has from now on: a scope that could not be looked at keeps its own, one that is no longer
 * wanted (a closed project) loses it.
 */
async function currentHooks(
	{ logger }: IPollFunctions,
	{ procore, wanted }: Check,
	remembered: readonly OwnHook[],
	checked: readonly ScopeCheck[],
	scopes: readonly Scope[],
): Promise<OwnHook[]> {
	const hooks = new Map(
		[...remembered, ...checked.map(({ hook }) => hook)].map((hook) => [scopeKey(hook.scope), hook]),
	);
	const wantedKeys = new Set(scopes.map(scopeKey));
	const closed = [...hooks.values()]
		.map(({ scope }) => scope)
		.filter((scope) => !wantedKeys.has(scopeKey(scope)));
	const left = await removeHooks(procore.webhooks, closed, wanted);
	if (left.length > 0) {
		logger.warn(
			`Procore Trigger: hooks that are no longer wanted could not be removed; the next safety check tries again. ${listFailures(left)}`,
		);
	}
	const leftKeys = new Set(left.map(({ scope }) => scopeKey(scope)));
	return [...hooks]
		.filter(([key]) => wantedKeys.has(key) || leftKeys.has(key))
		.map(([, hook]) => hook);
}

async function run(
	context: IPollFunctions,
	staticData: IDataObject,
	memory: HookMemory,
	progress: Progress,
	underWay: UnderWay,
): Promise<INodeExecutionData[][] | null> {
	const startedAt = new Date();
	const isFirst = progress.checks === 0;
	const deadline = isFirst ? startedAt.getTime() + FIRST_CHECK_MS : Infinity;
	const depth = (progress.checks + 1) % FULL_CHECK_EVERY === 0 ? 'full' : 'count';
	progress.checks += 1;
	const options = jsonObject(context.getNodeParameter('options', {}));
	const procore = await openProcore(context, { underWay, ...(isFirst ? { patience: BRIEF } : {}) });
	const place = readPlace(context, procore.account.companyId);
	const recovery = recallRecovery(staticData, memory.since || startedAt.toISOString());
	const check: Check = {
		procore,
		node: context.getNode(),
		wanted: wantedHook(
			{
				namespace: memory.namespace,
				namespaceFrom: place.namespace === '' ? 'node' : 'given',
				destination_url: memory.url,
				ownIds: new Set(memory.hooks.map(({ hookId }) => hookId)),
			},
			readSettings(context, place),
			memory.secret,
		),
		depth,
		recoverFrom: options.recoverMissed === false ? undefined : readFrom(recovery),
	};
	const scopes = inTurn(await resolveScopes(procore, place), progress);
	// Procore gives an account that has lost its access an empty list too: that all projects are closed is less likely.
	if (scopes.length === 0) {
		context.logger.warn(
			`Procore Trigger: Procore shows the account of the credential no active project of company ${place.companyId} any more. The hooks stay; deactivate the workflow to remove them.`,
		);
		return null;
	}
	const findings = await checkScopes(check, scopes, deadline);
	// What it found belongs to hooks that are no more, or are made anew: the next check looks again.
	if (underWay.isCalledOff) return null;
	const { checked, failures } = findings;
	progress.nextScope += checked.length + failures.length;
	logFindings(context, findings);
	const hooks = await currentHooks(context, check, memory.hooks, checked, scopes);
	remember(staticData, { ...memory, hooks });

	const selection = readSelection(context);
	const missed = missedEvents(
		checked.flatMap(({ undelivered }) => undelivered),
		recovery.recovered,
	).filter(({ event }) => isWanted(event, selection, memory.own));
	const isWhole = checked.length === scopes.length;
	rememberRecovery(staticData, {
		checkedUntil: isWhole ? startedAt.toISOString() : recovery.checkedUntil,
		recovered: [...recovery.recovered, ...missed.map(({ event }) => eventKey(event))],
	});
	if (missed.length === 0) return null;
	context.logger.info(`Procore Trigger: ${missed.length} missed events are recovered.`);
	return [missed.map((read) => ({ json: toJsonItem(read, options.simplify !== false) }))];
}

/**
 * The safety check: mends this node's hooks (missing, disabled, re-pointed, stripped of triggers, a project that is new
 * or closed), and returns the events that Procore gave up delivering or that failed for good, each once.
 *
 * It never throws: a check that cannot be done is said in the log and done at the next, and live events go on.
 */
export async function safetyCheck(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const staticData = this.getWorkflowStaticData('node');
	const memory = recall(staticData);
	const key = nodeKey(this);
	const progress = progressOf(key);
	if (this.getMode() === 'manual') return null;
	if (memory === undefined) {
		// Once is as it should be: n8n runs a check while it activates the workflow, before there is a hook.
		if (progress.wasWithoutHook) {
			this.logger.warn(
				`Procore Trigger: the workflow is active and has no hook in Procore, so no event starts it. n8n gave its activation up, or has lost what was written down of it. Deactivate (unpublish) it and activate it again.`,
			);
		}
		progress.wasWithoutHook = true;
		return null;
	}
	progress.wasWithoutHook = false;
	// Nor are hooks its own of which it only has a copied database: another n8n may serve them.
	if (memory.instance !== this.getInstanceBaseUrl()) return null;
	const result = await runCheck(key, async (underWay) => {
		const work = await settle(async () => await run(this, staticData, memory, progress, underWay));
		return underWay.isCalledOff ? undefined : work;
	});
	if (result === undefined) return null;
	if (result.ok) return result.value;
	this.logger.warn(
		`Procore Trigger: the safety check was not possible and is tried again at the next. ${messageOf(result.failure)}`,
	);
	return null;
}
