import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type INode,
	type INodeExecutionData,
	type IRunData,
} from 'n8n-workflow';

import type { N8n, TriggerBench } from '../harness';

/** The outcome of an execution. */
export interface Outcome {
	/** The message of the error that it failed with; undefined if it succeeded. */
	readonly failure: string | undefined;
	/** By the name of a node. */
	readonly runData: IRunData;
}

/** Runs a trigger node in n8n's engine, in the same way as n8n does for the items that a poll emits. */
export async function runEmitted(
	n8n: N8n,
	trigger: TriggerBench,
	items: INodeExecutionData[],
	settings: Partial<INode> = {},
): Promise<Outcome> {
	const node = { ...trigger.node(), ...settings };
	const workflow = n8n.workflow([node]);
	const additionalData = n8n.additionalData();
	additionalData.hooks = new ExecutionLifecycleHooks('trigger', '1', {
		id: workflow.id,
		name: 'Test',
		active: true,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes: [node],
		connections: {},
		activeVersionId: null,
	});
	const { data } = await new WorkflowExecute(
		additionalData,
		'trigger',
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node, data: { main: [items] }, source: null }],
			},
		}),
	).processRunExecutionData(workflow);
	const { error, runData } = data.resultData;
	return { failure: error?.message, runData };
}
