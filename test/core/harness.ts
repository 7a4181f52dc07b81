/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { N8N_HOME } from './support/n8n-home';

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import {
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	HookContext,
	LoadOptionsContext,
	PackageDirectoryLoader,
	WorkflowExecute,
} from 'n8n-core';
import {
	NodeHelpers,
	Workflow,
	createRunExecutionData,
	type IConnections,
	type IDataObject,
	type IHookFunctions,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeParameters,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypes,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
	sleep,
} from 'n8n-workflow';

import { EmulatorControl, type LoggedRequest, type Seed } from '../../emulator/control-client';
import { startEmulator, type StartOptions } from '../../emulator/server';
import { settle } from '../../nodes/Procore/api/concurrency';
import { deriveSecret } from '../../nodes/Procore/hook/secret';
import { CREDENTIAL_TYPE, StoredCredential } from './support/credentials';

export const PACKAGE = 'n8n-nodes-procore';
export const PACKAGE_ROOT = join(__dirname, '..', '..');

/** The address of this n8n, unless it moves. */
export const N8N_ORIGIN = 'https://n8n.larkspur.example';

export const COMPANY = '4501177';
/** Its ids need more than 32 bits. */
export const EUROPE = '598134325874214';
export const UNCONNECTED = '4777002';
export const PROJECT = '902214';
export const OTHER_PROJECT = '902377';
/** Active projects of {@link COMPANY}. */
export const PROJECTS = ['902214', '902377', '902391', '902402'];

/** A resource locator of the panel, by id. */
export function byId(value: string) {
	return { __rl: true, mode: 'id', value };
}

export type Generation = 'v2.0' | 'v1.0';

export interface Account {
	version?: Generation;
	grant?: 'authorizationCode' | 'clientCredentials';
	companyId?: string;
	/** By default `custom`, with the emulator. */
	environment?: string;
	clientSecret?: string;
}

export interface ActionResult {
	items: INodeExecutionData[];
	/** The items of the error output. */
	errorItems: INodeExecutionData[];
	error: Error | undefined;
	/** The messages that the editor shows beside the output. */
	hints: string[];
}

// n8n's classes return `undefined` for names that its interfaces declare as optional; this package is stricter.

class NodeHookContext extends HookContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

class PanelContext extends LoadOptionsContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** Method and path without ids, for counting requests: `PATCH /rest/…`. */
export function shape({ method, path }: LoggedRequest): string {
	return `${method} ${path.replace(/\d{3,}/g, '#')}`;
}

function unused(name: string): never {
	throw new Error(`The nodes are not expected to use ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/** A copy of JSON data, as a database would return it. */
export function stored(data: IDataObject): IDataObject {
	const copy: IDataObject = JSON.parse(JSON.stringify(data));
	return copy;
}

/**
 * The compiled package inside n8n-core (its loader, OAuth2 code, contexts and engine), connected to an emulator of
 * Procore. This class does what n8n's server would do around them: it stores credentials and static data.
 */
export class N8n {
	readonly loader = new PackageDirectoryLoader(PACKAGE_ROOT);

	readonly nodeTypes: INodeTypes = {
		getByName: (name) => this.loader.getNode(this.shortName(name)).type,
		getByNameAndVersion: (name, version) => this.nodeType(name, version),
		getKnownTypes: () => ({}),
	};

	readonly credential = new StoredCredential(this.loader, this.nodeTypes);

	webhookBaseUrl = `${N8N_ORIGIN}/webhook`;

	/** Of the editor. */
	instanceBaseUrl = `${N8N_ORIGIN}/`;

	webhookTestBaseUrl = `${N8N_ORIGIN}/webhook-test`;

	control = new EmulatorControl('http://unstarted.invalid');

	/** The static data of the workflow of the action node, which n8n saves after every run that is not manual. */
	actionData: IDataObject = {};

	private stopEmulator: () => Promise<void> = async () => await Promise.resolve();

	private credentialNumber = 0;

	async start(options: StartOptions = {}): Promise<void> {
		await this.loader.loadAll();
		const { url, stop } = await startEmulator(options);
		this.control = new EmulatorControl(url);
		this.stopEmulator = stop;
	}

	async stop(): Promise<void> {
		await this.stopEmulator();
	}

	/** Changes the address, like an n8n that has moved or a copy of its database. */
	moveTo(origin: string): void {
		this.webhookBaseUrl = `${origin}/webhook`;
		this.instanceBaseUrl = `${origin}/`;
	}

	/** Connects an account, as a user would in the editor; existing tokens are revoked. */
	async connect(account: Account = {}): Promise<Seed> {
		const { version = 'v2.0', grant = 'authorizationCode', environment = 'custom' } = account;
		const seed = await this.control.seed();
		this.credentialNumber += 1;
		this.credential.renewals = 0;
		this.credential.stored = {
			environment,
			...(environment === 'custom'
				? // A person may well leave a slash at the end.
					{ loginUrl: `${this.control.url}/`, apiUrl: `${this.control.url}/` }
				: {}),
			grantType: grant,
			companyId: account.companyId ?? '',
			webhooksApiVersion: version,
			clientId: seed.clientId,
			clientSecret: account.clientSecret ?? seed.clientSecret,
		};
		if (grant === 'authorizationCode') {
			const { accessToken, refreshToken = '' } = await this.control.issueToken({ grant });
			this.credential.stored.oauthTokenData = {
				access_token: accessToken,
				refresh_token: refreshToken,
				token_type: 'bearer',
			};
		}
		return seed;
	}

	/** The requests since the last call, except those for tokens. */
	async requests(): Promise<LoggedRequest[]> {
		const requests = await this.control.requests();
		await this.control.clearRequests();
		return requests.filter(({ path }) => path.startsWith('/rest/'));
	}

	/** Waits until a `hold` fault keeps this many calls waiting. */
	async untilHeld(count: number): Promise<void> {
		while ((await this.control.heldCalls()) < count) await sleep(5);
	}

	node(type: 'procore' | 'procoreTrigger', parameters: INodeParameters, more = {}): INode {
		return {
			id: `node-${type}`,
			name: type === 'procore' ? 'Procore' : 'Procore Trigger',
			type: `${PACKAGE}.${type}`,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			credentials: {
				// n8n shares a renewal between all requests of one credential id, so each account gets its own.
				[CREDENTIAL_TYPE]: { id: `credential-${this.credentialNumber}`, name: 'Procore account' },
			},
			...more,
		};
	}

	workflow(
		nodes: INode[],
		more: { staticData?: IDataObject; connections?: IConnections; active?: boolean } = {},
	) {
		return new Workflow({
			id: 'workflow-1',
			name: 'Test',
			nodes,
			connections: more.connections ?? {},
			active: more.active ?? true,
			nodeTypes: this.nodeTypes,
			settings: { executionOrder: 'v1' },
			...(more.staticData === undefined ? {} : { staticData: more.staticData }),
		});
	}

	additionalData(): IWorkflowExecuteAdditionalData {
		const base = N8N_ORIGIN;
		return {
			credentialsHelper: this.credential,
			executeWorkflow: async () => await Promise.resolve(unused('executeWorkflow')),
			getRunExecutionData: async () => await Promise.resolve(undefined),
			getRuntimeCredential: async () => await Promise.resolve(undefined),
			startRunnerTask: async () => await Promise.resolve(unused('startRunnerTask')),
			externalSecretsProxy: new ExternalSecretsProxy(),
			logAiEvent: () => undefined,
			setExecutionStatus: () => undefined,
			sendDataToUI: () => undefined,
			currentNodeExecutionIndex: 0,
			executionId: '1',
			userId: 'user',
			variables: {},
			restApiUrl: `${base}/rest`,
			instanceBaseUrl: this.instanceBaseUrl,
			formBaseUrl: `${base}/form`,
			formWaitingBaseUrl: `${base}/form-waiting`,
			formTestBaseUrl: `${base}/form-test`,
			webhookBaseUrl: this.webhookBaseUrl,
			webhookWaitingBaseUrl: `${base}/webhook-waiting`,
			webhookTestBaseUrl: this.webhookTestBaseUrl,
			mcpBaseUrl: `${base}/mcp`,
			mcpTestBaseUrl: `${base}/mcp-test`,
		};
	}

	/** A context in which the API layer can be called like from a node. */
	apiContext(): IHookFunctions {
		const node = this.node('procore', {});
		return new NodeHookContext(
			this.workflow([node]),
			node,
			this.additionalData(),
			'trigger',
			'activate',
		);
	}

	/** Runs the action node for items in n8n's engine. */
	async run(
		parameters: INodeParameters,
		items: IDataObject[] = [{}],
		settings: Partial<INode> = {},
		mode: WorkflowExecuteMode = 'trigger',
	): Promise<ActionResult> {
		const node = this.node('procore', parameters, settings);
		const workflow = this.workflow([node], { staticData: stored(this.actionData) });
		const additionalData = this.additionalData();
		additionalData.hooks = new ExecutionLifecycleHooks(mode, '1', {
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
		const execute = async () =>
			await new WorkflowExecute(
				additionalData,
				mode,
				createRunExecutionData({
					executionData: {
						nodeExecutionStack: [
							{ node, data: { main: [items.map((json) => ({ json }))] }, source: null },
						],
					},
				}),
			).processRunExecutionData(workflow);
		// Before it starts anything n8n checks parameters by their patterns, and gives each 250 ms: too little where the
		// machine is busy with something else.
		const checked = await settle(execute);
		const isTooSlow = !checked.ok && /Regular expression execution/.test(String(checked.failure));
		const { data } = checked.ok
			? checked.value
			: await (isTooSlow ? execute() : Promise.reject(checked.failure));
		if (mode !== 'manual') this.actionData = stored(workflow.staticData);
		const [result] = data.resultData.runData[node.name] ?? [];
		const [output, failed] = result?.data?.main ?? [];
		const hints = (result?.hints ?? []).map(({ message }) => message);
		return { items: output ?? [], errorItems: failed ?? [], error: result?.error, hints };
	}

	/** The options that the editor gets for a dropdown of the node's panel. */
	async loadOptions(
		type: 'procore' | 'procoreTrigger',
		method: string,
		parameters: INodeParameters,
		settings: Partial<INode> = {},
	): Promise<INodePropertyOptions[]> {
		const { context, methods } = this.editor(type, parameters, settings);
		return (await methods.loadOptions?.[method]?.call(context)) ?? unused(method);
	}

	/** The entries that the editor gets for a list of the node's panel. */
	async listSearch(
		type: 'procore' | 'procoreTrigger',
		method: string,
		parameters: INodeParameters,
		filter?: string,
		token?: string,
	): Promise<INodeListSearchResult> {
		const { context, methods } = this.editor(type, parameters);
		return (await methods.listSearch?.[method]?.call(context, filter, token)) ?? unused(method);
	}

	nodeType(name: string, version = 1): INodeType {
		const { type } = this.loader.getNode(this.shortName(name));
		return NodeHelpers.getVersionedNodeType(type, version);
	}

	private editor(
		type: 'procore' | 'procoreTrigger',
		parameters: INodeParameters,
		settings: Partial<INode> = {},
	) {
		const node = this.node(type, parameters, settings);
		const workflow = this.workflow([node]);
		const additionalData = this.additionalData();
		// The editor sends the parameters of the open panel, including defaults.
		additionalData.currentNodeParameters = workflow.getNode(node.name)?.parameters ?? {};
		return {
			context: new PanelContext(workflow, node, additionalData, ''),
			methods: this.nodeType(node.type).methods ?? {},
		};
	}

	private shortName(name: string): string {
		return name.split('.').pop() ?? name;
	}
}

/** One trigger node in one workflow, with the static data that n8n would store for it. */
export class TriggerBench {
	/** The static data of the workflow, by `node:<name of the node>`. */
	staticData: IDataObject = {};

	/** The static data of the test registration, which n8n stores separately. */
	testStaticData: IDataObject = {};

	name = 'Procore Trigger';

	/** A process keeps counters per node, so a test can use another node. */
	nodeId = 'node-procoreTrigger';

	/** The warnings that the node wrote to n8n's log. */
	readonly warnings: string[] = [];

	/** The information that the node wrote to n8n's log. */
	readonly infos: string[] = [];

	/** The error of n8n's cleanup after a failed activation. n8n only logs it and shows the original error. */
	readonly cleanUpFailures: unknown[] = [];

	constructor(
		private readonly n8n: N8n,
		public parameters: INodeParameters,
		readonly webhookId = 'a3f1c8e2-5d0c-4f7e-9b4b-0f8a491c2b8f',
	) {}

	get url(): string {
		return `${this.n8n.webhookBaseUrl}/${this.webhookId}/procore`;
	}

	get testUrl(): string {
		return `${this.n8n.webhookTestBaseUrl}/${this.webhookId}/procore`;
	}

	/** The stored state of the hook. */
	get memory(): unknown {
		const own = this.staticData[`node:${this.name}`];
		return isRecord(own) ? own.hook : undefined;
	}

	/** The secret of the production hooks, with the current credential and address. */
	get secret(): string {
		return this.secretOf(this.url);
	}

	secretOf(url: string): string {
		const { clientSecret, apiUrl, companyId } = this.n8n.credential.stored;
		const own: unknown = this.parameters.companyId;
		return deriveSecret(String(clientSecret), {
			apiUrl: String(apiUrl).replace(/\/$/, ''),
			companyId: isRecord(own) && own.value !== '' ? String(own.value) : String(companyId),
			url,
		});
	}

	/** @param activation `init` when n8n starts. */
	async checkExists(activation: WorkflowActivateMode = 'activate'): Promise<boolean> {
		return await this.call('checkExists', 'trigger', activation);
	}

	async create(): Promise<boolean> {
		return await this.call('create', 'trigger', 'activate');
	}

	async delete(): Promise<boolean> {
		// n8n uses this mode whatever the reason.
		return await this.call('delete', 'internal', 'update');
	}

	/** Does what n8n does when the workflow is published: a failed attempt is cleaned up. */
	async activate(): Promise<void> {
		if (await this.checkExists()) return;
		await this.create().catch(async (failure: unknown) => {
			await this.delete().catch((trouble: unknown) => this.cleanUpFailures.push(trouble));
			return await Promise.reject(failure);
		});
	}

	/** Does what n8n does after a click on "Listen for test event". */
	async listen(): Promise<void> {
		this.testStaticData = {};
		if (await this.call('checkExists', 'manual', 'manual', true)) return;
		await this.call('create', 'manual', 'manual', true);
	}

	async stopListening(): Promise<void> {
		await this.call('delete', 'internal', 'update', true);
	}

	node(): INode {
		return this.n8n.node('procoreTrigger', this.parameters, {
			id: this.nodeId,
			name: this.name,
			webhookId: this.webhookId,
		});
	}

	webhookData(additionalData: IWorkflowExecuteAdditionalData, isTest = false): IWebhookData {
		const [webhookDescription] =
			this.n8n.nodeType('procoreTrigger').description.webhooks ?? unused('no webhook');
		if (webhookDescription === undefined) return unused('no webhook');
		return {
			httpMethod: 'POST',
			node: this.name,
			path: `${this.webhookId}/procore`,
			webhookDescription,
			workflowId: 'workflow-1',
			workflowExecuteAdditionalData: additionalData,
			webhookId: this.webhookId,
			isTest,
		};
	}

	workflow(isTest = false): Workflow {
		const staticData = stored(isTest ? this.testStaticData : this.staticData);
		// A test uses an inactive workflow, even next to a published one.
		return this.n8n.workflow([this.node()], { staticData, active: !isTest });
	}

	private async call(
		method: 'checkExists' | 'create' | 'delete',
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
		isTest = false,
	): Promise<boolean> {
		const workflow = this.workflow(isTest);
		// As n8n does: this one has the defaults of the parameters that were not saved.
		const node = workflow.getNode(this.name) ?? unused('no node');
		const additionalData = this.n8n.additionalData();
		const context = new NodeHookContext(
			workflow,
			node,
			additionalData,
			mode,
			activation,
			this.webhookData(additionalData, isTest),
		);
		const warn = jest.spyOn(context.logger, 'warn').mockImplementation((message: string) => {
			this.warnings.push(message);
		});
		const info = jest.spyOn(context.logger, 'info').mockImplementation((message: string) => {
			this.infos.push(message);
		});
		try {
			const { webhookMethods } = this.n8n.nodeType(node.type);
			return (await webhookMethods?.default?.[method].call(context)) ?? unused(method);
		} finally {
			warn.mockRestore();
			info.mockRestore();
			// n8n saves static data even after a failure.
			if (isTest) this.testStaticData = stored(workflow.staticData);
			else this.staticData = stored(workflow.staticData);
		}
	}
}

/** n8n-core and an emulator for the tests of one file; the emulator is reset before each test. */
export function useN8n(options: StartOptions = {}): N8n {
	const n8n = useSharedN8n(options);
	beforeEach(async () => {
		await n8n.control.reset({ tokens: true });
		await n8n.connect();
	});
	return n8n;
}

/** The same for tests that set up the emulator themselves and leave it to the next one. */
export function useSharedN8n(options: StartOptions = {}): N8n {
	const n8n = new N8n();
	beforeAll(async () => await n8n.start(options));
	afterAll(async () => {
		await n8n.stop();
		rmSync(N8N_HOME, { recursive: true, force: true });
	});
	return n8n;
}
