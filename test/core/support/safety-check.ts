import { PollContext } from 'n8n-core';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { stored, type N8n, type TriggerBench } from '../harness';

/** n8n's class gives `undefined` where its interface lets a name be absent: this package is stricter about the two. */
class NodePollContext extends PollContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** How an execution ends that a check starts. */
export type End = 'ends' | 'is refused' | 'goes on';

/** What one safety check did. */
export interface CheckRun {
	/** The items of each execution that it started. */
	readonly runs: INodeExecutionData[][];
	/** What n8n would have in its database: it saves static data when an execution starts. */
	readonly saved: IDataObject | undefined;
	/** What it wrote to n8n's log, as `warn: ...`. */
	readonly lines: string[];
}

/** Runs one safety check, as n8n's schedule starts it; what it keeps in static data stays in the process. */
export async function runSafetyCheck(
	n8n: N8n,
	trigger: TriggerBench,
	ends: (run: number) => End = () => 'ends',
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
			const end = ends(runs.length);
			if (end === 'ends') done?.resolve(undefined);
			if (end === 'is refused') done?.reject(new Error('No database'));
		},
	);
	const spies = (['info', 'warn'] as const).map((level) =>
		jest.spyOn(context.logger, level).mockImplementation((...[message]) => {
			lines.push(`${level}: ${message}`);
		}),
	);
	try {
		expect(await n8n.nodeType(node.type).poll?.call(context)).toBeNull();
	} finally {
		for (const spy of spies) spy.mockRestore();
		trigger.staticData = stored(workflow.staticData);
	}
	return { runs, saved, lines };
}
