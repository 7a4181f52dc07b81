import { Workflow, type INodeTypes } from 'n8n-workflow';

import { ProcoreOAuth2Api } from '../../credentials/ProcoreOAuth2Api.credentials';
import { PROCORE_HOSTS, readAccount } from '../../nodes/Procore/api/environment';
import { ProcoreTrigger } from '../../nodes/Procore/ProcoreTrigger.node';
import { NODE } from './support/node';

const credential = new ProcoreOAuth2Api();
const nodeType = new ProcoreTrigger();
const nodeTypes: INodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
};
const { expression } = new Workflow({ nodes: [NODE], connections: {}, active: false, nodeTypes });

/** Resolves an expression as n8n does for a credential's own fields. */
function onSelf(field: string, data: Record<string, string>): unknown {
	const value = credential.properties.find(({ name }) => name === field)?.default;
	return expression.getComplexParameterValue(
		NODE,
		String(value),
		'internal',
		{},
		undefined,
		undefined,
		data,
	);
}

/** Resolves an expression as n8n does for the connection test. */
function onCredentials(value: unknown, data: Record<string, string>): unknown {
	return expression.getParameterValue(String(value), null, 0, 0, NODE.name, [], 'internal', {
		$credentials: data,
	});
}

const HOSTS: Array<[string, string, string]> = [
	['production', 'https://login.procore.com', 'https://api.procore.com'],
	['sandbox', 'https://login-sandbox.procore.com', 'https://sandbox.procore.com'],
	[
		'monthlySandbox',
		'https://login-sandbox-monthly.procore.com',
		'https://api-monthly.procore.com',
	],
	['federal', 'https://login.procoregov.com', 'https://api.procoregov.com'],
	['custom', 'https://login.procore.example', 'https://api.procore.example'],
];
const CUSTOM = {
	loginUrl: 'https://login.procore.example/',
	apiUrl: 'https://api.procore.example//',
};

describe.each(HOSTS)('environment %s', (environment, login, api) => {
	const data = { environment, ...CUSTOM };

	test('signs in and gets tokens at the login host', () => {
		expect(onSelf('authUrl', data)).toBe(`${login}/oauth/authorize`);
		expect(onSelf('accessTokenUrl', data)).toBe(`${login}/oauth/token`);
	});

	test('is tested at the API host', () => {
		expect(onCredentials(credential.test.request.baseURL, data)).toBe(api);
	});

	test('is read by the nodes', () => {
		expect(readAccount(data)).toMatchObject({ environment, apiUrl: api });
	});
});

test.each([
	['api.procore.example', 'https://api.procore.example'],
	[' https://api.procore.example// ', 'https://api.procore.example'],
	['HTTP://api.procore.example', 'HTTP://api.procore.example'],
	['localhost:4800/', 'http://localhost:4800'],
	['127.0.0.1:4800', 'http://127.0.0.1:4800'],
	['', ''],
])('the custom URL %j is completed to %j everywhere', (typed, expected) => {
	const data = { environment: 'custom', apiUrl: typed, loginUrl: typed };
	expect(readAccount(data).apiUrl).toBe(expected);
	expect(onCredentials(credential.test.request.baseURL, data)).toBe(expected);
	expect(onSelf('accessTokenUrl', data)).toBe(`${expected}/oauth/token`);
});

test('every property is declared once, because n8n only keeps the last one with a name', () => {
	const names = credential.properties.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
});

test('the company is shown for both grant types, and optional', () => {
	const field = credential.properties.find(({ name }) => name === 'companyId');
	expect(field?.displayOptions).toBeUndefined();
	expect(field?.required).toBeUndefined();
});

test('the credential offers every environment, production first', () => {
	const field = credential.properties.find(({ name }) => name === 'environment');
	const values = (field?.options ?? []).map((option) => ('value' in option ? option.value : ''));
	expect(values.sort()).toEqual([...Object.keys(PROCORE_HOSTS), 'custom'].sort());
	expect(field?.default).toBe('production');
});

test('a custom environment without hosts resolves to a path, not to another host', () => {
	expect(onSelf('accessTokenUrl', { environment: 'custom' })).toBe('/oauth/token');
});

describe('the connection test', () => {
	const { request } = credential.test;
	const at = (companyId: string) => ({
		url: onCredentials(request.url, { companyId }),
		company: onCredentials(request.headers?.['Procore-Company-Id'], { companyId }),
		query: [onCredentials(request.qs?.company_id, { companyId }), request.qs?.per_page],
	});

	test('reads a company of the account if no company is set', () => {
		expect(at('')).toEqual({
			url: '/rest/v1.0/companies',
			company: undefined,
			query: [undefined, 1],
		});
	});

	test('reads a project of the company if one is set', () => {
		expect(at('4501177')).toEqual({
			url: '/rest/v1.1/projects',
			company: '4501177',
			query: ['4501177', 1],
		});
	});
});

describe('readAccount', () => {
	test('reads what the nodes need and nothing secret', () => {
		const account = readAccount({
			environment: 'sandbox',
			companyId: ' 4501177 ',
			clientId: 'client',
			clientSecret: 'a secret',
			oauthTokenData: { access_token: 'a token' },
			grantType: 'clientCredentials',
			webhooksApiVersion: 'v1.0',
		});
		expect(account).toStrictEqual({
			environment: 'sandbox',
			apiUrl: 'https://sandbox.procore.com',
			companyId: '4501177',
			clientId: 'client',
			grantType: 'clientCredentials',
			webhooksApiVersion: 'v1.0',
		});
	});

	test('applies defaults to a credential of an older version', () => {
		expect(readAccount({ environment: 'production', companyId: null })).toMatchObject({
			companyId: '',
			grantType: 'authorizationCode',
			webhooksApiVersion: 'v2.0',
		});
	});

	test.each(['toString', 'constructor', '__proto__', ''])(
		'does not confuse the environment %j with a host of Procore',
		(environment) => {
			expect(readAccount({ environment, ...CUSTOM })).toMatchObject({
				environment: 'custom',
				apiUrl: 'https://api.procore.example',
			});
		},
	);
});

describe('the company of the connection test', () => {
	const { qs, headers, url } = credential.test.request;
	const address = 'https://app.procore.com/4501177/company/home/list';

	test.each([
		['4501177', '4501177'],
		[' 4501177\n', '4501177'],
		[address, '4501177'],
		['https://us02.procore.com/webclients/host/companies/598134325874214/tools', '598134325874214'],
	])('is read from %j in the same way as by the nodes', (companyId, company) => {
		expect(onCredentials(headers?.['Procore-Company-Id'], { companyId })).toBe(company);
		expect(onCredentials(qs?.company_id, { companyId })).toBe(company);
		expect(onCredentials(url, { companyId })).toBe('/rest/v1.1/projects');
		expect(readAccount({ companyId }).companyId).toBe(company);
	});

	test.each(['', '   '])('is not sent if the field contains %j', (companyId) => {
		expect(onCredentials(headers?.['Procore-Company-Id'], { companyId })).toBeUndefined();
		expect(onCredentials(qs?.company_id, { companyId })).toBeUndefined();
		expect(onCredentials(url, { companyId })).toBe('/rest/v1.0/companies');
	});

	test('is read from any text in linear time', () => {
		// A pattern that backtracks would never finish.
		for (const part of ['/1', '/companies/1', '/companies/', ' ', '1']) {
			onCredentials(headers?.['Procore-Company-Id'], { companyId: part.repeat(50_000) });
		}
	});

	test.each([400, 403, 404])('is requested if it is empty and Procore answers %d', (status) => {
		const rules = credential.test.rules?.map(({ properties }) => properties) ?? [];
		const rule = rules.find((properties) => 'value' in properties && properties.value === status);
		expect(rule?.message).toMatch(/[Ee]nter the Company ID/);
	});
});
