import { PollContext } from 'n8n-core';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { stored, type N8n, type TriggerBench } from '../harness';

/** n8n's class returns `undefined` for names that its interface declares as optional; this package is stricter. */
class NodePollContext extends PollContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** What a safety check did. */
export interface CheckRun {
	/** The items of each execution that it started. */
	readonly runs: INodeExecutionData[][];
	/** The static data in n8n's database: n8n saves it when an execution starts. */
	readonly saved: IDataObject | undefined;
	/** Log lines, after their level. */
	readonly lines: string[];
}

/**
 * Runs one check as n8n's schedule does; its static data stays in the process.
 *
 * @param onRun is called when an execution starts, counted from 1. If it throws, the process has been killed.
 */
export async function runCheck(
	n8n: N8n,
	trigger: TriggerBench,
	onRun: (run: number) => void = () => undefined,
): Promise<CheckRun> {
	const node = trigger.node();
	const workflow = n8n.workflow([node], { staticData: stored(trigger.staticData) });
	const runs: INodeExecutionData[][] = [];
	const lines: string[] = [];
	let saved: IDataObject | undefined;
	const context = new NodePollContext(
		workflow,
		node,
		n8n.additionalData(),
		'trigger',
		'activate',
		([items = []], _response, done) => {
			runs.push(items);
			saved = stored(workflow.staticData);
			onRun(runs.length);
			done?.resolve(undefined);
		},
	);
	const spies = (['info', 'warn'] as const).map((level) =>
		jest.spyOn(context.logger, level).mockImplementation((...[message]) => {
			lines.push(`${level}: ${message}`);
		}),
	);
	try {
		await n8n.nodeType(node.type).poll?.call(context);
	} finally {
		for (const spy of spies) spy.mockRestore();
		trigger.staticData = stored(workflow.staticData);
	}
	return { runs, saved, lines };
}
