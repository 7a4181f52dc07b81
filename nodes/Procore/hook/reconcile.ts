import type { INode } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import { refusal } from '../api/refusal';
import type { Hook } from '../model/hook';
import { payloadVersionOf } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import type { Trigger } from '../model/trigger';
import { checkAdoptable, settingsOf, type DesiredHook } from './desired-hook';
import { hookTriggers } from './hook-triggers';
import { restoreSettings, updateSettings } from './hook-settings';
import { forEachScope, type ScopeFailure } from './per-scope';
import { adviceOnAdopted, adviceOnCreated, rollBackAfter } from './roll-back';
import type { OwnHook } from './stored-state';
import { explainRefusals } from './suggestions';
import { syncTriggers } from './sync-triggers';
import type { Upkeep } from './upkeep';
import { createOrFind, findHook, upsertHook } from './upsert';

/**
 * What happens to a scope that cannot be reconciled. An activation rolls back. A safety check keeps what it has done: the
 * hook is in service, and deleting it would also drop the deliveries that are queued in Procore [HOOK-OFF-QUEUE].
 */
type OnFailure = 'rollBack' | 'keep';

interface Work {
	readonly api: WebhooksApi;
	readonly node: INode;
	readonly desired: DesiredHook;
	readonly onFailure: OnFailure;
	/** {@link Reconciliation.earlier}, and the hooks that a roll-back has re-created. */
	readonly earlier: Map<string, Hook['created_at']>;
}

/** A hook at the start of the work on it. */
interface StartingPoint {
	readonly hook: Hook;
	readonly triggers: readonly Trigger[];
	/** Procore answered its creation, so it has its settings and no triggers yet. */
	readonly isNew: boolean;
	readonly rollBack: () => Promise<unknown>;
	/** What to do if the roll-back fails. */
	readonly advice: string;
}

interface ReconciledScope {
	readonly hook: OwnHook;
	readonly rollBack: () => Promise<unknown>;
}

/** The outcome for all scopes. */
export interface Reconciliation {
	/** The hooks that are now as desired. */
	readonly hooks: OwnHook[];
	readonly failures: ScopeFailure[];
	/** The hooks that existed before, also in scopes that failed: when they were created, by their IDs. */
	readonly earlier: ReadonlyMap<string, Hook['created_at']>;
	/** Rolls back every scope that succeeded. Returns the ones where that failed. */
	readonly rollBack: () => Promise<ScopeFailure[]>;
}

/** By default there is no deadline, and a scope that fails is rolled back. */
export interface ReconcileOptions {
	/** Milliseconds since 1970, after which no further scope is started. The remaining scopes count as failures. */
	readonly deadline?: number;
	/** Limits the requests; scopes that don't fit count as failures. */
	readonly upkeep?: Upkeep;
	readonly onFailure?: OnFailure;
}

/**
 * Gives every scope exactly the desired hook. A scope that fails doesn't stop the others.
 *
 * @returns hooks and failures, each in the order of the scopes.
 */
export async function reconcile(
	api: WebhooksApi,
	node: INode,
	scopes: readonly Scope[],
	desired: DesiredHook,
	{ deadline = Infinity, upkeep, onFailure = 'rollBack' }: ReconcileOptions = {},
): Promise<Reconciliation> {
	const work: Work = { api, node, desired, onFailure, earlier: new Map() };
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		if (Date.now() > deadline) {
			throw refusal(node, 'Ran out of time; the next safety check will continue.');
		}
		const reconciled =
			upkeep === undefined
				? await reconcileScope(work, scope)
				: await upkeep.run('setUp', async () => await reconcileScope(work, scope));
		if (reconciled === undefined) {
			throw refusal(node, 'The rate limit is used up; the next safety check will continue.');
		}
		return reconciled;
	});
	const done = new Map(results.map(({ hook, rollBack }) => [hook.scope, rollBack]));
	return {
		hooks: results.map(({ hook }) => hook),
		failures,
		earlier: work.earlier,
		rollBack: async () => {
			const outcome = await forEachScope(
				[...done.keys()],
				async (scope) => await done.get(scope)?.(),
			);
			return outcome.failures;
		},
	};
}

/**
 * Finds the hook of a scope, creates or updates it, and syncs its triggers. A first activation takes three requests.
 *
 * @throws NodeOperationError or ProcoreFailure.
 */
async function reconcileScope(work: Work, scope: Scope): Promise<ReconciledScope> {
	const { api, node, desired } = work;
	const start = await findOrCreate(work, scope);
	const { hook, triggers, isNew, rollBack, advice } = start;
	const setUp = await settle(async () => {
		const current = isNew ? hook : await updateSettings(api, scope, hook, desired);
		const { subscriptions } = desired;
		const { refused } = await syncTriggers(api, scope, current, subscriptions, { triggers, isNew });
		if (refused.length > 0)
			throw refusal(node, await explainRefusals(api, scope, desired, refused));
	});
	if (!setUp.ok) throw await rolledBack(work, setUp.failure, rollBack, advice);
	return { hook: { scope, hookId: hook.id }, rollBack };
}

async function findOrCreate(work: Work, scope: Scope): Promise<StartingPoint> {
	const found = await findHook(work.api, scope, work.desired);
	if (!found) return await create(work, scope);
	checkAdoptable(work.node, scope, found.model, work.desired);
	if (found.model.payload_version === work.desired.payload_version) {
		return await adopt(work, scope, found);
	}
	return (await changeVersion(work, scope, found)) ?? (await replace(work, scope, found));
}

async function create(work: Work, scope: Scope): Promise<StartingPoint> {
	const { api, desired } = work;
	const { read, isNew, isOwn } = await createOrFind(api, scope, desired, (hook) => {
		checkAdoptable(work.node, scope, hook, desired);
	});
	if (!isOwn) return await adopt(work, scope, read);
	const { model: hook } = read;
	return {
		hook,
		triggers: isNew ? [] : await triggersOf(work, scope, hook),
		isNew,
		rollBack: async () => await api.deleteHook(scope, hook.id),
		advice: adviceOnCreated(hook),
	};
}

async function adopt(
	work: Work,
	scope: Scope,
	{ model: hook }: Read<Hook>,
): Promise<StartingPoint> {
	const { api, desired } = work;
	work.earlier.set(hook.id, hook.created_at);
	const triggers = await triggersOf(work, scope, hook);
	return {
		hook,
		triggers,
		isNew: false,
		rollBack: async () => {
			// First, because a payload version might not have every trigger.
			await restoreSettings(api, scope, hook, desired);
			await syncTriggers(api, scope, hook, triggers);
		},
		advice: adviceOnAdopted(hook),
	};
}

/**
 * Changes the payload version of a hook, which keeps its ID and the deliveries that wait in Procore.
 *
 * @returns undefined if this API version cannot do that, or Procore refuses it for this hook.
 */
async function changeVersion(
	work: Work,
	scope: Scope,
	found: Read<Hook>,
): Promise<StartingPoint | undefined> {
	const { api, desired } = work;
	if (!api.canChangePayloadVersion) return undefined;
	const start = await adopt(work, scope, found);
	const { payload_version } = desired;
	const change = await settle(
		async () => await api.updateHook(scope, found.model.id, { payload_version }),
	);
	if (change.ok) return { ...start, hook: change.value.model };
	if (change.failure instanceof ProcoreFailure && change.failure.isInvalid) return undefined;
	throw await rolledBack(work, change.failure, start.rollBack, start.advice);
}

/** Deletes a hook and creates another one in its namespace, which takes one hook at most. */
async function replace(
	work: Work,
	scope: Scope,
	{ model: earlier }: Read<Hook>,
): Promise<StartingPoint> {
	const { api, desired } = work;
	const triggers = await triggersOf(work, scope, earlier);
	work.earlier.set(earlier.id, earlier.created_at);
	const recreate = async () => {
		const { destination_url, status } = earlier;
		const payload_version = payloadVersionOf(earlier.payload_version);
		const target = { ...settingsOf(desired), destination_url, payload_version, status };
		const { model: hook } = (await upsertHook(api, scope, target)).read;
		work.earlier.set(hook.id, hook.created_at);
		await syncTriggers(api, scope, hook, triggers);
	};
	const advice = adviceOnAdopted(earlier);
	await api.deleteHook(scope, earlier.id);
	const creation = await settle(async () => await create(work, scope));
	if (!creation.ok) throw await rolledBack(work, creation.failure, recreate, advice);
	const start = creation.value;
	const rollBack = async () => {
		await start.rollBack();
		await recreate();
	};
	return { ...start, rollBack, advice };
}

/** Rolls back a failed scope, unless its hook is in service. Returns what to throw. */
async function rolledBack(
	{ node, onFailure }: Work,
	failure: unknown,
	rollBack: () => Promise<unknown>,
	advice: string,
): Promise<unknown> {
	if (onFailure === 'keep') return failure;
	return await rollBackAfter(failure, rollBack, advice, (message) => refusal(node, message));
}

async function triggersOf({ api, desired }: Work, scope: Scope, hook: Hook): Promise<Trigger[]> {
	const triggers = await hookTriggers(api, scope, hook, desired.subscriptions);
	return triggers.map(({ model }) => model);
}
