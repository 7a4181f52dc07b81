import type { IHookFunctions } from 'n8n-workflow';

import { openProcore, type RequestOptions, type Procore } from '../api';
import { refusal } from '../api/refusal';
import { explainUnreachable } from './destination';
import { generateNamespace, generateTestNamespace } from './namespace';
import { isTestHook } from './node-key';
import { readPlace, type TriggerPlace } from './settings';
import { readStoredState, type StoredState } from './stored-state';
import { expectSecret } from './verification';
import type { HookLocator } from './desired-hook';

/** What every step of an activation or deactivation works with. */
export interface Activation {
	readonly procore: Procore;
	readonly place: TriggerPlace;
	readonly locator: HookLocator;
	/** Whether it is about the hook that listens for a test event. */
	readonly isTest: boolean;
	/** Of the hooks at this address, without the word `Bearer`. */
	readonly secret: string;
	/** What is remembered of hooks at this address and in this Procore. */
	readonly stored: StoredState | undefined;
	/** What is remembered of hooks at another address: n8n has moved, or this is a copy and the original lives on. */
	readonly elsewhere: StoredState | undefined;
	/** What is remembered of hooks in a Procore that the credential has left. */
	readonly abandoned: StoredState | undefined;
}

/** Whether hooks were made for an n8n at another address. */
function isElsewhere({ url }: StoredState, here: string): boolean {
	return !URL.canParse(url) || new URL(url).origin !== new URL(here).origin;
}

/**
 * Reads what an activation starts from: the credential, the parameters, and what is remembered. Sends nothing.
 *
 * @throws NodeOperationError where n8n gives the node no webhook URL, or the credential has no client secret.
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
			'n8n gives this node no webhook URL: save the workflow and try again.',
		);
	}
	const isTest = isTestHook(context);
	const found = readStoredState(context.getWorkflowStaticData('node'));
	const elsewhere = found && isElsewhere(found, url) ? found : undefined;
	const isAbandoned = found !== undefined && found.apiUrl !== procore.account.apiUrl;
	const stored = elsewhere || isAbandoned ? undefined : found;
	return {
		procore,
		place,
		isTest,
		secret: (await expectSecret(context, url)).secret,
		stored,
		elsewhere,
		abandoned: isAbandoned && !elsewhere ? found : undefined,
		locator: {
			namespace: namespaceOf(context, place, url, isTest),
			namespaceFrom: place.namespace === '' ? 'node' : 'given',
			ownIds: new Set(stored?.hooks.map(({ hookId }) => hookId)),
			destination_url: url,
		},
	};
}

/**
 * The namespace of the node's production hooks or of its test hooks. One namespace takes one hook: while the editor
 * listens for a test event, the production hook keeps its own.
 *
 * @param url the node's webhook URL, of the test or not.
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

/** Why Procore would never deliver to this node; a gateway in front of it may well reach private addresses. */
export function unreachableReason({ procore, locator }: Activation): string | undefined {
	return procore.account.environment === 'custom'
		? undefined
		: explainUnreachable(locator.destination_url);
}

/** Names, for the log, hooks that no activation of this node can reach any more. */
export function explainAbandoned({ namespace, apiUrl, hooks }: StoredState): string {
	const ids = hooks.map(({ hookId }) => hookId).join(', ');
	return `Procore Trigger: the credential leads to another Procore now. The hooks "${namespace}" that were made at ${apiUrl} (${ids}) stay there, and their events are answered 401. Delete them there.`;
}
