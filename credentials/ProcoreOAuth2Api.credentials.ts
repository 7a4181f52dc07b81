import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { PROCORE_HOSTS, type Hosts } from '../nodes/Procore/api/environment';
import { ID_IN_URL } from '../nodes/Procore/model/id';

/** An n8n expression that picks a host by the credential's environment; `root` is how n8n names the credential there. */
function hostExpression(root: '$self' | '$credentials', host: keyof Hosts): string {
	const custom = `(${root}["${host}Url"] || "").replace(/\\/+$/, "")`;
	return Object.entries(PROCORE_HOSTS).reduce(
		(otherwise, [environment, hosts]) =>
			`${root}["environment"] === "${environment}" ? "${hosts[host]}" : ${otherwise}`,
		custom,
	);
}

/**
 * The same as `extractId` for a company, as an n8n expression: what was entered without spaces, or the id in a pasted address.
 * The patterns match from end to end, so that replacing leaves the id.
 */
const COMPANY_ID = ID_IN_URL.company.reduce(
	(typed, { source }) => `${typed}.replace(/^[\\s\\S]*${source}[\\s\\S]*$/, "$1")`,
	'String($credentials["companyId"] || "").trim()',
);

/** How an answer is refused that has one of these statuses. */
const REFUSALS: Readonly<Record<number, string>> = {
	400: 'Procore needs to know the company: enter the Company ID. Client Credentials always need it.',
	401: 'Procore does not accept the token: check Client ID, Client Secret and Environment, then connect again.',
	403: 'The token works, but the app is not connected to this company: install the app there (in Procore: Company Admin, App Management), or correct the Company ID. If it is empty, enter the Company ID.',
	404: 'The token works, but there is no such company for this account: correct the Company ID. If it is empty, enter the Company ID.',
};

const NOT_PROCORE =
	"The answer did not come from Procore's API: a proxy, a login page or a maintenance page stands in between, or the Environment or API URL is not right.";

type TestRules = NonNullable<ICredentialTestRequest['rules']>;

/**
 * n8n takes every 2xx for a success unless a rule finds a certain value in it, and knows no rule for "anything but". A
 * list begins with `[`: every other character that an answer may begin with has a rule of its own.
 */
function testRules(): TestRules {
	const byStatus = Object.entries(REFUSALS).map(([status, message]) => ({
		type: 'responseCode' as const,
		properties: { value: Number(status), message },
	}));
	const redirects = [301, 302, 303, 307, 308].map((value) => ({
		type: 'responseCode' as const,
		properties: { value, message: NOT_PROCORE },
	}));
	const beginnings = [
		...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
		'\uFEFF',
	];
	const byBody = beginnings
		.filter((character) => character !== '[')
		.map((value) => ({
			type: 'responseSuccessBody' as const,
			properties: { key: '0', value, message: NOT_PROCORE },
		}));
	const isEmpty = {
		type: 'responseSuccessBody' as const,
		properties: { key: 'length', value: 0, message: NOT_PROCORE },
	};
	const rules: Extract<TestRules, Array<{ type: 'responseCode' }>> = [...byStatus, ...redirects];
	// n8n reads rules of both kinds from one list, although its type has lists of one kind only.
	const all: Array<TestRules[number]> = rules;
	all.push(...byBody, isEmpty);
	return rules;
}

export class ProcoreOAuth2Api implements ICredentialType {
	name = 'procoreOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Procore OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/Procore/procore.svg',
		dark: 'file:../nodes/Procore/procore.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-procore/n8n-nodes-procore#set-up-the-credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway in front of Procore, with addresses of your own',
				},
				{
					name: 'Developer Sandbox',
					value: 'sandbox',
					description: 'Has a Client ID and Client Secret of its own',
				},
				{
					name: 'Federal',
					value: 'federal',
					description: 'Procore for Government',
				},
				{
					name: 'Monthly Sandbox',
					value: 'monthlySandbox',
					description: "Takes the production app's Client ID and Client Secret",
				},
				{
					name: 'Production',
					value: 'production',
					description: 'Also for On-Demand sandboxes, which have a Company ID of their own',
				},
			],
			default: 'production',
			description: 'The Procore environment that the app and the company live in',
		},
		{
			displayName: 'Login URL',
			name: 'loginUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://login.procore.example',
			displayOptions: { show: { environment: ['custom'] } },
			description: 'Address under which /oauth/authorize and /oauth/token are found',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.procore.example',
			displayOptions: { show: { environment: ['custom'] } },
			description: 'Address under which /rest is found',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description: 'A person logs in; n8n sees what this person may see',
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description: 'A service account (DMSA); nobody logs in. Needs the Company ID.',
				},
			],
			default: 'authorizationCode',
			description: 'How n8n gets its access to Procore',
		},
		{
			displayName: 'Company ID',
			name: 'companyId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 4501177',
			description:
				'The company used if a node names none, and by the connection test. Required with Client Credentials. It is in the address of Procore, app.procore.com/&lt;company ID&gt;/company/home, which can be pasted as a whole.',
		},
		{
			displayName: 'Webhooks API Version',
			name: 'webhooksApiVersion',
			type: 'options',
			options: [
				{
					name: 'V1.0',
					value: 'v1.0',
					description:
						'Procore announced to remove it on 2026-09-16; only for apps that it still serves',
				},
				{
					name: 'V2.0',
					value: 'v2.0',
					description: 'Current; use it unless Procore refuses it for your app',
				},
			],
			default: 'v2.0',
			description: "The generation of Procore's webhook endpoints that the app may call",
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
			// Procore has no scopes: the app's permissions and the user's rights decide.
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
			// Procore documents Client ID and Client Secret in the body only.
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];

	/**
	 * Without a company, the list of companies proves the token. With one, a single project is asked for, which also proves
	 * that the app is connected to the company. Both are lists, read as text, so that the rules can see how the answer
	 * begins.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${hostExpression('$credentials', 'api')} }}`,
			url: `={{ ${COMPANY_ID} ? "/rest/v1.1/projects" : "/rest/v1.0/companies" }}`,
			qs: {
				company_id: `={{ ${COMPANY_ID} || undefined }}`,
				per_page: 1,
			},
			// A header that is undefined is not sent; an empty one would be refused.
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
