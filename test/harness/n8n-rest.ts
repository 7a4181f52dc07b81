import axios, { type AxiosInstance } from 'axios';
import { randomUUID } from 'node:crypto';
import { isObject, listAt, objectAt, requireText, textAt, valueAt, type JsonObject } from './json';
import { parseExecution, type Execution, type ExecutionSummary } from './n8n-execution';
import { waitFor } from './wait';

export interface Owner {
	email: string;
	password: string;
}

/** A credential as nodes refer to it. */
export interface CredentialReference {
	id: string;
	name: string;
}

export interface Credential extends CredentialReference {
	type: string;
	/** Only when it was asked for; n8n blanks the secret fields. */
	data?: JsonObject;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion?: number;
	position?: [number, number];
	parameters?: JsonObject;
	credentials?: Record<string, CredentialReference>;
	/** What makes the URL of a webhook trigger; n8n gives one when it is absent. */
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

/** Where the editor asks for the choices of a parameter. */
export interface ParameterQuestion {
	/** The name in the node's `methods.loadOptions` or `methods.listSearch`. */
	method: string;
	/** The parameter, as `companyId` or `filters.resourceName`. */
	path: string;
	nodeType: string;
	typeVersion?: number;
	/** The node's parameters as far as they are filled in. */
	parameters: JsonObject;
	credentials?: Record<string, CredentialReference>;
}

export interface Choice {
	name: string;
	value: string;
	description?: string;
	url?: string;
}

export type ManualRun = { executionId: string } | { waitingForWebhook: true };

/** A request that n8n refused; `message` is n8n's own. */
export class N8nRestError extends Error {
	constructor(
		message: string,
		readonly status: number,
		readonly body: unknown,
	) {
		super(message);
		this.name = 'N8nRestError';
	}
}

/** An activation that did not end with every trigger working; `message` is the node's own. */
export class ActivationError extends Error {
	override readonly name = 'ActivationError';
}

/** The most that n8n gives at a time. */
const EXECUTIONS_PER_PAGE = 100;

/** n8n ties a session to the browser that gave this id when it signed in. */
export const BROWSER_ID = 'n8n-nodes-procore-harness';

/** A client of the interface that n8n's own editor uses, signed in as the owner of the instance. */
export class N8nRest {
	private readonly http: AxiosInstance;
	/** The cookie of the session. n8n allows few sign-ins a minute, so several clients may share one. */
	cookie = '';
	private readonly made = { workflows: new Set<string>(), credentials: new Set<string>() };

	constructor(
		readonly url: string,
		readonly owner: Owner,
	) {
		this.http = axios.create({
			baseURL: url,
			timeout: 120_000,
			proxy: false,
			validateStatus: () => true,
			headers: {
				// n8n binds the session to a browser by this header.
				'browser-id': BROWSER_ID,
				// n8n closes a connection that has idled for five seconds, maybe just when it is used again.
				connection: 'close',
			},
		});
	}

	/**
	 * Calls n8n and gives back what the answer holds under `data`.
	 *
	 * @param path below `/rest`
	 * @throws {N8nRestError} for any answer but 2xx
	 */
	async request(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		{ body, query }: { body?: unknown; query?: Record<string, string> } = {},
	): Promise<unknown> {
		const response = await this.http.request<unknown>({
			method,
			url: `/rest${path}`,
			data: body,
			params: query,
			headers: { cookie: this.cookie },
		});
		if (response.status < 200 || response.status > 299) {
			const message = textAt(response.data, 'message') ?? `HTTP ${response.status}`;
			throw new N8nRestError(message, response.status, response.data);
		}
		for (const cookie of response.headers['set-cookie'] ?? []) {
			const pair = cookie.split(';')[0] ?? '';
			if (pair.startsWith('n8n-auth=')) this.cookie = pair;
		}
		return valueAt(response.data, 'data');
	}

	/** Makes the owner account of a new instance and signs in. */
	async setupOwner(): Promise<void> {
		await this.request('POST', '/owner/setup', {
			body: { ...this.owner, firstName: 'Nora', lastName: 'Owner' },
		});
	}

	/** Signs in as the owner. */
	async login(): Promise<void> {
		const { email, password } = this.owner;
		await this.request('POST', '/login', { body: { emailOrLdapLoginId: email, password } });
	}

	async createCredential(name: string, type: string, data: JsonObject): Promise<Credential> {
		const credential = credentialOf(
			await this.request('POST', '/credentials', { body: { name, type, data } }),
		);
		this.made.credentials.add(credential.id);
		return credential;
	}

	/** The credential with its data, secrets blanked. */
	async getCredential(id: string): Promise<Credential> {
		return credentialOf(
			await this.request('GET', `/credentials/${id}`, { query: { includeData: 'true' } }),
		);
	}

	/** Replaces a credential's data. A token that it already holds stays. */
	async updateCredential(credential: Credential, data: JsonObject): Promise<Credential> {
		const { id, name, type } = credential;
		return credentialOf(
			await this.request('PATCH', `/credentials/${id}`, { body: { name, type, data } }),
		);
	}

	async deleteCredential(id: string): Promise<void> {
		await this.request('DELETE', `/credentials/${id}`);
		this.made.credentials.delete(id);
	}

	/**
	 * Runs the credential's connection test, as saving it in the editor does.
	 *
	 * @param credential with `data`, that is tested in place of what is stored; n8n looks up blanked secrets
	 */
	async testCredential(credential: Credential): Promise<CredentialTestResult> {
		const { id, name, type } = credential;
		// n8n tests what it is sent, and nothing else: without data it would test an empty credential.
		const data = credential.data ?? (await this.getCredential(id)).data;
		const result = await this.request('POST', '/credentials/test', {
			body: { credentials: { id, name, type, data } },
		});
		return {
			status: textAt(result, 'status') === 'OK' ? 'OK' : 'Error',
			message: textAt(result, 'message') ?? '',
		};
	}

	/** The address at which a person grants access, for the authorization-code grant. */
	async oauthUrl(credentialId: string): Promise<string> {
		const url = await this.request('GET', '/oauth2-credential/auth', {
			query: { id: credentialId },
		});
		if (typeof url !== 'string') throw new Error(`n8n gave no address: ${JSON.stringify(url)}`);
		return url;
	}

	/** Saves a new workflow as a draft. Ids and positions that are absent are filled in. */
	async createWorkflow(draft: WorkflowDraft): Promise<Workflow> {
		const workflow = workflowOf(
			await this.request('POST', '/workflows', {
				body: {
					name: draft.name,
					nodes: draft.nodes.map(completeNode),
					connections: draft.connections ?? {},
					settings: draft.settings ?? {},
					// n8n 1.x fails without.
					active: false,
				},
			}),
		);
		this.made.workflows.add(workflow.id);
		return workflow;
	}

	/** Saves changes of a workflow as its new draft; `activate` publishes it. */
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

	/** Deactivates, archives and deletes a workflow with its executions. */
	async deleteWorkflow(id: string): Promise<void> {
		if ((await this.getWorkflow(id)).active) await this.deactivate(id);
		await this.request('POST', `/workflows/${id}/archive`, { body: {} });
		await this.request('DELETE', `/workflows/${id}`);
		this.made.workflows.delete(id);
	}

	/** Deletes every workflow and credential that this client has made and not deleted yet. */
	async cleanUp(): Promise<void> {
		for (const id of this.made.workflows) await this.deleteWorkflow(id);
		for (const id of this.made.credentials) await this.deleteCredential(id);
	}

	/**
	 * Publishes the current draft and waits until all its triggers are registered.
	 *
	 * @throws {ActivationError} with n8n's message when a trigger could not be activated. As in the
	 *   editor, the workflow then counts as active nevertheless on n8n 2.40 and later.
	 */
	async activate(id: string, timeoutMs = 120_000): Promise<Workflow> {
		const { versionId, nodes } = await this.getWorkflow(id);
		await this.setActive(id, true, { versionId }).catch((error: unknown) => {
			throw error instanceof N8nRestError ? new ActivationError(error.message) : error;
		});
		const { status, liveVersionId, triggers } = await this.publicationSettled(id, timeoutMs);
		if (status !== 'published' || (liveVersionId !== undefined && liveVersionId !== versionId)) {
			const messages = triggers
				.filter((trigger) => trigger.errorMessage !== undefined)
				.map((trigger) => {
					const node = nodes.find((candidate) => candidate.id === trigger.nodeId);
					return triggers.length > 1
						? `${node?.name ?? trigger.nodeId}: ${trigger.errorMessage}`
						: trigger.errorMessage;
				});
			throw new ActivationError(
				messages.join('\n') || `n8n did not publish the workflow (${status}); see its log`,
			);
		}
		return await this.getWorkflow(id);
	}

	/** Takes a workflow out of service and waits until its triggers were told. */
	async deactivate(id: string, timeoutMs = 120_000): Promise<Workflow> {
		const workflow = workflowOf(await this.setActive(id, false, {}));
		await this.publicationSettled(id, timeoutMs);
		return workflow;
	}

	private async setActive(id: string, active: boolean, body: JsonObject): Promise<unknown> {
		const verb = active ? 'activate' : 'deactivate';
		const answer = await this.request('POST', `/workflows/${id}/${verb}`, { body }).catch(
			valueWhenMissing(undefined),
		);
		// n8n 1.x has no such call: there it is a field of the workflow.
		return answer ?? (await this.request('PATCH', `/workflows/${id}`, { body: { active } }));
	}

	/** Waits until n8n is done with activating or deactivating a workflow, and tells how it ended. */
	async publicationSettled(id: string, timeoutMs = 120_000): Promise<Publication> {
		return await waitFor(
			`n8n to activate or deactivate workflow ${id}`,
			async () => {
				const publication = await this.publication(id);
				return publication.status === 'in_progress' ? undefined : publication;
			},
			timeoutMs,
			50,
		);
	}

	private async publication(id: string): Promise<Publication> {
		const answer = await this.request('GET', `/workflows/${id}/publication-status`).catch(
			// n8n before 2.40, or with N8N_USE_WORKFLOW_PUBLICATION_SERVICE=false, activates within the
			// request and has no such status.
			valueWhenMissing({ status: 'published' }),
		);
		return {
			status: textAt(answer, 'status') ?? 'unknown',
			liveVersionId: textAt(answer, 'liveVersionId'),
			triggers: listAt(answer, 'triggers').map((trigger) => ({
				nodeId: requireText('A trigger status', trigger, 'nodeId'),
				errorMessage: textAt(trigger, 'errorMessage'),
			})),
		};
	}

	/**
	 * All executions of a workflow, the oldest first.
	 *
	 * @param status only those in one of these states, as `running` or `crashed`
	 */
	async executions(workflowId: string, status?: string[]): Promise<ExecutionSummary[]> {
		const found = new Map<string, ExecutionSummary>();
		let page: Record<string, string> | undefined = {};
		while (page !== undefined) {
			const answer: unknown = await this.request('GET', '/executions', {
				query: {
					filter: JSON.stringify({ workflowId, status }),
					limit: String(EXECUTIONS_PER_PAGE),
					...page,
				},
			});
			const executions = listAt(answer, 'results').map((execution) => ({
				id: requireText('An execution', execution, 'id'),
				status: textAt(execution, 'status') ?? 'unknown',
				mode: textAt(execution, 'mode') ?? 'unknown',
				stoppedAt: textAt(execution, 'stoppedAt'),
			}));
			for (const execution of executions) found.set(execution.id, execution);
			page = nextPage(answer, executions);
		}
		return [...found.values()].sort((a, b) => Number(a.id) - Number(b.id));
	}

	/** Runs an execution that failed again, as the editor's button does. */
	async retryExecution(id: string): Promise<void> {
		await this.request('POST', `/executions/${id}/retry`, { body: { loadWorkflow: false } });
	}

	/**
	 * Waits until no execution of a workflow is under way.
	 *
	 * @returns when the last one ended, in milliseconds since 1970; 0 where there was none
	 */
	async untilIdle(workflowId: string, timeoutMs = 120_000): Promise<number> {
		await waitFor(
			`all executions of workflow ${workflowId} to end`,
			async () => {
				const open = await this.executions(workflowId, ['new', 'running', 'waiting']);
				return open.length === 0 ? true : undefined;
			},
			timeoutMs,
			200,
		);
		const ends = (await this.executions(workflowId)).map(({ stoppedAt = '' }) =>
			Date.parse(stoppedAt),
		);
		return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
	}

	/** One execution with what its nodes put out. */
	async execution(id: string): Promise<Execution> {
		return parseExecution(await this.request('GET', `/executions/${id}`));
	}

	/**
	 * Waits until at least so many executions of a workflow are over, and gives all that are, the
	 * oldest first.
	 */
	async waitForExecutions(
		workflowId: string,
		count: number,
		{ timeoutMs = 30_000 }: { timeoutMs?: number } = {},
	): Promise<Execution[]> {
		const finished = await waitFor(
			`${count} executions of workflow ${workflowId}`,
			async () => {
				const over = (await this.executions(workflowId)).filter(isOver);
				return over.length >= count ? over : undefined;
			},
			timeoutMs,
		);
		return await Promise.all(finished.map(async ({ id }) => await this.execution(id)));
	}

	/** Waits until an execution of a workflow is over that is none of `known`, and gives the oldest. */
	async waitForNewExecution(
		workflowId: string,
		known: ReadonlySet<string>,
		timeoutMs: number,
	): Promise<Execution> {
		const { id } = await waitFor(
			`a new execution of workflow ${workflowId}`,
			async () => {
				const over = (await this.executions(workflowId)).filter(isOver);
				return over.find((execution) => !known.has(execution.id));
			},
			timeoutMs,
			20,
		);
		return await this.execution(id);
	}

	/** Waits for the end of one execution. */
	async waitForExecution(id: string, { timeoutMs = 30_000 } = {}): Promise<Execution> {
		return await waitFor(
			`execution ${id}`,
			async () => {
				const execution = await this.execution(id);
				return isOver(execution) ? execution : undefined;
			},
			timeoutMs,
		);
	}

	/** The choices of an options parameter, as the editor loads them. */
	async loadOptions(question: ParameterQuestion): Promise<Choice[]> {
		const answer = await this.request('POST', '/dynamic-node-parameters/options', {
			body: questionBody(question),
		});
		return listAt(answer).map(choiceOf);
	}

	/** One page of the choices of a resource locator, as the editor loads them. */
	async listSearch(
		question: ParameterQuestion,
		{ filter, paginationToken }: { filter?: string; paginationToken?: string } = {},
	): Promise<{ results: Choice[]; paginationToken: string | undefined }> {
		const answer = await this.request('POST', '/dynamic-node-parameters/resource-locator-results', {
			body: { ...questionBody(question), filter, paginationToken },
		});
		return {
			results: listAt(answer, 'results').map(choiceOf),
			paginationToken: textAt(answer, 'paginationToken'),
		};
	}

	/**
	 * Runs a workflow as the editor's button does. For a webhook trigger n8n registers its test URL
	 * and waits there for one event.
	 *
	 * @param from the trigger to start from; the workflow's own choice when only `to` is given
	 * @param to the last node to run
	 */
	async runManually(
		workflowId: string,
		{ from, to }: { from?: string; to?: string },
	): Promise<ManualRun> {
		// n8n 1.x runs what it is sent, the current one what is saved.
		const isOld = (await this.majorVersion()) < 2;
		const answer = await this.request('POST', `/workflows/${workflowId}/run`, {
			body: {
				...(isOld ? { workflowData: await this.request('GET', `/workflows/${workflowId}`) } : {}),
				...(from === undefined ? {} : { triggerToStartFrom: { name: from } }),
				...(to === undefined
					? {}
					: { destinationNode: isOld ? to : { nodeName: to, mode: 'inclusive' } }),
			},
		});
		if (valueAt(answer, 'waitingForWebhook') === true) return { waitingForWebhook: true };
		return { executionId: requireText("n8n's answer", answer, 'executionId') };
	}

	private async majorVersion(): Promise<number> {
		const settings = await this.request('GET', '/settings');
		return Number.parseInt(requireText("n8n's settings", settings, 'versionCli'), 10);
	}

	/** Ends the wait for a test event. n8n removes the test hook soon afterwards. */
	async stopListening(workflowId: string): Promise<void> {
		await this.request('DELETE', `/test-webhook/${workflowId}`);
	}

	/** The descriptions of node types as n8n has loaded them; types that it lacks are left out. */
	async nodeTypes(names: string[], version = 1): Promise<JsonObject[]> {
		const answers = await Promise.all(
			names.map(async (name) => {
				const body = { nodeInfos: [{ name, version }] };
				return await this.request('POST', '/node-types', { body }).catch(valueWhenRefused([]));
			}),
		);
		return answers.flatMap((answer) => listAt(answer)).filter(isObject);
	}

	/**
	 * The address of a workflow's webhook trigger.
	 *
	 * @param path the one in the node's webhook description, as `webhook`
	 */
	webhookUrl(workflow: Workflow, nodeName: string, path: string, { test = false } = {}): string {
		const node = workflow.nodes.find(({ name }) => name === nodeName);
		if (node?.webhookId === undefined) {
			throw new Error(`Node ${nodeName} of workflow ${workflow.id} has no webhook id`);
		}
		return `${this.url}/${test ? 'webhook-test' : 'webhook'}/${node.webhookId}/${path}`;
	}
}

/** How an activation or deactivation stands or ended. */
export interface Publication {
	/** n8n's word: `in_progress`, `published`, `partial`, `failed`, `not_published`. */
	status: string;
	liveVersionId: string | undefined;
	triggers: Array<{ nodeId: string; errorMessage: string | undefined }>;
}

/** What asks for the next page of executions; n8n before 2.41 has no cursor and goes by the last id. */
function nextPage(
	answer: unknown,
	executions: readonly ExecutionSummary[],
): Record<string, string> | undefined {
	const cursor = textAt(answer, 'nextCursor');
	if (cursor !== undefined) return { cursor };
	const hasCursors = isObject(answer) && 'nextCursor' in answer;
	const lastId = executions.at(-1)?.id;
	if (hasCursors || lastId === undefined || executions.length < EXECUTIONS_PER_PAGE)
		return undefined;
	return { lastId };
}

/** For `catch`: a value in place of an answer 404. */
function valueWhenMissing(value: unknown): (error: unknown) => unknown {
	return (error) => {
		if (error instanceof N8nRestError && error.status === 404) return value;
		throw error;
	};
}

/** For `catch`: a value in place of a refusal. */
function valueWhenRefused(value: unknown): (error: unknown) => unknown {
	return (error) => {
		if (error instanceof N8nRestError) return value;
		throw error;
	};
}

/** Whether an execution has come to an end, good or bad. */
export function isOver({ status }: ExecutionSummary): boolean {
	return !['new', 'running', 'waiting', 'unknown'].includes(status);
}

function credentialOf(answer: unknown): Credential {
	const data = valueAt(answer, 'data');
	return {
		id: requireText('The credential', answer, 'id'),
		name: requireText('The credential', answer, 'name'),
		type: requireText('The credential', answer, 'type'),
		...(isObject(data) ? { data } : {}),
	};
}

function workflowOf(answer: unknown): Workflow {
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
 * Reads a workflow file, as the editor exports it.
 *
 * @throws when it lacks a name or one of its nodes an id, a name or a type
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

function questionBody(question: ParameterQuestion): JsonObject {
	return {
		path: `parameters.${question.path}`,
		methodName: question.method,
		nodeTypeAndVersion: { name: question.nodeType, version: question.typeVersion ?? 1 },
		currentNodeParameters: question.parameters,
		credentials: question.credentials ?? {},
	};
}

function choiceOf(choice: unknown): Choice {
	const description = textAt(choice, 'description');
	const url = textAt(choice, 'url');
	return {
		name: requireText('A choice', choice, 'name'),
		value: requireText('A choice', choice, 'value'),
		...(description === undefined ? {} : { description }),
		...(url === undefined ? {} : { url }),
	};
}
