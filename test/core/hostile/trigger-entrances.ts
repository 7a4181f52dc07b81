import { PollContext } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

import { stored } from '../harness';
import type { Stage } from './stage';

/** n8n's class returns `undefined` for names that its interface declares as optional; this package is stricter. */
class NodePollContext extends PollContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** The items that one safety check passed to the workflow, and its log lines. */
export interface CheckResult {
	readonly items: INodeExecutionData[];
	readonly warnings: string[];
}

/** One safety check of the stage's trigger, as n8n's schedule starts it. */
export async function check({ n8n, trigger, said }: Stage): Promise<CheckResult> {
	const node = trigger.node();
	const workflow = n8n.workflow([node], { staticData: stored(trigger.staticData) });
	const context = new NodePollContext(workflow, node, n8n.additionalData(), 'trigger', 'activate');
	const warnings: string[] = [];
	const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
		jest.spyOn(context.logger, level).mockImplementation((...[message, metadata]) => {
			said.push(message, JSON.stringify(metadata) ?? '');
			if (level === 'warn') warnings.push(message);
		}),
	);
	try {
		const items = (await n8n.nodeType(node.type).poll?.call(context))?.[0] ?? [];
		said.push(JSON.stringify(items));
		return { items, warnings };
	} finally {
		for (const spy of spies) spy.mockRestore();
		trigger.staticData = stored(workflow.staticData);
	}
}
