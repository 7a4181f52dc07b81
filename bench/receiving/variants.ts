import type { EmulatorControl } from '../../emulator/control-client';
import { createCredential, CREDENTIAL_TYPE } from '../../test/e2e/credentials';
import { SCOPES } from '../../test/e2e/procore';
import { TRIGGER, triggerNode, WEBHOOK_PATH } from '../../test/e2e/workflows';
import type { Credential, N8nRest, WorkflowNode } from '../../test/harness/n8n-rest';
import type { Target } from './load';
import { newBody, UNWANTED_USER } from './sample';

/** The receiver of the events. */
export const RECEIVERS = [
	'Procore Trigger',
	'empty trigger',
	'empty trigger, same parameters',
	'empty trigger, no credential',
	'by hand',
] as const;
export type Receiver = (typeof RECEIVERS)[number];

/** The receivers of accepted events that are compared with several numbers of connections. */
export const GROUP_RECEIVERS = [
	'Procore Trigger, several when busy',
	'Procore Trigger',
	'empty trigger, same parameters',
	'answered without a start',
	'by hand',
] as const;
export type GroupReceiver = (typeof GROUP_RECEIVERS)[number];

/** The kind of event that is sent. */
export const KINDS = ['accepted', 'filtered out', 'duplicate', 'forged'] as const;
export type Kind = (typeof KINDS)[number];

export interface Variant<Name = Receiver> {
	readonly receiver: Name;
	readonly kind: Kind;
	readonly workflowId: string;
	readonly target: Target;
}

const AUTHORIZATION = 'Bearer 0f8a491c2b8fa3f1c8e25d0c4f7e9b4b0f8a491c2b8fa3f1c8e25d0c4f7e9b4b';

/** Creates a workflow of nodes in a row and activates it. */
async function activate(rest: N8nRest, name: string, nodes: WorkflowNode[]) {
	const row = [...nodes, { name: 'Received', type: 'n8n-nodes-base.noOp' }];
	const { id } = await rest.createWorkflow({
		name,
		nodes: row,
		connections: Object.fromEntries(
			row
				.slice(1)
				.map(({ name: next }, index) => [
					row[index]?.name ?? '',
					{ main: [[{ node: next, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
	});
	return await rest.activate(id);
}

/** For this package's trigger, which filters out one user and drops duplicate deliveries. */
const PARAMETERS = {
	...SCOPES[1].parameters,
	filters: {
		conditions: [{ field: 'source_user_id', operator: 'isNoneOf', value: UNWANTED_USER }],
	},
};

async function procoreTrigger(
	rest: N8nRest,
	control: EmulatorControl,
	credential: Credential,
	options = {},
) {
	const node = triggerNode(credential, { ...PARAMETERS, options });
	const workflow = await activate(rest, 'Procore Trigger', [node]);
	const url = rest.webhookUrl(workflow, TRIGGER, WEBHOOK_PATH);
	const { hooks } = await control.state({ deliveries: 0 });
	const hook = hooks.find(({ destinationUrl }) => destinationUrl === url);
	return { workflowId: workflow.id, url, authorization: hook?.authorization ?? '' };
}

/** What a user would build from n8n's own nodes, with the same secret, filter and deduplication. */
async function byHand(rest: N8nRest) {
	const credential = await rest.createCredential('Secret of the hook', 'httpHeaderAuth', {
		name: 'Authorization',
		value: AUTHORIZATION,
	});
	const { id } = await activate(rest, 'By hand', [
		{
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			webhookId: 'by-hand',
			parameters: {
				httpMethod: 'POST',
				path: 'by-hand',
				authentication: 'headerAuth',
				options: {},
			},
			credentials: { httpHeaderAuth: { id: credential.id, name: credential.name } },
		},
		{
			name: 'Filter',
			type: 'n8n-nodes-base.filter',
			typeVersion: 2.2,
			parameters: {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
					combinator: 'and',
					conditions: [
						{
							id: 'user',
							leftValue: '={{ $json.body.metadata.source_user_id }}',
							rightValue: UNWANTED_USER,
							operator: { type: 'string', operation: 'notEquals' },
						},
					],
				},
				looseTypeValidation: true,
				options: {},
			},
		},
		{
			name: 'Remove Duplicates',
			type: 'n8n-nodes-base.removeDuplicates',
			typeVersion: 2,
			parameters: {
				operation: 'removeItemsSeenInPreviousExecutions',
				dedupeValue: '={{ $json.body.ulid }}',
				options: {},
			},
		},
	]);
	return {
		workflowId: id,
		url: `${rest.url}/webhook/by-hand`,
		authorization: AUTHORIZATION,
	};
}

/** A trigger that only starts the workflow, or responds without starting it. */
async function empty(
	rest: N8nRest,
	type: 'emptyTrigger' | 'emptyAnswer' | 'parametersTrigger' | 'parametersAnswer',
	credential?: Credential,
) {
	const workflow = await activate(rest, type, [
		{
			name: TRIGGER,
			type: `CUSTOM.${type}`,
			parameters: type.startsWith('parameters') ? PARAMETERS : {},
			...(credential === undefined
				? {}
				: { credentials: { [CREDENTIAL_TYPE]: { id: credential.id, name: credential.name } } }),
		},
	]);
	return {
		workflowId: workflow.id,
		url: rest.webhookUrl(workflow, TRIGGER, 'empty'),
		authorization: AUTHORIZATION,
	};
}

/** Sets up the workflows that receive accepted events alone, and returns what to send where. */
export async function setUpGroupVariants(
	rest: N8nRest,
	control: EmulatorControl,
): Promise<Array<Variant<GroupReceiver>>> {
	const credential = await createCredential(rest, control, 'v2.0');
	const receivers: Record<GroupReceiver, Awaited<ReturnType<typeof byHand>>> = {
		'Procore Trigger, several when busy': await procoreTrigger(rest, control, credential, {
			eventsPerExecution: 'severalWhenBusy',
		}),
		'Procore Trigger': await procoreTrigger(rest, control, credential),
		'empty trigger, same parameters': await empty(rest, 'parametersTrigger', credential),
		'answered without a start': await empty(rest, 'parametersAnswer', credential),
		'by hand': await byHand(rest),
	};
	return GROUP_RECEIVERS.map((receiver) => {
		const { workflowId, url, authorization } = receivers[receiver];
		return {
			receiver,
			kind: 'accepted',
			workflowId,
			target: { url, authorization, body: newBody, status: 200 },
		};
	});
}

/** Sets up all workflows and returns what to send where. */
export async function setUpVariants(rest: N8nRest, control: EmulatorControl): Promise<Variant[]> {
	const credential = await createCredential(rest, control, 'v2.0');
	const own = await procoreTrigger(rest, control, credential);
	const hand = await byHand(rest);
	const starts = await empty(rest, 'emptyTrigger', credential);
	const startsWithout = await empty(rest, 'emptyTrigger');
	const answers = await empty(rest, 'emptyAnswer', credential);
	const startsWithParameters = await empty(rest, 'parametersTrigger', credential);
	const answersWithParameters = await empty(rest, 'parametersAnswer', credential);
	const forged = 'Bearer forged';

	const duplicateBody = newBody();
	const bodies: Record<Kind, () => string> = {
		accepted: () => newBody(),
		'filtered out': () => newBody(UNWANTED_USER),
		duplicate: () => duplicateBody,
		forged: () => newBody(),
	};
	return KINDS.flatMap((kind) => {
		const body = bodies[kind];
		const variant = (
			receiver: Receiver,
			{ workflowId, url, authorization }: typeof own,
			status: number,
		): Variant => ({ receiver, kind, workflowId, target: { url, authorization, body, status } });
		const isForged = kind === 'forged';
		return [
			variant(
				'Procore Trigger',
				{ ...own, ...(isForged ? { authorization: forged } : {}) },
				isForged ? 401 : 200,
			),
			variant('empty trigger', kind === 'accepted' ? starts : answers, 200),
			variant(
				'empty trigger, same parameters',
				kind === 'accepted' ? startsWithParameters : answersWithParameters,
				200,
			),
			// If nothing starts, n8n does not check the credential.
			...(kind === 'accepted' ? [variant('empty trigger, no credential', startsWithout, 200)] : []),
			variant(
				'by hand',
				{ ...hand, ...(isForged ? { authorization: forged } : {}) },
				isForged ? 403 : 200,
			),
		];
	});
}
