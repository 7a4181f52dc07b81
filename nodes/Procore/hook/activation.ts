import type { IHookFunctions } from 'n8n-workflow';

import { openProcore, type Conduct, type Procore } from '../api';
import { refusal } from '../api/refusal';
import { explainUnreachable } from './destination';
import { generateNamespace, generateTestNamespace } from './namespace';
import { isTestHook } from './node-key';
import { readPlace, type TriggerPlace } from './settings';
import { recall, type HookMemory } from './stored-state';
import { expectSecret } from './verification';
import type { Claim } from './wanted';

/** What every step of an activation or deactivation works with. */
export interface Activation {
	readonly procore: Procore;
	readonly place: TriggerPlace;
	readonly claim: Claim;
	/** Whether it is about the hook that listens for a test event. */
	readonly isTest: boolean;
	/** Of the hooks at this address, without the word `Bearer`. */
	readonly secret: string;
	/** What is remembered of hooks at this address and in this Procore. */
	readonly memory: HookMemory | undefined;
	/** What is remembered of hooks at another address: n8n has moved, or this is a copy and the original lives on. */
	readonly elsewhere: HookMemory | undefined;
	/** What is remembered of hooks in a Procore that the credential has left. */
	readonly abandoned: HookMemory | undefined;
}

/** Whether hooks were made for an n8n at another address. */
function isElsewhere({ url }: HookMemory, here: string): boolean {
	return !URL.canParse(url) || new URL(url).origin !== new URL(here).origin;
}

/**
 * Reads what an activation starts from: the credential, the parameters, and what is remembered. Sends nothing.
 *
 * @throws NodeOperationError where n8n gives the node no webhook URL, or the credential has no client secret.
 */
export async function openActivation(
	context: IHookFunctions,
	conduct?: Conduct,
): Promise<Activation> {
	const procore = await openProcore(context, conduct);
	const place = readPlace(context, procore.account.companyId);
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) {
		throw refusal(
			context.getNode(),
			'n8n gives this node no webhook URL: save the workflow and try again.',
		);
	}
	const isTest = isTestHook(context);
	const stored = recall(context.getWorkflowStaticData('node'));
	const elsewhere = stored && isElsewhere(stored, url) ? stored : undefined;
	const isAbandoned = stored !== undefined && stored.apiUrl !== procore.account.apiUrl;
	const memory = elsewhere || isAbandoned ? undefined : stored;
	return {
		procore,
		place,
		isTest,
		secret: (await expectSecret(context, url)).secret,
		memory,
		elsewhere,
		abandoned: isAbandoned && !elsewhere ? stored : undefined,
		claim: {
			namespace: namespaceOf(context, place, url, isTest),
			namespaceFrom: place.namespace === '' ? 'node' : 'given',
			ownIds: new Set(memory?.hooks.map(({ hookId }) => hookId)),
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
export function unreachableReason({ procore, claim }: Activation): string | undefined {
	return procore.account.environment === 'custom'
		? undefined
		: explainUnreachable(claim.destination_url);
}

/** Names, for the log, hooks that no activation of this node can reach any more. */
export function explainAbandoned({ namespace, apiUrl, hooks }: HookMemory): string {
	const ids = hooks.map(({ hookId }) => hookId).join(', ');
	return `Procore Trigger: the credential leads to another Procore now. The hooks "${namespace}" that were made at ${apiUrl} (${ids}) stay there, and their events are answered 401. Delete them there.`;
}
