import '../core/support/n8n-home';

import { ExternalSecretsProxy, HookContext } from 'n8n-core';
import {
	Workflow,
	type IHookFunctions,
	type INode,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { ProcoreOAuth2Api } from '../../credentials/ProcoreOAuth2Api.credentials';
import { openProcore, type Procore as Api } from '../../nodes/Procore/api';
import { settle } from '../../nodes/Procore/api/concurrency';
import { readResponse, readThrown } from '../../nodes/Procore/api/http-response';
import type { RequestOptions } from '../../nodes/Procore/api/retry-policy';
import { CREDENTIAL_TYPE } from '../../nodes/Procore/api/transport';
import { StoredCredential } from '../core/support/credentials';
import type { Exchanges } from './exchanges';
import type { Grant, LiveEnv } from './live-env';

export type Generation = 'v2.0' | 'v1.0';

/** The tokens of a login. */
export interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
}

// n8n's class returns `undefined` for a name that its interface declares as optional; this package is stricter.
class LiveContext extends HookContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

const NODE: INode = {
	id: 'contract',
	name: 'Procore',
	type: 'n8n-nodes-procore.procore',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

let accounts = 0;

/** A node that has the credential, which is all that the API layer needs. */
const NODE_TYPE: INodeType = {
	description: {
		displayName: 'Procore',
		name: 'procore',
		group: ['transform'],
		version: 1,
		description: 'Reads Procore',
		defaults: { name: 'Procore' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
	},
};

const NODE_TYPES: INodeTypes = {
	getByName: () => NODE_TYPE,
	getByNameAndVersion: () => NODE_TYPE,
	getKnownTypes: () => ({}),
};

function unused(): never {
	throw new Error('The API layer is not expected to use this');
}

function additionalData(credentialsHelper: StoredCredential): IWorkflowExecuteAdditionalData {
	const base = 'https://n8n-contract.invalid';
	return {
		credentialsHelper,
		executeWorkflow: async () => await Promise.resolve(unused()),
		getRunExecutionData: async () => await Promise.resolve(undefined),
		getRuntimeCredential: async () => await Promise.resolve(undefined),
		startRunnerTask: async () => await Promise.resolve(unused()),
		externalSecretsProxy: new ExternalSecretsProxy(),
		logAiEvent: () => undefined,
		setExecutionStatus: () => undefined,
		sendDataToUI: () => undefined,
		currentNodeExecutionIndex: 0,
		executionId: '1',
		userId: 'user',
		variables: {},
		restApiUrl: `${base}/rest`,
		instanceBaseUrl: base,
		formBaseUrl: base,
		formWaitingBaseUrl: base,
		formTestBaseUrl: base,
		webhookBaseUrl: base,
		webhookWaitingBaseUrl: base,
		webhookTestBaseUrl: base,
		mcpBaseUrl: base,
		mcpTestBaseUrl: base,
	};
}

/** The package's own API layer inside n8n-core, connected to the account of the env file. */
export class LiveAccount {
	private readonly credential = new StoredCredential(
		{ getCredential: () => ({ type: new ProcoreOAuth2Api() }) },
		NODE_TYPES,
	);

	/** n8n shares a renewal between all requests of one credential id. */
	private readonly id: string;

	constructor(
		private readonly env: LiveEnv,
		private readonly exchanges: Exchanges,
	) {
		accounts += 1;
		this.id = `contract-${accounts}`;
	}

	/** Uses a grant from now on; `tokens` are those of a login. */
	connect(grant: Grant, tokens?: Tokens): void {
		const { environment, loginUrl, apiUrl, clientId, clientSecret, companyId } = this.env;
		this.credential.stored = {
			environment,
			...(environment === 'custom' ? { loginUrl, apiUrl } : {}),
			grantType: grant,
			companyId,
			clientId,
			clientSecret,
			...(tokens === undefined ? {} : { oauthTokenData: { ...tokens, token_type: 'bearer' } }),
		};
	}

	/** The tokens that are in use, to be removed from reports. */
	get tokens(): string[] {
		const { oauthTokenData } = this.credential.stored;
		return typeof oauthTokenData === 'object' && oauthTokenData !== null
			? Object.values(oauthTokenData).map(String)
			: [];
	}

	/** The access token that is in use; empty before the first request. */
	get accessToken(): string {
		const { oauthTokenData } = this.credential.stored;
		const isObject = typeof oauthTokenData === 'object' && oauthTokenData !== null;
		const { access_token } = isObject
			? { access_token: '', ...oauthTokenData }
			: { access_token: '' };
		return String(access_token);
	}

	async open(version: Generation, options: RequestOptions = {}): Promise<Api> {
		this.credential.stored = { ...this.credential.stored, webhooksApiVersion: version };
		return await openProcore(this.context(), options);
	}

	private context(): IHookFunctions {
		const credentials = { [CREDENTIAL_TYPE]: { id: this.id, name: 'Procore account' } };
		const node = { ...NODE, credentials };
		const workflow = new Workflow({
			id: 'contract',
			name: 'Contract',
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: NODE_TYPES,
			settings: { executionOrder: 'v1' },
		});
		const data = additionalData(this.credential);
		const context = new LiveContext(workflow, node, data, 'trigger', 'activate');
		const { helpers } = context;
		const { exchanges } = this;
		const ask = helpers.httpRequestWithAuthentication;
		helpers.httpRequestWithAuthentication = async function (type, options) {
			const { pathname, search } = new URL(options.url);
			const sent = { method: options.method ?? 'GET', path: `${pathname}${search}` };
			const result = await settle<unknown>(async () => await ask.call(this, type, options));
			if (!result.ok) {
				const { outcome } = readThrown(result.failure, undefined);
				exchanges.add({ ...sent, status: outcome.status, headers: {}, body: '' });
				throw result.failure;
			}
			const response = result.value;
			const { status, headers } = readResponse(response);
			const { body = '' }: { body?: unknown } =
				typeof response === 'object' && response !== null ? { ...response } : {};
			exchanges.add({ ...sent, status, headers, body: typeof body === 'string' ? body : '' });
			return response;
		};
		return context;
	}
}
