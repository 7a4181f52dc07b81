import type { JsonObject } from '../harness/json';
import type { CredentialReference, WorkflowDraft, WorkflowNode } from '../harness/n8n-rest';
import { CREDENTIAL_TYPE } from './credentials';
import { COMPANY } from './procore';

export const TRIGGER_TYPE = 'n8n-nodes-procore.procoreTrigger';
export const ACTION_TYPE = 'n8n-nodes-procore.procore';

/** The names of the two nodes of a trigger workflow. */
export const TRIGGER = 'Procore Trigger';
export const RECEIVED = 'Received';

/** The end of the trigger node's webhook URL. */
export const WEBHOOK_PATH = 'procore';

/** A resource locator as the editor saves it after a choice from its list. */
export function chosen(value: string): JsonObject {
	return { __rl: true, mode: 'list', value };
}

function credentialsOf({ id, name }: CredentialReference): Record<string, CredentialReference> {
	return { [CREDENTIAL_TYPE]: { id, name } };
}

export function triggerNode(
	credential: CredentialReference,
	parameters: JsonObject,
	name = TRIGGER,
): WorkflowNode {
	return {
		name,
		type: TRIGGER_TYPE,
		parameters: { companyId: chosen(COMPANY.id), ...parameters },
		credentials: credentialsOf(credential),
	};
}

export function actionNode(credential: CredentialReference, parameters: JsonObject): WorkflowNode {
	return {
		name: 'Procore',
		type: ACTION_TYPE,
		parameters: { companyId: chosen(COMPANY.id), ...parameters },
		credentials: credentialsOf(credential),
	};
}

/** The trigger node with a node behind it that shows what reaches the workflow. */
export function triggerWorkflow(trigger: WorkflowNode): Required<WorkflowDraft> {
	return {
		name: `Procore event ${JSON.stringify(trigger.parameters)}`.slice(0, 100),
		nodes: [trigger, { name: RECEIVED, type: 'n8n-nodes-base.noOp' }],
		connections: { [trigger.name]: { main: [[{ node: RECEIVED, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
