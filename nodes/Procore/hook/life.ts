import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { openProcore, type Procore } from '../api';
import { describeScope, scopeKey, type Scope } from '../api/model';
import { converge, isConverged, removeHooks, type Convergence } from './converge';
import { explainUnreachable } from './destination';
import { forget, recall, remember, type HookMemory } from './memory';
import { generateNamespace } from './namespace';
import { authorizationOf, newSecret } from './secret';
import {
	readPlace,
	readSettings,
	resolveScopes,
	type TriggerPlace,
	type TriggerSettings,
} from './settings';
import type { WantedHook } from './wanted';

/** The three moments of a hook's life, as n8n calls them; each converges on what the parameters say now. */

interface Life {
	readonly procore: Procore;
	readonly place: TriggerPlace;
	readonly namespace: Pick<WantedHook, 'namespace' | 'namespaceFrom'>;
	readonly url: string;
}

async function begin(context: IHookFunctions): Promise<Life> {
	const procore = await openProcore(context);
	const place = readPlace(context, procore.account.companyId);
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) {
		throw new NodeOperationError(context.getNode(), 'n8n gives this node no webhook URL.');
	}
	// One namespace takes one hook: while the editor listens for a test event, the production hook keeps its own. A
	// generated one differs by its URL already.
	const given = context.getMode() === 'manual' ? `${place.namespace}-test` : place.namespace;
	return {
		procore,
		place,
		url,
		namespace:
			place.namespace === ''
				? {
						namespace: generateNamespace(url, context.getWorkflow().id ?? ''),
						namespaceFrom: 'node',
					}
				: { namespace: given, namespaceFrom: 'given' },
	};
}

/** Why Procore would never deliver to this node; a gateway in front of it may well reach private addresses. */
function unreachableReason({ procore, url }: Life): string | undefined {
	return procore.account.environment === 'custom' ? undefined : explainUnreachable(url);
}

function wantedHook(
	{ namespace, url }: Life,
	settings: TriggerSettings,
	secret: string,
): WantedHook {
	return {
		...namespace,
		destination_url: url,
		authorization: authorizationOf(secret),
		payload_version: settings.payloadVersion,
		subscriptions: settings.subscriptions,
	};
}

function messageOf(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}

function listFailures(failures: Convergence['failures']): string {
	return failures
		.map(({ scope, failure }) => `${describeScope(scope)}: ${messageOf(failure)}`)
		.join(' ');
}

/**
 * Whether every hook stands as the parameters want it now: URL, status, payload version, secret, triggers. Reads only;
 * where Procore cannot be read, that is thrown.
 */
export async function hooksExist(this: IHookFunctions): Promise<boolean> {
	const memory = recall(this.getWorkflowStaticData('node'));
	if (memory === undefined) return false;
	const life = await begin(this);
	const wanted = wantedHook(life, readSettings(this, life.place), memory.secret);
	if (memory.namespace !== wanted.namespace) return false;
	const scopes = await resolveScopes(life.procore, life.place);
	const remembered = new Set(memory.scopes.map(scopeKey));
	if (
		memory.scopes.length > scopes.length ||
		scopes.some((scope) => !remembered.has(scopeKey(scope)))
	) {
		return false;
	}
	return await isConverged(life.procore.webhooks, scopes, wanted);
}

/**
 * Makes the hooks that the parameters want: one a scope, all under one namespace and one secret. With chosen projects
 * it is all or nothing; with all projects, one that refuses is named in the log and left out.
 */
export async function createHooks(this: IHookFunctions): Promise<boolean> {
	const staticData = this.getWorkflowStaticData('node');
	const memory = recall(staticData);
	const life = await begin(this);
	const { procore } = life;
	const settings = readSettings(this, life.place);
	const unreachable = unreachableReason(life);
	if (unreachable !== undefined) {
		throw new NodeOperationError(this.getNode(), unreachable, { level: 'warning' });
	}
	const secret = memory?.secret ?? newSecret();
	const wanted = wantedHook(life, settings, secret);
	const scopes = await resolveScopes(procore, settings);
	if (scopes.length === 0) {
		throw new NodeOperationError(
			this.getNode(),
			`Company ${settings.companyId} has no active project that the account of the credential may see.`,
			{ level: 'warning' },
		);
	}
	const { hooks, failures } = await converge(procore.webhooks, this.getNode(), scopes, wanted);
	if (failures.length > 0 && (settings.scope !== 'allProjects' || hooks.length === 0)) {
		await removeHooks(
			procore.webhooks,
			hooks.map(({ scope }) => scope),
			wanted,
		);
		const [first] = failures;
		if (scopes.length === 1 && first?.failure instanceof Error) throw first.failure;
		throw new NodeOperationError(
			this.getNode(),
			`${failures.length} of ${scopes.length} projects could not be set up, so none was. ${listFailures(failures)}`,
			{ level: 'warning' },
		);
	}
	if (failures.length > 0) {
		this.logger.warn(
			`Procore Trigger: ${failures.length} of ${scopes.length} projects are left out. ${listFailures(failures)}`,
		);
	}
	if (memory) await removeStale(this, life, memory, scopes);
	remember(staticData, {
		secret,
		namespace: wanted.namespace,
		scopes: hooks.map(({ scope }) => scope),
	});
	return true;
}

/** Removes hooks of an earlier activation that this one does not take over, as after a change of n8n's address. */
async function removeStale(
	context: IHookFunctions,
	{ procore, namespace, url }: Life,
	memory: HookMemory,
	scopes: readonly Scope[],
): Promise<void> {
	const current = new Set(memory.namespace === namespace.namespace ? scopes.map(scopeKey) : []);
	const failures = await removeHooks(
		procore.webhooks,
		memory.scopes.filter((scope) => !current.has(scopeKey(scope))),
		// What is remembered was made by this node, so it is ours whatever URL it has.
		{ namespace: memory.namespace, namespaceFrom: 'node', destination_url: url },
	);
	if (failures.length > 0) {
		context.logger.warn(
			`Procore Trigger: hooks of an earlier activation could not be removed. ${listFailures(failures)}`,
		);
	}
}

/** Removes this node's hooks, remembered or not. Works with an empty memory; throws what Procore refuses. */
export async function deleteHooks(this: IHookFunctions): Promise<boolean> {
	const staticData = this.getWorkflowStaticData('node');
	const memory = recall(staticData);
	const life = await begin(this);
	// Refused by createHooks before anything was sent: there is nothing to look for, under this URL least of all.
	if (memory === undefined && unreachableReason(life) !== undefined) return true;
	const scopes = new Map(
		[...(await resolveScopes(life.procore, life.place)), ...(memory?.scopes ?? [])].map((scope) => [
			scopeKey(scope),
			scope,
		]),
	);
	// n8n does not say at a deletion whether it is the test's: the namespace that was written down does.
	const failures = await removeHooks(life.procore.webhooks, [...scopes.values()], {
		...life.namespace,
		namespace: memory?.namespace ?? life.namespace.namespace,
		destination_url: life.url,
	});
	if (failures.length > 0) {
		throw new NodeOperationError(
			this.getNode(),
			`Hooks could not be removed from Procore. ${listFailures(failures)}`,
			{ level: 'warning' },
		);
	}
	forget(staticData);
	return true;
}
