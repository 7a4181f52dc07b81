import type { INode, NodeOperationError } from 'n8n-workflow';

import { settle, settleAll } from '../api/concurrency';
import { messageOf, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook } from '../model/hook';
import { describeScope, type Scope } from '../model/scope';
import type { RefusedSubscription } from '../model/trigger';
import { refusal } from '../api/refusal';
import type { OwnHook } from './stored-state';
import { hookTriggers } from './hook-triggers';
import { compareTriggers } from './subscriptions';
import { withSuggestions } from './suggestions';
import { syncTriggers } from './sync-triggers';
import { rollBackHook } from './roll-back';
import { changesFor, createOrFind, findHook } from './upsert';
import {
	compareHook,
	isOwnHook,
	targetOf,
	type HookLocator,
	type HookDifference,
	type DesiredHook,
} from './desired-hook';

/** Scopes that are worked on at the same time. */
export const MAX_CONCURRENT_SCOPES = 5;

function refuseForeign(node: INode, scope: Scope, hook: Hook, desired: DesiredHook): void {
	if (isOwnHook(hook, desired)) return;
	throw refusal(
		node,
		`The namespace "${desired.namespace}" is in use in ${describeScope(scope)}: its hook ${hook.id} delivers to ${hook.destination_url}, and stays as it is. Leave Namespace empty, choose another one, or delete that hook.`,
	);
}

async function update(
	api: WebhooksApi,
	scope: Scope,
	hook: Hook,
	desired: DesiredHook,
): Promise<Hook> {
	const changes = changesFor(hook, targetOf(desired));
	if (Object.keys(changes).length === 0) return hook;
	return (await api.updateHook(scope, hook.id, changes)).model;
}

async function explainRefusals(
	api: WebhooksApi,
	node: INode,
	scope: Scope,
	desired: DesiredHook,
	refused: readonly RefusedSubscription[],
): Promise<NodeOperationError> {
	const explained = await withSuggestions(api, scope, desired.payload_version, refused);
	const lines = explained.map(
		({ resource_name, event_type, reason }) => `${resource_name} ${event_type} (${reason})`,
	);
	return refusal(
		node,
		`Procore does not let ${describeScope(scope)} subscribe to ${lines.join('; ')}. Choose events that Trigger On offers for this scope.`,
	);
}

/**
 * What becomes of a hook that could not be made right: an activation takes it away, a check of a hook in service leaves
 * it, since its queue in Procore would go with it.
 */
type OnFailure = 'undo' | 'keep';

/**
 * Brings one scope to exactly the wanted hook, whatever was there: finds it by its namespace, makes or betters it, and
 * makes its triggers the wanted set. In the common case, a first activation, that takes three requests.
 *
 * @throws NodeOperationError or ProcoreFailure.
 */
async function reconcileScope(
	api: WebhooksApi,
	node: INode,
	scope: Scope,
	desired: DesiredHook,
	onFailure: OnFailure,
): Promise<OwnHook> {
	const admit = (candidate: Hook) => refuseForeign(node, scope, candidate, desired);
	let found = await findHook(api, scope, desired);
	if (found) {
		admit(found.model);
		// v1.0 binds triggers to the payload version of their hook: a new one takes a new hook.
		if (found.model.payload_version !== desired.payload_version) {
			await api.deleteHook(scope, found.model.id);
			found = undefined;
		}
	}
	const { read, isFresh } = found
		? { read: found, isFresh: false }
		: await createOrFind(api, scope, desired, admit);
	const hook = read.model;
	const work = await settle(async () => {
		const current = isFresh ? hook : await update(api, scope, hook, desired);
		const { refused } = await syncTriggers(api, scope, current, desired.subscriptions, isFresh);
		if (refused.length > 0) throw await explainRefusals(api, node, scope, desired, refused);
	});
	if (work.ok) return { scope, hookId: hook.id };
	const { failure } = work;
	if (onFailure === 'keep') throw failure;
	throw await rollBackHook(api, scope, hook, failure, (message) => refusal(node, message));
}

/** Without options there is no deadline, and what fails is undone. */
export interface ReconcileOptions {
	/** Milliseconds since 1970 after which no further scope is begun; those left over are failures. */
	readonly deadline?: number;
	readonly onFailure?: OnFailure;
}

/** The hooks that stand as wanted, and the scopes where that could not be reached, both in the order of the scopes. */
export interface Reconciliation {
	readonly hooks: OwnHook[];
	readonly failures: Array<{ readonly scope: Scope; readonly failure: unknown }>;
}

/** `project 902214: why. project 902377: why.`, for messages and the log: each failure ends its own sentence. */
export function listFailures(failures: Reconciliation['failures']): string {
	return failures
		.map(({ scope, failure }) => `${describeScope(scope)}: ${messageOf(failure)}`)
		.join(' ');
}

/** {@link reconcileScope} for every scope; a scope that fails stops no other. */
export async function reconcile(
	api: WebhooksApi,
	node: INode,
	scopes: readonly Scope[],
	desired: DesiredHook,
	{ deadline = Infinity, onFailure = 'undo' }: ReconcileOptions = {},
): Promise<Reconciliation> {
	const results = await settleAll(scopes, MAX_CONCURRENT_SCOPES, async (scope) => {
		if (Date.now() > deadline) {
			throw refusal(node, 'There was no time left; the next safety check goes on.');
		}
		return await reconcileScope(api, node, scope, desired, onFailure);
	});
	const result: Reconciliation = { hooks: [], failures: [] };
	for (const [index, scope] of scopes.entries()) {
		const settled = results[index];
		if (settled?.ok) result.hooks.push(settled.value);
		else result.failures.push({ scope, failure: settled?.failure });
	}
	return result;
}

/** How a scope stands: its hook as wanted, or what is not. */
export type Inspection =
	| { readonly state: 'inSync'; readonly hook: Hook }
	| { readonly state: 'missing' }
	| { readonly state: 'differs'; readonly hook: Hook; readonly differences: HookDifference[] };

/**
 * Compares one scope with what is wanted. Only reads; what cannot be read is thrown, never "missing".
 *
 * @param depth `count` takes the number of triggers that Procore gives along with the hook for its triggers, where it
 * gives one, which saves a request.
 */
export async function inspect(
	api: WebhooksApi,
	scope: Scope,
	desired: DesiredHook,
	depth: 'count' | 'full' = 'full',
): Promise<Inspection> {
	const hook = (await findHook(api, scope, desired))?.model;
	if (!hook) return { state: 'missing' };
	const differences: HookDifference[] = compareHook(hook, desired);
	const { trigger_count: count } = hook;
	if (depth === 'count' && count !== undefined) {
		if (count !== desired.subscriptions.length) differences.push('triggers');
	} else {
		const triggers = await hookTriggers(api, scope, hook, desired.subscriptions);
		const { missing, surplus } = compareTriggers(
			desired.subscriptions,
			triggers.map(({ model }) => model),
		);
		if (missing.length > 0 || surplus.length > 0) differences.push('triggers');
	}
	return differences.length === 0
		? { state: 'inSync', hook }
		: { state: 'differs', hook, differences };
}

/**
 * Deletes this node's hooks, found by their namespace, so that it works without any memory of their ids. A hook, a
 * project or a company that is gone counts as deleted.
 *
 * @returns the scopes where it failed; the others are clean.
 */
export async function removeHooks(
	api: WebhooksApi,
	scopes: readonly Scope[],
	locator: HookLocator,
): Promise<Reconciliation['failures']> {
	const results = await settleAll(scopes, MAX_CONCURRENT_SCOPES, async (scope) => {
		const hooks = await settle(async () => await api.listHooks(scope, locator.namespace));
		if (!hooks.ok) {
			if (hooks.failure instanceof ProcoreFailure && hooks.failure.isNotFound) return;
			throw hooks.failure;
		}
		for (const { model } of hooks.value) {
			if (isOwnHook(model, locator)) await api.deleteHook(scope, model.id);
		}
	});
	return results.flatMap((settled, index) => {
		const scope = scopes[index];
		return settled.ok || scope === undefined ? [] : [{ scope, failure: settled.failure }];
	});
}
