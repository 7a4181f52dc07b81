import { randomUUID } from 'node:crypto';
import { isObject, listAt, objectAt, requireText, textAt, valueAt, type JsonObject } from './json';
import { N8nCredentials, type CredentialReference } from './n8n-credentials';

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion?: number;
	position?: [number, number];
	parameters?: JsonObject;
	credentials?: Record<string, CredentialReference>;
	/** Part of the URL of a webhook trigger; n8n generates it if it is missing. */
	webhookId?: string;
	disabled?: boolean;
	onError?: string;
	alwaysOutputData?: boolean;
}

export interface WorkflowDraft {
	name: string;
	nodes: WorkflowNode[];
	connections?: JsonObject;
	settings?: JsonObject;
}

export interface Workflow {
	id: string;
	name: string;
	versionId: string;
	active: boolean;
	nodes: WorkflowNode[];
	connections: JsonObject;
	staticData: unknown;
}

/** Drafts of workflows. */
export class N8nWorkflows extends N8nCredentials {
	protected readonly madeWorkflows = new Set<string>();

	/** Saves a new workflow as a draft. Missing ids and positions are filled in. */
	async createWorkflow(draft: WorkflowDraft): Promise<Workflow> {
		const workflow = workflowOf(
			await this.request('POST', '/workflows', {
				body: {
					name: draft.name,
					nodes: draft.nodes.map(completeNode),
					connections: draft.connections ?? {},
					settings: draft.settings ?? {},
					// n8n 1.x fails without it.
					active: false,
				},
			}),
		);
		this.madeWorkflows.add(workflow.id);
		return workflow;
	}

	/** Saves changes to a workflow as its new draft; `activate` publishes it. */
	/** Reads a workflow from a URL, as the editor does after a paste. Does not save it. */
	async importFromUrl(url: string): Promise<WorkflowDraft> {
		const project = requireText(
			"The user's project",
			await this.request('GET', '/projects/personal'),
			'id',
		);
		const query = new URLSearchParams({ url, projectId: project });
		const file = await this.request('GET', `/workflows/from-url?${query}`);
		return workflowDraftOf(isObject(file) ? file : {});
	}

	async updateWorkflow(id: string, changes: Partial<WorkflowDraft>): Promise<Workflow> {
		const nodes = changes.nodes?.map(completeNode);
		return workflowOf(
			await this.request('PATCH', `/workflows/${id}`, {
				body: { ...changes, ...(nodes === undefined ? {} : { nodes }) },
			}),
		);
	}

	async getWorkflow(id: string): Promise<Workflow> {
		return workflowOf(await this.request('GET', `/workflows/${id}`));
	}

	/**
	 * The URL of a workflow's webhook trigger.
	 *
	 * @param path the one in the node's webhook description, for example `webhook`
	 */
	webhookUrl(workflow: Workflow, nodeName: string, path: string, { test = false } = {}): string {
		const node = workflow.nodes.find(({ name }) => name === nodeName);
		if (node?.webhookId === undefined) {
			throw new Error(`Node ${nodeName} of workflow ${workflow.id} has no webhook id`);
		}
		return `${this.url}/${test ? 'webhook-test' : 'webhook'}/${node.webhookId}/${path}`;
	}
}

export function workflowOf(answer: unknown): Workflow {
	return {
		id: requireText('The workflow', answer, 'id'),
		name: requireText('The workflow', answer, 'name'),
		versionId: requireText('The workflow', answer, 'versionId'),
		active: valueAt(answer, 'active') === true,
		nodes: listAt(answer, 'nodes').map(nodeOf),
		connections: objectAt(answer, 'connections'),
		staticData: valueAt(answer, 'staticData'),
	};
}

/**
 * Reads a workflow file as the editor exports it.
 *
 * @throws if it has no name, or one of its nodes has no id, name or type
 */
export function workflowDraftOf(file: JsonObject): WorkflowDraft {
	return {
		name: requireText('The workflow file', file, 'name'),
		nodes: listAt(file, 'nodes').map(nodeOf),
		connections: objectAt(file, 'connections'),
		settings: objectAt(file, 'settings'),
	};
}

function nodeOf(node: unknown): WorkflowNode {
	const position = listAt(node, 'position').map(Number);
	const webhookId = textAt(node, 'webhookId');
	const onError = textAt(node, 'onError');
	const credentials = Object.entries(objectAt(node, 'credentials')).map(
		([type, reference]): [string, CredentialReference] => [
			type,
			{ id: requireText('A credential', reference, 'id'), name: textAt(reference, 'name') ?? '' },
		],
	);
	return {
		id: requireText('A node', node, 'id'),
		name: requireText('A node', node, 'name'),
		type: requireText('A node', node, 'type'),
		typeVersion: Number(textAt(node, 'typeVersion') ?? 1),
		position: [position[0] ?? 0, position[1] ?? 0],
		parameters: objectAt(node, 'parameters'),
		...(credentials.length > 0 ? { credentials: Object.fromEntries(credentials) } : {}),
		...(webhookId === undefined ? {} : { webhookId }),
		...(valueAt(node, 'disabled') === true ? { disabled: true } : {}),
		...(onError === undefined ? {} : { onError }),
	};
}

function completeNode(node: WorkflowNode, index: number): WorkflowNode {
	// n8n 1.x leaves it to the editor to name the URLs of a webhook.
	const hasWebhook = /(webhook|Trigger)$/.test(node.type);
	return {
		id: randomUUID(),
		typeVersion: 1,
		position: [index * 220, 0],
		parameters: {},
		...(hasWebhook ? { webhookId: randomUUID() } : {}),
		...node,
	};
}
