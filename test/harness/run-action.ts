import axios from 'axios';
import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json';
import type { Execution, ExecutionError } from './n8n-execution';
import type { N8nRest, WorkflowNode } from './n8n-rest';

export interface ActionResult {
	/** The JSON of the items that the node returned; empty if it failed. */
	items: JsonObject[];
	/** For each of them, the index of the input item that it came from. */
	origins: Array<number | undefined>;
	error: ExecutionError | undefined;
	execution: Execution;
}

/** The longest time that a run can take, in milliseconds. */
const RUN_TIMEOUT = 60_000;

/**
 * Action nodes in one active workflow, each behind its own Webhook node: they run in production mode, as often as
 * required, and need only one activation.
 */
export class ActionWorkflow {
	private constructor(
		private readonly rest: N8nRest,
		private readonly id: string,
		private readonly paths: ReadonlyMap<string, string>,
		/** The ids of the executions that have already run. */
		private readonly seen = new Set<string>(),
	) {}

	/** @param nodes with different names; their expressions see the items of a run as `$json`. */
	static async activate(rest: N8nRest, nodes: readonly WorkflowNode[]): Promise<ActionWorkflow> {
		const lines = nodes.map((node, index) => ({ node, index, path: randomUUID() }));
		const { id } = await rest.createWorkflow({
			name: `Run ${nodes.map(({ name }) => name).join(', ')}`.slice(0, 100),
			nodes: lines.flatMap(({ node, index, path }): WorkflowNode[] => [
				{
					name: `Call of ${node.name}`,
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					position: [0, index * 200],
					parameters: {
						httpMethod: 'POST',
						path,
						responseMode: 'lastNode',
						responseData: 'allEntries',
						options: {},
					},
				},
				{
					name: `Items of ${node.name}`,
					type: 'n8n-nodes-base.splitOut',
					position: [220, index * 200],
					parameters: { fieldToSplitOut: 'body.items', options: {} },
				},
				{ position: [440, index * 200], ...node },
			]),
			connections: Object.fromEntries(
				lines.flatMap(({ node: { name } }) => [
					[`Call of ${name}`, leadsTo(`Items of ${name}`)],
					[`Items of ${name}`, leadsTo(name)],
				]),
			),
		});
		const paths = new Map(lines.map(({ node, path }) => [node.name, path]));
		const workflow = new ActionWorkflow(rest, id, paths);
		await rest.activate(id).catch(async (error: unknown) => {
			await workflow.remove();
			throw error;
		});
		return workflow;
	}

	/** Runs one of the nodes, one run at a time. */
	async run(name: string, items: readonly JsonObject[] = [{}]): Promise<ActionResult> {
		const path = this.paths.get(name);
		if (path === undefined) throw new Error(`There is no node ${name}`);
		await axios.post(
			`${this.rest.url}/webhook/${path}`,
			{ items },
			// If a node fails, the webhook answers 500; the execution contains the details.
			{ timeout: RUN_TIMEOUT, proxy: false, validateStatus: () => true },
		);
		const execution = await this.rest.waitForNewExecution(this.id, this.seen, RUN_TIMEOUT);
		this.seen.add(execution.id);
		return {
			items: execution.itemsOf(name),
			origins: execution.originsOf(name),
			error: execution.error,
			execution,
		};
	}

	async remove(): Promise<void> {
		await this.rest.deleteWorkflow(this.id);
	}
}

function leadsTo(node: string): JsonObject {
	return { main: [[{ node, type: 'main', index: 0 }]] };
}

/** Runs one action node once, in a workflow that is deleted afterwards. */
export async function runAction(
	rest: N8nRest,
	{ node, items }: { node: WorkflowNode; items?: readonly JsonObject[] },
): Promise<ActionResult> {
	const workflow = await ActionWorkflow.activate(rest, [node]);
	try {
		return await workflow.run(node.name, items);
	} finally {
		await workflow.remove();
	}
}
