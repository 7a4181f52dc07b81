import { ExecuteContext } from 'n8n-core';
import {
	createRunExecutionData,
	type IExecuteFunctions,
	type INodeExecutionData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import type { N8n, TriggerBench } from '../harness';

// As in the harness, n8n's class and its interface differ in optional names.
class NodeExecuteContext extends ExecuteContext implements IExecuteFunctions {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** The context in which n8n executes a trigger node for items. */
export function executeContext(
	n8n: N8n,
	trigger: TriggerBench,
	items: INodeExecutionData[],
	{
		mode = 'webhook',
		executionId = '1',
	}: { mode?: WorkflowExecuteMode; executionId?: string } = {},
): IExecuteFunctions {
	const node = trigger.node();
	const input = { main: [items] };
	return new NodeExecuteContext(
		trigger.workflow(),
		node,
		{ ...n8n.additionalData(), executionId },
		mode,
		createRunExecutionData({}),
		0,
		items,
		input,
		{ node, data: input, source: null },
		[],
	);
}
