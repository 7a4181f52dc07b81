import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';

import { openProcore, type RequestOptions, type Procore } from '../api';
import { refusal } from '../api/refusal';
import { explainUnreachable } from './destination';
import { generateNamespace, generateTestNamespace } from './namespace';
import { isTestHook } from './node-key';
import { readPlace, type TriggerPlace } from './settings';
import { authorizationOf, digestOf } from './secret';
import { acceptedFrom, readStoredState, writeStoredState, type StoredState } from './stored-state';
import { expectSecret } from './verification';
import type { HookLocator } from './desired-hook';

/** What every step of an activation or deactivation needs. */
export interface Activation {
	readonly procore: Procore;
	readonly place: TriggerPlace;
	readonly locator: HookLocator;
	/** Whether the hook listens for a test event. */
	readonly isTest: boolean;
	/** The secret of the hooks with this URL, without the word `Bearer`. */
	readonly secret: string;
	/** The stored state, if its hooks deliver to this n8n and exist in this Procore. */
	readonly stored: StoredState | undefined;
	/** The stored state, if its hooks deliver to another address: n8n has moved, or this is a copy of another n8n. */
	readonly elsewhere: StoredState | undefined;
	/** The stored state, if its hooks exist where the credential no longer leads, see {@link isAbandoned}. */
	readonly abandoned: StoredState | undefined;
}

/** Whether hooks were created for an n8n at another address. */
function isElsewhere({ url }: StoredState, here: string): boolean {
	return !URL.canParse(url) || new URL(url).origin !== new URL(here).origin;
}

/**
 * Whether hooks exist where the credential no longer leads: in another Procore, or in another company of the same one, such
 * as an On-Demand sandbox. If the node itself names the company, another one means that somebody has edited the node, and its
 * earlier hooks can be removed.
 */
export function isAbandoned(
	{ apiUrl, companyId }: StoredState,
	{ account }: Procore,
	place: TriggerPlace,
): boolean {
	if (apiUrl !== account.apiUrl) return true;
	return place.companyFrom === 'credential' && companyId !== place.companyId;
}

/**
 * Reads the credential, the parameters and the stored state. Sends nothing.
 *
 * @throws NodeOperationError if n8n has no webhook URL for the node, or the credential has no client secret.
 */
export async function openActivation(
	context: IHookFunctions,
	options?: RequestOptions,
): Promise<Activation> {
	const procore = await openProcore(context, options);
	const place = readPlace(context, procore.account.companyId);
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) {
		throw refusal(
			context.getNode(),
			'n8n has no webhook URL for this node. Save the workflow and try again.',
		);
	}
	const isTest = isTestHook(context);
	const found = readStoredState(context.getWorkflowStaticData('node'));
	const elsewhere = found && isElsewhere(found, url) ? found : undefined;
	const abandoned = found && !elsewhere && isAbandoned(found, procore, place) ? found : undefined;
	const stored = elsewhere || abandoned ? undefined : found;
	return {
		procore,
		place,
		isTest,
		secret: (await expectSecret(context, url)).secret,
		stored,
		elsewhere,
		abandoned,
		locator: {
			namespace: namespaceOf(context, place, url, isTest),
			namespaceFrom: place.namespace === '' ? 'node' : 'given',
			ownIds: new Set(stored?.hooks.map(({ hookId }) => hookId)),
			destination_url: url,
		},
	};
}

/**
 * Limits how long an earlier secret of the stored state is accepted if the client secret has changed since the last activation.
 * For a start of n8n, which saves the static data, unlike a check: so every process gets to know the limit.
 */
export function limitReplacedSecret(
	context: IHookFunctions,
	stored: StoredState,
	secret: string,
): void {
	const digest = digestOf(authorizationOf(secret));
	if (stored.accepted === digest) return;
	writeStoredState(context.getWorkflowStaticData('node'), {
		...stored,
		...acceptedFrom(stored, digest, Date.now()),
	});
}

/**
 * Returns the namespace of the node's production or test hooks. Procore allows one hook per namespace, and the production
 * hook stays in service while the editor listens for a test event.
 *
 * @param url the node's production or test webhook URL.
 */
export function namespaceOf(
	context: Pick<IHookFunctions, 'getWorkflow'>,
	{ namespace }: Pick<TriggerPlace, 'namespace'>,
	url: string,
	isTest: boolean,
): string {
	if (namespace !== '') return isTest ? `${namespace}-test` : namespace;
	const workflowId = context.getWorkflow().id ?? '';
	return isTest ? generateTestNamespace(url, workflowId) : generateNamespace(url, workflowId);
}

/** Explains why Procore cannot deliver to this node. A gateway in front of Procore might reach private addresses. */
export function unreachableReason({ procore, locator }: Activation): string | undefined {
	return procore.account.environment === 'custom'
		? undefined
		: explainUnreachable(locator.destination_url);
}

/** Lists, for the log, the hooks that this node can no longer reach. */
export function explainAbandoned({ namespace, apiUrl, companyId, hooks }: StoredState): string {
	const ids = hooks.map(({ hookId }) => hookId).join(', ');
	return `Procore Trigger: The credential now connects to another Procore or company. The hooks "${namespace}" of company ${companyId} that were created at ${apiUrl} (${ids}) stay there, and their events are answered 401. Delete them there.`;
}

/** Logs the hooks of the stored state that this node cannot or must not touch. */
export function logOutOfReach(
	{ logger }: Pick<IHookFunctions, 'logger'>,
	{ elsewhere, abandoned }: Pick<Activation, 'elsewhere' | 'abandoned'>,
): void {
	if (elsewhere) {
		logger.warn(
			`Procore Trigger: n8n's address has changed. The hooks "${elsewhere.namespace}" that deliver to ${elsewhere.url} were kept in case another n8n uses them; delete them if not.`,
		);
	}
	if (abandoned) logger.warn(explainAbandoned(abandoned));
}

/**
 * Returns the stored state if it is about hooks that deliver to this URL, where the credential leads. Logs those that stay
 * where it no longer leads.
 */
export function usableState(
	{ logger }: Pick<IPollFunctions, 'logger'>,
	found: StoredState | undefined,
	{ procore, place, url }: { procore: Procore; place: TriggerPlace; url: string },
): StoredState | undefined {
	if (found === undefined) return undefined;
	if (isAbandoned(found, procore, place)) {
		logger.warn(explainAbandoned(found));
		return undefined;
	}
	return found.url === url ? found : undefined;
}
