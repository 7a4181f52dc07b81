import {
	ICredentialsHelper,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialType,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeProperties,
	type INodeTypes,
} from 'n8n-workflow';

export const CREDENTIAL_TYPE = 'procoreOAuth2Api';

const RESOLVER: INode = {
	id: 'resolver',
	name: 'Resolver',
	type: 'n8n-nodes-procore.procore',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

function isData(value: unknown): value is ICredentialDataDecryptedObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One stored credential, returned as n8n returns it: with the defaults of its fields, and with the `$self` expressions
 * in them resolved by n8n's own engine. A renewed token is written back.
 */
export class StoredCredential extends ICredentialsHelper {
	/** The number of times that a token was written back. */
	renewals = 0;

	/** The fields that the user entered, and `oauthTokenData` if the account is connected. */
	stored: ICredentialDataDecryptedObject = {};

	constructor(
		private readonly loader: { getCredential(name: string): { readonly type: ICredentialType } },
		private readonly nodeTypes: INodeTypes,
	) {
		super();
	}

	/** The credential as a node sees it. */
	resolve(): ICredentialDataDecryptedObject {
		const data: ICredentialDataDecryptedObject = {};
		for (const { name, default: value } of this.getCredentialsProperties()) {
			if (typeof value === 'string' || typeof value === 'boolean') data[name] = value;
		}
		Object.assign(data, this.stored);
		const workflow = new Workflow({
			nodes: [RESOLVER],
			connections: {},
			active: false,
			nodeTypes: this.nodeTypes,
		});
		const { oauthTokenData, ...fields } = data;
		const resolved = workflow.expression.getComplexParameterValue(
			RESOLVER,
			Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
			'internal',
			{},
			undefined,
			undefined,
			fields,
		);
		if (!isData(resolved)) throw new Error('The credential did not resolve to an object');
		return oauthTokenData === undefined ? { ...resolved } : { ...resolved, oauthTokenData };
	}

	getParentTypes(name: string): string[] {
		return name === CREDENTIAL_TYPE ? ['oAuth2Api'] : [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(): Promise<IHttpRequestOptions> {
		return await Promise.reject(new Error('Not used with OAuth2'));
	}

	async preAuthentication(): Promise<undefined> {
		await Promise.resolve();
	}

	async runPreAuthentication(): Promise<undefined> {
		await Promise.resolve();
	}

	async getCredentials(): Promise<ICredentials> {
		return await Promise.reject(new Error('Not stored in encrypted form here'));
	}

	async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
		return await Promise.resolve(this.resolve());
	}

	async updateCredentials(): Promise<void> {
		await Promise.resolve();
	}

	async updateCredentialsOauthTokenData(
		_node: INodeCredentialsDetails,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.renewals += 1;
		this.stored = { ...this.stored, ...(oauthTokenData === undefined ? {} : { oauthTokenData }) };
		await Promise.resolve();
	}

	getCredentialsProperties(): INodeProperties[] {
		return this.loader.getCredential(CREDENTIAL_TYPE).type.properties;
	}
}
