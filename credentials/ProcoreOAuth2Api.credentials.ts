import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { PROCORE_HOSTS, URL_COMPLETION, type Hosts } from '../nodes/Procore/api/environment';
import { ID_IN_URL } from '../nodes/Procore/model/id';
import { testRules } from './connection-test';

/** Returns an n8n expression that selects a host by environment. `root` is the name of the credential in the expression. */
function hostExpression(root: '$self' | '$credentials', host: keyof Hosts): string {
	const custom = URL_COMPLETION.reduce(
		(url, [pattern, replacement]) => `${url}.replace(${String(pattern)}, "${replacement}")`,
		`(${root}["${host}Url"] || "").trim()`,
	);
	return Object.entries(PROCORE_HOSTS).reduce(
		(otherwise, [environment, hosts]) =>
			`${root}["environment"] === "${environment}" ? "${hosts[host]}" : ${otherwise}`,
		custom,
	);
}

/**
 * `extractId` for a company as an n8n expression: trims the text and extracts the id from a pasted URL. Each pattern matches
 * the whole text, so that only the id remains.
 */
const COMPANY_ID = ID_IN_URL.company.reduce(
	(typed, { source }) => `${typed}.replace(/^[\\s\\S]*${source}[\\s\\S]*$/, "$1")`,
	'String($credentials["companyId"] || "").trim()',
);

export class ProcoreOAuth2Api implements ICredentialType {
	name = 'procoreOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Procore OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/Procore/procore.svg',
		dark: 'file:../nodes/Procore/procore.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-procore/n8n-nodes-procore#connect-to-procore';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'Custom URLs, e.g. a gateway in front of Procore',
				},
				{
					name: 'Developer Sandbox',
					value: 'sandbox',
					description: 'Uses its own Client ID and Client Secret',
				},
				{
					name: 'Federal',
					value: 'federal',
					description: 'Procore for Government',
				},
				{
					name: 'Monthly Sandbox',
					value: 'monthlySandbox',
					description: "Uses the production app's Client ID and Client Secret",
				},
				{
					name: 'Production',
					value: 'production',
					description: 'Also for On-Demand sandboxes, which have their own Company ID',
				},
			],
			default: 'production',
			description: 'Procore environment of the app and the company',
		},
		{
			displayName: 'Login URL',
			name: 'loginUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://login.procore.example',
			displayOptions: { show: { environment: ['custom'] } },
			description: 'Base URL for /oauth/authorize and /oauth/token',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.procore.example',
			displayOptions: { show: { environment: ['custom'] } },
			description: 'Base URL of the REST API, without /rest',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description: "Sign in as a user; n8n gets that user's permissions",
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description: 'Use a service account (DMSA), without a sign-in. Requires the Company ID.',
				},
			],
			default: 'authorizationCode',
			description: 'How n8n authenticates with Procore',
		},
		{
			// Not declared once per grant type: n8n merges the properties with those of oAuth2Api by name, so the last would win.
			displayName: 'Company ID',
			name: 'companyId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 4501177',
			hint: 'Required for Client Credentials. The number after app.procore.com/ in the URL of a company page, or the whole URL.',
			description: "Default company for nodes that don't set one, and for the connection test",
		},
		{
			displayName: 'Webhooks API Version',
			name: 'webhooksApiVersion',
			type: 'options',
			options: [
				{
					name: 'V1.0',
					value: 'v1.0',
					description: 'For apps created with v1.0. Procore planned to remove it on 2026-09-16.',
				},
				{
					name: 'V2.0',
					value: 'v2.0',
					description: 'Current version; use this unless your app only has v1.0',
				},
			],
			default: 'v2.0',
			description: 'Version of the Webhooks API your app can use',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `={{ (${hostExpression('$self', 'login')}) + "/oauth/authorize" }}`,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ (${hostExpression('$self', 'login')}) + "/oauth/token" }}`,
		},
		{
			// Procore has no OAuth2 scopes. The permissions of the app and the user apply.
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			// Procore only documents Client ID and Client Secret in the request body [OAUTH-BODY].
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
		{
			// Procore's token request takes nothing else.
			displayName: 'Send Additional Body Properties',
			name: 'sendAdditionalBodyProperties',
			type: 'hidden',
			default: false,
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default: '',
		},
	];

	/**
	 * Without a company, requests the list of companies, which verifies the token. With a company, requests one project, which
	 * also verifies that the app is installed in the company. Both responses are lists, read as text for the rules.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${hostExpression('$credentials', 'api')} }}`,
			url: `={{ ${COMPANY_ID} ? "/rest/v1.1/projects" : "/rest/v1.0/companies" }}`,
			qs: {
				company_id: `={{ ${COMPANY_ID} || undefined }}`,
				per_page: 1,
			},
			// n8n does not send a header that is undefined. Procore would reject an empty one.
			headers: {
				Accept: 'application/json',
				'Procore-Company-Id': `={{ ${COMPANY_ID} || undefined }}`,
			},
			disableFollowRedirect: true,
			encoding: 'text',
		},
		rules: testRules(),
	};
}
