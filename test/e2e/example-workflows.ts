/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from '../harness/n8n-execution';
import { isObject, listAt, parseObject, type JsonObject } from '../harness/json';
import {
	workflowDraftOf,
	type Workflow,
	type WorkflowDraft,
	type WorkflowNode,
} from '../harness/n8n-rest';
import { repositoryRoot } from '../harness/paths';
import { CREDENTIAL_TYPE } from './credentials';
import type { Scene } from './scene';
import { ACTION_TYPE, TRIGGER, TRIGGER_TYPE } from './workflows';

const SCHEDULE_TYPE = 'n8n-nodes-base.scheduleTrigger';
const EVERY_FEW_SECONDS = { field: 'seconds', secondsInterval: 4 };

/** The folder of the examples. */
export const EXAMPLES = join(repositoryRoot, 'examples');

/** Reads an example from the repository. */
export function exampleDraft(file: string): WorkflowDraft {
	return workflowDraftOf(parseObject(readFileSync(join(EXAMPLES, file), 'utf8')));
}

/**
 * Imports an example and does what its notes ask: selects the credential in the Procore nodes and fills in the rest.
 *
 * @param settings by name: values of the node Settings, or parameters of Procore Trigger
 * @param finish further changes to a node, such as the address of the service that it sends something to
 */
export async function importExample(
	scene: Scene,
	file: string,
	settings: JsonObject = {},
	finish: (node: WorkflowNode) => WorkflowNode = (node) => node,
): Promise<Workflow> {
	const draft = exampleDraft(file);
	const { id, name } = scene.credential;
	const credentials = { [CREDENTIAL_TYPE]: { id, name } };
	const nodes = draft.nodes.map((node): WorkflowNode => {
		if (node.parameters?.nodeCredentialType === CREDENTIAL_TYPE) return { ...node, credentials };
		switch (node.type) {
			case ACTION_TYPE:
				return { ...node, credentials };
			case SCHEDULE_TYPE:
				return { ...node, parameters: { rule: { interval: [EVERY_FEW_SECONDS] } } };
			case TRIGGER_TYPE:
				return { ...node, credentials, parameters: { ...node.parameters, ...settings } };
			default:
				return node.name === 'Settings' ? withSettings(node, settings) : node;
		}
	});
	return await scene.add({ ...draft, nodes: nodes.map(finish) });
}

/**
 * Replaces the trigger of a draft: a manual start is followed by these items in one execution, as the trigger returns
 * recovered events.
 */
export function startingWith(draft: WorkflowDraft, items: readonly unknown[]): WorkflowDraft {
	const json = JSON.stringify(items.map((each) => ({ json: each })));
	const together: WorkflowNode = {
		name: TRIGGER,
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		position: [0, 0],
		parameters: { jsCode: `return ${json};` },
	};
	const start: WorkflowNode = {
		...{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
		...{ position: [-200, 0], parameters: {} },
	};
	return {
		...draft,
		name: `${draft.name}, several events`,
		nodes: [start, together, ...draft.nodes.filter(({ name }) => name !== TRIGGER)],
		connections: {
			...draft.connections,
			Start: { main: [[{ node: TRIGGER, type: 'main', index: 0 }]] },
		},
	};
}

/**
 * Clicks the editor's button at the first node and waits for the end.
 *
 * @throws if the execution fails, or a node does whose items do not go on
 */
export async function runExample(scene: Scene, workflow: Workflow): Promise<Execution> {
	const execution = await runToEnd(scene, workflow);
	if (execution.error !== undefined) throw new Error(execution.error.message);
	return execution;
}

/** Does the same, and returns an execution with errors too. */
export async function runToEnd({ rest }: Scene, { id, nodes }: Workflow): Promise<Execution> {
	const started = await rest.runManually(id, { from: nodes[0]?.name ?? '' });
	if (!('executionId' in started)) throw new Error('The workflow waits for a webhook');
	return await rest.waitForExecution(started.executionId);
}

/** A Set node with other values. */
function withSettings(node: WorkflowNode, settings: JsonObject): WorkflowNode {
	const assignments = listAt(node.parameters, 'assignments', 'assignments')
		.filter(isObject)
		.map((one) => ({ ...one, value: settings[String(one.name)] ?? one.value }));
	return { ...node, parameters: { ...node.parameters, assignments: { assignments } } };
}
