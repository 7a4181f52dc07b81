/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import axios from 'axios';
import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json';
import type { Execution, ExecutionError } from './n8n-execution';
import type { N8nRest, WorkflowNode } from './n8n-rest';

export interface ActionRun {
	/** The node to run. Its expressions see the items as `$json`. */
	node: Omit<WorkflowNode, 'name'> & { name?: string };
	/** The items that the node gets; one empty item by default. */
	items?: JsonObject[];
	/** How long the run may take, in milliseconds; 60,000 by default. */
	timeoutMs?: number;
}

export interface ActionResult {
	/** The JSON of the items that the node put out; empty when it failed. */
	items: JsonObject[];
	error: ExecutionError | undefined;
	execution: Execution;
}

/**
 * Runs one action node in production mode: a workflow with a Webhook in front of it is activated,
 * called once and removed again.
 */
export async function runAction(rest: N8nRest, action: ActionRun): Promise<ActionResult> {
	const name = action.node.name ?? 'Action';
	const timeoutMs = action.timeoutMs ?? 60_000;
	const path = randomUUID();
	const workflow = await rest.createWorkflow({
		name: `Run ${name} ${path}`,
		nodes: [
			{
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				parameters: {
					httpMethod: 'POST',
					path,
					responseMode: 'lastNode',
					responseData: 'allEntries',
					options: {},
				},
			},
			{
				name: 'Items',
				type: 'n8n-nodes-base.splitOut',
				parameters: { fieldToSplitOut: 'body.items', options: {} },
			},
			{ ...action.node, name },
		],
		connections: {
			Webhook: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
			Items: { main: [[{ node: name, type: 'main', index: 0 }]] },
		},
	});
	try {
		await rest.activate(workflow.id);
		await axios.post(
			`${rest.url}/webhook/${path}`,
			{ items: action.items ?? [{}] },
			// A node that fails makes the webhook answer 500; the execution tells more.
			{ timeout: timeoutMs, proxy: false, validateStatus: () => true },
		);
		const [execution] = await rest.waitForExecutions(workflow.id, 1, { timeoutMs });
		if (execution === undefined) throw new Error(`The run of ${name} left no execution`);
		return { items: execution.itemsOf(name), error: execution.error, execution };
	} finally {
		await rest.deleteWorkflow(workflow.id);
	}
}
