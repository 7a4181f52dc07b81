import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';

import { hookKey, nodeKey } from './node-key';

/** What this process knows about a trigger node. It is not stored, so it is lost when the process ends. */
export interface ProcessState {
	/** Where an active node receives events, at which n8n, and its parameters. n8n does not tell this to a poll. */
	address:
		{ readonly url: string; readonly instance: string; readonly parameters: string } | undefined;
	/** How often the node was activated or deactivated in this process. */
	changes: number;
	/** How often an activation of the node has begun or ended, or a deactivation has begun, in this process. */
	lifecycleSteps: number;
	/** When n8n last began to activate the node in this process, in milliseconds since 1970. */
	activationBeganAt: number;
	/** When this process last searched for test hooks that a killed n8n left behind, in milliseconds since 1970. */
	leftoversSearchedAt: number | undefined;
	/** Milliseconds since 1970. Until then the node's test hook might be in use by this process. */
	listensUntil: number;
	/** Whether this process has set up a test hook of the node and Procore has not confirmed its removal. */
	mayHaveTestHook: boolean;
	/**
	 * IDs of hooks that existed before an activation that failed. n8n calls `delete` after a failed activation, which must
	 * not remove them. A test of the node has its own, under `hookKey`: it might start between the two.
	 */
	hooksToKeep: ReadonlySet<string>;
	/** The namespace of the node's production hooks; empty until it receives a test event. */
	namespace: string;
}

/** n8n stops listening for a test event after two minutes, and not to the second. */
export const TEST_LASTS_MS = 150_000;

const NONE: ReadonlySet<string> = new Set();

const MAX_NODES = 10_000;
const states = new Map<string, ProcessState>();

/** Returns the state of a node, which can be changed. @param key from `nodeKey`; from `hookKey` for `hooksToKeep`. */
export function processState(key: string): ProcessState {
	const known = states.get(key);
	if (known) return known;
	if (states.size >= MAX_NODES) states.clear();
	const created: ProcessState = {
		address: undefined,
		changes: 0,
		lifecycleSteps: 0,
		activationBeganAt: 0,
		leftoversSearchedAt: undefined,
		listensUntil: 0,
		mayHaveTestHook: false,
		hooksToKeep: NONE,
		namespace: '',
	};
	states.set(key, created);
	return created;
}

/** Tells the safety checks of this process where the node receives events. */
export function noteAddress(context: IHookFunctions, url: string): void {
	processState(nodeKey(context)).address = {
		url,
		instance: context.getInstanceBaseUrl(),
		parameters: parametersOf(context),
	};
}

/**
 * Whether the node is active with the parameters of this check. A check that has begun before an edit was published has the
 * earlier ones.
 */
export function isActiveAsChecked(context: IPollFunctions): boolean {
	return processState(nodeKey(context)).address?.parameters === parametersOf(context);
}

function parametersOf(context: IHookFunctions | IPollFunctions): string {
	return JSON.stringify(context.getNode().parameters);
}

/**
 * Notes that n8n activates the node: it has cleaned up after an earlier attempt by now, if it does so at all, and there might
 * be no hook yet.
 */
export function noteActivationBegins(context: IHookFunctions): void {
	const state = processState(hookKey(context));
	state.lifecycleSteps += 1;
	state.activationBeganAt = Date.now();
	noteHooksToKeep(context);
}

/** Tells the safety checks of this process that the node was activated, with its URL, or deactivated. */
export function noteChange(context: IHookFunctions, url: string | undefined): void {
	const state = processState(nodeKey(context));
	state.changes += 1;
	state.lifecycleSteps += 1;
	if (url === undefined) state.address = undefined;
	else noteAddress(context, url);
}

/** Notes whether the node's test hook is in use, so that an activation in the meantime does not remove it. */
export function noteTestListening(context: IHookFunctions, isListening: boolean): void {
	const state = processState(nodeKey(context));
	state.listensUntil = isListening ? Date.now() + TEST_LASTS_MS : 0;
	if (isListening) state.mayHaveTestHook = true;
}

/** Notes which hooks the clean-up after a failed activation must not remove. Without IDs, there are none. */
export function noteHooksToKeep(context: IHookFunctions, ids: ReadonlySet<string> = NONE): void {
	processState(hookKey(context)).hooksToKeep = ids;
}

/** Returns what {@link noteHooksToKeep} noted, and forgets it. */
export function takeHooksToKeep(context: IHookFunctions): ReadonlySet<string> {
	const { hooksToKeep } = processState(hookKey(context));
	noteHooksToKeep(context);
	return hooksToKeep;
}

/** Returns the ID of the workflow that receives events at a URL; undefined if this process has not activated it. */
export function workflowAt(url: string): string | undefined {
	for (const [key, { address }] of states) {
		// n8n's IDs of workflows contain no colon.
		if (address?.url === url) return key.split(':')[0];
	}
	return undefined;
}
