import type { INode, NodeOperationError } from 'n8n-workflow';

import { settle, settleAll } from '../api/concurrency';
import { messageOf, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/generation';
import type { Hook } from '../model/hook';
import { describeScope, type Scope } from '../model/scope';
import type { RefusedSubscription } from '../model/trigger';
import { refusal } from '../api/refusal';
import type { OwnHook } from './stored-state';
import { hookTriggers } from './hook-triggers';
import { compareTriggers } from './subscriptions';
import { withSuggestions } from './suggestions';
import { syncTriggers } from './sync-triggers';
import { undoHook } from './roll-back';
import { changesFor, createOrFind, findHook } from './upsert';
import {
	compareHook,
	isOurs,
	targetOf,
	type Claim,
	type HookDifference,
	type WantedHook,
} from './wanted';

/** Scopes that are worked on at the same time. */
export const SCOPES_AT_ONCE = 5;

function refuseForeign(node: INode, scope: Scope, hook: Hook, wanted: WantedHook): void {
	if (isOurs(hook, wanted)) return;
	throw refusal(
		node,
		`The namespace "${wanted.namespace}" is in use in ${describeScope(scope)}: its hook ${hook.id} delivers to ${hook.destination_url}, and stays as it is. Leave Namespace empty, choose another one, or delete that hook.`,
	);
}

async function update(
	api: WebhooksApi,
	scope: Scope,
	hook: Hook,
	wanted: WantedHook,
): Promise<Hook> {
	const changes = changesFor(hook, targetOf(wanted));
	if (Object.keys(changes).length === 0) return hook;
	return (await api.updateHook(scope, hook.id, changes)).model;
}

async function explainRefusals(
	api: WebhooksApi,
	node: INode,
	scope: Scope,
	wanted: WantedHook,
	refused: readonly RefusedSubscription[],
): Promise<NodeOperationError> {
	const explained = await withSuggestions(api, scope, wanted.payload_version, refused);
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
async function convergeScope(
	api: WebhooksApi,
	node: INode,
	scope: Scope,
	wanted: WantedHook,
	onFailure: OnFailure,
): Promise<OwnHook> {
	const admit = (candidate: Hook) => refuseForeign(node, scope, candidate, wanted);
	let found = await findHook(api, scope, wanted);
	if (found) {
		admit(found.model);
		// v1.0 binds triggers to the payload version of their hook: a new one takes a new hook.
		if (found.model.payload_version !== wanted.payload_version) {
			await api.deleteHook(scope, found.model.id);
			found = undefined;
		}
	}
	const { read, isFresh } = found
		? { read: found, isFresh: false }
		: await createOrFind(api, scope, wanted, admit);
	const hook = read.model;
	const work = await settle(async () => {
		const current = isFresh ? hook : await update(api, scope, hook, wanted);
		const { refused } = await syncTriggers(api, scope, current, wanted.subscriptions, isFresh);
		if (refused.length > 0) throw await explainRefusals(api, node, scope, wanted, refused);
	});
	if (work.ok) return { scope, hookId: hook.id };
	const { failure } = work;
	if (onFailure === 'keep') throw failure;
	throw await undoHook(api, scope, hook, failure, (message) => refusal(node, message));
}

/** Without options there is no deadline, and what fails is undone. */
export interface ConvergeOptions {
	/** Milliseconds since 1970 after which no further scope is begun; those left over are failures. */
	readonly deadline?: number;
	readonly onFailure?: OnFailure;
}

/** The hooks that stand as wanted, and the scopes where that could not be reached, both in the order of the scopes. */
export interface Convergence {
	readonly hooks: OwnHook[];
	readonly failures: Array<{ readonly scope: Scope; readonly failure: unknown }>;
}

/** `project 902214: why. project 902377: why.`, for messages and the log: each failure ends its own sentence. */
export function listFailures(failures: Convergence['failures']): string {
	return failures
		.map(({ scope, failure }) => `${describeScope(scope)}: ${messageOf(failure)}`)
		.join(' ');
}

/** {@link convergeScope} for every scope; a scope that fails stops no other. */
export async function converge(
	api: WebhooksApi,
	node: INode,
	scopes: readonly Scope[],
	wanted: WantedHook,
	{ deadline = Infinity, onFailure = 'undo' }: ConvergeOptions = {},
): Promise<Convergence> {
	const results = await settleAll(scopes, SCOPES_AT_ONCE, async (scope) => {
		if (Date.now() > deadline) {
			throw refusal(node, 'There was no time left; the next safety check goes on.');
		}
		return await convergeScope(api, node, scope, wanted, onFailure);
	});
	const result: Convergence = { hooks: [], failures: [] };
	for (const [index, scope] of scopes.entries()) {
		const settled = results[index];
		if (settled?.ok) result.hooks.push(settled.value);
		else result.failures.push({ scope, failure: settled?.failure });
	}
	return result;
}

/** How a scope stands: its hook as wanted, or what is not. */
export type Inspection =
	| { readonly state: 'asWanted'; readonly hook: Hook }
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
	wanted: WantedHook,
	depth: 'count' | 'full' = 'full',
): Promise<Inspection> {
	const hook = (await findHook(api, scope, wanted))?.model;
	if (!hook) return { state: 'missing' };
	const differences: HookDifference[] = compareHook(hook, wanted);
	const { trigger_count: count } = hook;
	if (depth === 'count' && count !== undefined) {
		if (count !== wanted.subscriptions.length) differences.push('triggers');
	} else {
		const triggers = await hookTriggers(api, scope, hook, wanted.subscriptions);
		const { missing, surplus } = compareTriggers(
			wanted.subscriptions,
			triggers.map(({ model }) => model),
		);
		if (missing.length > 0 || surplus.length > 0) differences.push('triggers');
	}
	return differences.length === 0
		? { state: 'asWanted', hook }
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
	claim: Claim,
): Promise<Convergence['failures']> {
	const results = await settleAll(scopes, SCOPES_AT_ONCE, async (scope) => {
		const hooks = await settle(async () => await api.listHooks(scope, claim.namespace));
		if (!hooks.ok) {
			if (hooks.failure instanceof ProcoreFailure && hooks.failure.isNotFound) return;
			throw hooks.failure;
		}
		for (const { model } of hooks.value) {
			if (isOurs(model, claim)) await api.deleteHook(scope, model.id);
		}
	});
	return results.flatMap((settled, index) => {
		const scope = scopes[index];
		return settled.ok || scope === undefined ? [] : [{ scope, failure: settled.failure }];
	});
}
