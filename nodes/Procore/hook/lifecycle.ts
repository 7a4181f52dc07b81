import type { IHookFunctions } from 'n8n-workflow';

import { openProcore, type Conduct, type Procore } from '../api';
import { settleAll } from '../api/concurrency';
import { scopeKey, type Scope } from '../model/scope';
import { explainUnservable, type OwnIdentity } from '../model/event-filter';
import { readSelection, type Selection } from './selection';
import { nodeKey } from './node-key';
import { refusal } from '../api/refusal';
import { converge, inspect, listFailures, removeHooks, SCOPES_AT_ONCE } from './converge';
import { explainUnreachable } from './destination';
import { forget, recall, remember, type HookMemory, type OwnHook } from './stored-state';
import { generateNamespace } from './namespace';
import { newSecret } from './secret';
import { readPlace, readSettings, resolveScopes, type TriggerPlace } from './settings';
import { takeOver } from './exclusive-work';
import { wantedHook, type Claim, type WantedHook } from './wanted';

/**
 * n8n 2.40 and later give an activation up after 84 seconds, all of its five tries together, and show a message of their own
 * then. So one try ends before, with its reason and with time left to undo what it made.
 */
const WORK_MS = 65_000;

/** With all projects, what is left then waits for the safety check. */
const ALL_PROJECTS_MS = 50_000;

interface Life {
	readonly procore: Procore;
	readonly place: TriggerPlace;
	readonly claim: Claim;
	readonly memory: HookMemory | undefined;
	/** What the database says of hooks at another address: n8n has moved, or this is a copy and the original lives on. */
	readonly elsewhere: HookMemory | undefined;
}

function isElsewhere({ url }: HookMemory, here: string): boolean {
	return !URL.canParse(url) || new URL(url).origin !== new URL(here).origin;
}

async function begin(context: IHookFunctions, conduct?: Conduct): Promise<Life> {
	const procore = await openProcore(context, conduct);
	const place = readPlace(context, procore.account.companyId);
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) {
		throw refusal(
			context.getNode(),
			'n8n gives this node no webhook URL: save the workflow and try again.',
		);
	}
	const stored = recall(context.getWorkflowStaticData('node'));
	const elsewhere = stored && isElsewhere(stored, url) ? stored : undefined;
	const memory = elsewhere ? undefined : stored;
	// One namespace takes one hook: while the editor listens for a test event, the production hook keeps its own. A
	// generated one differs by its URL already.
	const given = context.getMode() === 'manual' ? `${place.namespace}-test` : place.namespace;
	const isGiven = place.namespace !== '';
	return {
		procore,
		place,
		memory,
		elsewhere,
		claim: {
			namespace: isGiven ? given : generateNamespace(url, context.getWorkflow().id ?? ''),
			namespaceFrom: isGiven ? 'given' : 'node',
			ownIds: new Set(memory?.hooks.map(({ hookId }) => hookId)),
			destination_url: url,
		},
	};
}

/** Why Procore would never deliver to this node; a gateway in front of it may well reach private addresses. */
function unreachableReason({ procore, claim }: Life): string | undefined {
	return procore.account.environment === 'custom'
		? undefined
		: explainUnreachable(claim.destination_url);
}

/**
 * Whether every hook stands as the parameters want it now: URL, status, payload version, secret, triggers. Reads only;
 * where Procore cannot be read, that is thrown.
 *
 * When n8n starts or another main takes over, nothing is asked: a Procore that is down at that moment would take the
 * webhook out of service, and the safety check that n8n starts at the same time looks at the hooks anyway.
 */
export async function hooksExist(this: IHookFunctions): Promise<boolean> {
	const { procore, place, claim, memory } = await begin(this);
	if (memory?.namespace !== claim.namespace || memory.url !== claim.destination_url) return false;
	if (memory.instance !== this.getInstanceBaseUrl()) return false;
	if (['init', 'leadershipChange'].includes(this.getActivationMode())) return true;
	const wanted = wantedHook(claim, readSettings(this, place), memory.secret);
	if (readSelection(this).ignoreOwnChanges !== 'none' && memory.own === undefined) return false;
	const scopes = await resolveScopes(procore, place);
	const remembered = new Set(memory.hooks.map(({ scope }) => scopeKey(scope)));
	if (
		remembered.size !== scopes.length ||
		!scopes.every((scope) => remembered.has(scopeKey(scope)))
	) {
		return false;
	}
	const results = await settleAll(scopes, SCOPES_AT_ONCE, async (scope) => {
		return await inspect(procore.webhooks, scope, wanted);
	});
	return results.every((result) => {
		if (!result.ok) throw result.failure;
		return result.value.state === 'asWanted';
	});
}

/** Who the node is, looked up once: an event has to be answered without asking Procore. */
async function identify(
	{ procore, place }: Life,
	{ ignoreOwnChanges }: Selection,
): Promise<OwnIdentity | undefined> {
	if (ignoreOwnChanges === 'none') return undefined;
	return {
		userId:
			ignoreOwnChanges === 'application' ? '' : (await procore.directory.me(place.companyId)).id,
		applicationId: procore.account.clientId,
	};
}

/**
 * Brings every scope to the wanted hook.
 *
 * @returns the hooks; with all projects, those of the projects that did not refuse.
 * @throws NodeOperationError or ProcoreFailure where that fails, after what was made is undone.
 */
async function makeHooks(
	context: IHookFunctions,
	{ procore, place }: Life,
	scopes: readonly Scope[],
	wanted: WantedHook,
): Promise<OwnHook[]> {
	const isAll = place.scope === 'allProjects';
	const { hooks, failures } = await converge(
		procore.webhooks,
		context.getNode(),
		scopes,
		wanted,
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
	const left = await removeHooks(procore.webhooks, made, wanted);
	const [first] = failures;
	if (scopes.length === 1 && first?.failure instanceof Error) throw first.failure;
	const undone =
		left.length === 0
			? 'so none was.'
			: `and ${left.length} that were could not be undone: activate again, or delete their hooks "${wanted.namespace}" in Procore. ${listFailures(left)}`;
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
	return await takeOver(nodeKey(this), async (underWay) => {
		return await create(this, { underWay, deadline });
	});
}

async function create(context: IHookFunctions, conduct: Conduct): Promise<boolean> {
	const refuse = (message: string) => refusal(context.getNode(), message);
	const life = await begin(context, conduct);
	const { procore, place, claim, memory, elsewhere } = life;
	const settings = readSettings(context, place);
	const selection = readSelection(context);
	const unservable = explainUnservable(
		settings.payloadVersion,
		selection.conditions,
		selection.ignoreOwnChanges,
	);
	if (unservable !== undefined) throw refuse(unservable);
	const unreachable = unreachableReason(life);
	if (unreachable !== undefined) throw refuse(unreachable);

	const since = new Date().toISOString();
	const own = await identify(life, selection);
	const secret = memory?.secret ?? newSecret();
	const scopes = await resolveScopes(procore, place);
	if (scopes.length === 0) {
		throw refuse(
			`Company ${place.companyId} has no active project that the account of the credential may see: choose another company, or give the account access to a project.`,
		);
	}
	const hooks = await makeHooks(context, life, scopes, wantedHook(claim, settings, secret));
	if (memory) await removeStale(context, life, memory, scopes);
	if (elsewhere) {
		context.logger.warn(
			`Procore Trigger: n8n has another address now. The hooks "${elsewhere.namespace}" that deliver to ${elsewhere.url} stay in Procore, since another n8n may serve them. Delete them if none does.`,
		);
	}
	remember(context.getWorkflowStaticData('node'), {
		secret,
		namespace: claim.namespace,
		url: claim.destination_url,
		instance: context.getInstanceBaseUrl(),
		hooks,
		since: memory?.since ?? since,
		...(own === undefined ? {} : { own }),
	});
	return true;
}

/** Removes hooks of an earlier activation that this one does not take over, as those of a scope no longer chosen. */
async function removeStale(
	context: IHookFunctions,
	{ procore, claim }: Life,
	memory: HookMemory,
	scopes: readonly Scope[],
): Promise<void> {
	const taken = new Set(memory.namespace === claim.namespace ? scopes.map(scopeKey) : []);
	const stale = memory.hooks.filter(({ scope }) => !taken.has(scopeKey(scope)));
	const failures = await removeHooks(
		procore.webhooks,
		stale.map(({ scope }) => scope),
		{
			...claim,
			namespace: memory.namespace,
			namespaceFrom: 'given',
			destination_url: memory.url,
			ownIds: new Set(stale.map(({ hookId }) => hookId)),
		},
	);
	if (failures.length > 0) {
		context.logger.warn(
			`Procore Trigger: hooks of an earlier activation could not be removed. ${listFailures(failures)}`,
		);
	}
}

/**
 * Removes this node's hooks, remembered or not; works with an empty memory.
 *
 * @throws NodeOperationError that lists the scopes where Procore refused it; or what keeps it from looking.
 */
export async function deleteHooks(this: IHookFunctions): Promise<boolean> {
	// Without a deadline: what n8n no longer waits for is removed all the same.
	return await takeOver(nodeKey(this), async (underWay) => await remove(this, { underWay }));
}

async function remove(context: IHookFunctions, conduct: Conduct): Promise<boolean> {
	const life = await begin(context, conduct);
	const { procore, place, claim, memory } = life;
	// Refused by createHooks before anything was sent: there is nothing to look for, under this URL least of all.
	if (memory === undefined && unreachableReason(life) !== undefined) return true;
	const scopes = new Map(
		[
			...(await resolveScopes(procore, place)),
			...(memory?.hooks ?? []).map(({ scope }) => scope),
		].map((scope) => [scopeKey(scope), scope]),
	);
	// n8n does not say at a deletion whether it is the test's: the namespace that was written down does.
	const failures = await removeHooks(procore.webhooks, [...scopes.values()], {
		...claim,
		namespace: memory?.namespace ?? claim.namespace,
	});
	if (failures.length > 0) {
		throw refusal(
			context.getNode(),
			`Hooks could not be removed from Procore. ${listFailures(failures)}`,
		);
	}
	forget(context.getWorkflowStaticData('node'));
	return true;
}
