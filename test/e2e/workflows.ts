import type { JsonObject } from '../harness/json';
import type { CredentialReference, WorkflowDraft, WorkflowNode } from '../harness/n8n-rest';
import { CREDENTIAL_TYPE } from './credentials';
import { COMPANY } from './procore';

export const TRIGGER_TYPE = 'n8n-nodes-procore.procoreTrigger';
export const ACTION_TYPE = 'n8n-nodes-procore.procore';

/** The names of the two nodes of a trigger workflow, and of the one that reads records. */
export const TRIGGER = 'Procore Trigger';
export const RECEIVED = 'Received';
export const RECORD = 'Record';

/** The end of the trigger node's webhook URL. */
export const WEBHOOK_PATH = 'procore';

/** A resource locator as the editor saves it after a selection from its list. */
export function selected(value: string): JsonObject {
	return { __rl: true, mode: 'list', value };
}

function credentialsOf({ id, name }: CredentialReference): Record<string, CredentialReference> {
	return { [CREDENTIAL_TYPE]: { id, name } };
}

/** A trigger in the seed's company, unless the parameters select another. */
export function triggerNode(
	credential: CredentialReference,
	parameters: JsonObject,
	name = TRIGGER,
): WorkflowNode {
	return {
		name,
		type: TRIGGER_TYPE,
		parameters: { companyId: selected(COMPANY.id), ...parameters },
		credentials: credentialsOf(credential),
	};
}

/** An action in the seed's company, unless the parameters select another. */
export function actionNode(credential: CredentialReference, parameters: JsonObject): WorkflowNode {
	return {
		name: 'Procore',
		type: ACTION_TYPE,
		parameters: { companyId: selected(COMPANY.id), ...parameters },
		credentials: credentialsOf(credential),
	};
}

/** Procore, Record: Get, with the default parameters. */
export function recordNode(credential: CredentialReference, parameters: JsonObject = {}) {
	return {
		name: RECORD,
		type: ACTION_TYPE,
		parameters: { resource: 'record', operation: 'get', ...parameters },
		credentials: credentialsOf(credential),
	} satisfies WorkflowNode;
}

/** The trigger node with a node behind it, by default one that shows what reaches the workflow. */
export function triggerWorkflow(
	trigger: WorkflowNode,
	next: WorkflowNode = { name: RECEIVED, type: 'n8n-nodes-base.noOp' },
): Required<WorkflowDraft> {
	return {
		name: `Procore event ${JSON.stringify(trigger.parameters)}`.slice(0, 100),
		nodes: [trigger, next],
		connections: { [trigger.name]: { main: [[{ node: next.name, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
