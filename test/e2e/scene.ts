import axios from 'axios';
import type { Change, EmulatorControl, Event, HookState } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import type {
	Credential,
	N8nRest,
	Workflow,
	WorkflowDraft,
	WorkflowNode,
} from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { createCredential } from './credentials';
import type { Generation } from './procore';
import { RECEIVED, triggerNode, triggerWorkflow, WEBHOOK_PATH } from './workflows';

/** Longer than the five seconds that a delivery can take. */
const DELIVERED_WITHIN = 15_000;

/** n8n and an emulator with a credential that connects them, for tests of trigger nodes. */
export class Scene {
	private readonly workflows = new Set<string>();

	private constructor(
		readonly rest: N8nRest,
		readonly control: EmulatorControl,
		readonly credential: Credential,
	) {}

	static async set(
		rest: N8nRest,
		control: EmulatorControl,
		generation: Generation,
		credential: JsonObject = {},
	): Promise<Scene> {
		return new Scene(rest, control, await createCredential(rest, control, generation, credential));
	}

	/** Saves an inactive workflow that starts with a trigger node with these parameters. */
	async draft(parameters: JsonObject, name?: string, next?: WorkflowNode): Promise<Workflow> {
		return await this.add(triggerWorkflow(triggerNode(this.credential, parameters, name), next));
	}

	/** Saves a workflow that is removed with the scene. */
	async add(draft: WorkflowDraft): Promise<Workflow> {
		const workflow = await this.rest.createWorkflow(draft);
		this.workflows.add(workflow.id);
		return workflow;
	}

	/** @param next the node behind the trigger, if it is not the default one. */
	async activate(parameters: JsonObject, next?: WorkflowNode): Promise<Workflow> {
		const { id } = await this.draft(parameters, undefined, next);
		return await this.rest.activate(id);
	}

	/** Saves the workflow with a changed trigger node and publishes it. */
	async republish(
		{ id, nodes }: Workflow,
		change: (trigger: WorkflowNode) => WorkflowNode,
	): Promise<Workflow> {
		const [trigger, ...others] = nodes;
		if (trigger === undefined) throw new Error('The workflow has no trigger node');
		const changed = change(trigger);
		const { connections } = triggerWorkflow(changed);
		await this.rest.updateWorkflow(id, { nodes: [changed, ...others], connections });
		return await this.rest.activate(id);
	}

	/** The URL to which Procore must send the events of a workflow. */
	url(workflow: Workflow, { test = false } = {}): string {
		const [trigger] = workflow.nodes;
		return this.rest.webhookUrl(workflow, trigger?.name ?? '', WEBHOOK_PATH, { test });
	}

	/** Every hook in Procore, with the values that Procore would mask. */
	async hooks(): Promise<HookState[]> {
		return (await this.control.state({ deliveries: 0 })).hooks;
	}

	/** The only hook. */
	async onlyHook(): Promise<HookState> {
		const hooks = await this.hooks();
		const [hook] = hooks;
		if (hook === undefined || hooks.length !== 1) {
			throw new Error(`There should be one hook, there are ${JSON.stringify(hooks, null, 1)}`);
		}
		return hook;
	}

	/** Changes a record in Procore. */
	async fire(change: Change): Promise<Event> {
		const [event] = await this.control.change(change);
		if (event === undefined) throw new Error(`No event came of ${JSON.stringify(change)}`);
		return event;
	}

	/** Waits for the executions of a workflow and returns what reached its second node, one entry per execution. */
	async received({ id }: Workflow, count: number): Promise<JsonObject[][]> {
		const executions = await this.executions(id, count);
		return executions.map((execution) => execution.itemsOf(RECEIVED));
	}

	/** Waits for executions; if they do not come, reports the state of the deliveries. */
	async executions(workflowId: string, count: number): Promise<Execution[]> {
		try {
			return await this.rest.waitForExecutions(workflowId, count, { timeoutMs: DELIVERED_WITHIN });
		} catch (error) {
			const { deliveries, hooks } = await this.control.state();
			throw withDetails(error, { hooks, deliveries });
		}
	}

	/** Waits until Procore has exactly this many hooks; if it does not, reports them and what n8n has asked Procore for. */
	async hooksBecome(count: number): Promise<HookState[]> {
		try {
			return await waitFor(
				`Procore to have ${count} hooks`,
				async () => {
					const hooks = await this.hooks();
					return hooks.length === count ? hooks : undefined;
				},
				DELIVERED_WITHIN,
			);
		} catch (error) {
			const { deliveries, hooks } = await this.control.state();
			const requests = (await this.control.requests()).map(({ at, method, path, status }) =>
				[at, method, path, status].join(' '),
			);
			throw withDetails(error, { hooks, deliveries, requests });
		}
	}

	/** Deletes a workflow during a test. */
	async delete(id: string): Promise<void> {
		await this.rest.deleteWorkflow(id);
		this.workflows.delete(id);
	}

	/** Deletes the workflows of a test, and whatever a failed test left in Procore. */
	async clear(): Promise<void> {
		for (const id of this.workflows) await this.delete(id);
		await this.control.reset();
	}
}

function withDetails(error: unknown, procore: JsonObject): Error {
	const message = error instanceof Error ? error.message : String(error);
	return new Error(`${message}. Procore has ${JSON.stringify(procore, null, 1)}`);
}

/** Sends a request to a webhook that Procore would not send, and returns the status of the response. */
export async function post(
	url: string,
	body: string,
	authorization: string | null,
	contentType = 'application/json',
): Promise<number> {
	const response = await axios.post<unknown>(url, body, {
		headers: {
			'Content-Type': contentType,
			...(authorization === null ? {} : { Authorization: authorization }),
		},
		// The unchanged bytes, even if they are not JSON.
		transformRequest: [(text: string) => text],
		proxy: false,
		validateStatus: () => true,
	});
	return response.status;
}
