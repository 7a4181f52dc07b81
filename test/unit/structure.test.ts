/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import { ProcoreOAuth2Api } from '../../credentials/ProcoreOAuth2Api.credentials';
import { operations } from '../../nodes/Procore/actions/resources';
import { idList, isJsonObject, jsonObject, parseJson, text } from '../../nodes/Procore/model/json';
import { Procore } from '../../nodes/Procore/Procore.node';
import { ProcoreTrigger } from '../../nodes/Procore/ProcoreTrigger.node';

const ROOT = join(__dirname, '..', '..');

function readJson(path: string) {
	return jsonObject(parseJson(readFileSync(join(ROOT, path), 'utf8')));
}

/** A file that grows past this has more than one subject. */
const MOST_LINES = 250;

const manifest = readJson('package.json');
const n8n = jsonObject(manifest.n8n);
const NODES = idList(n8n.nodes);
const CREDENTIALS = idList(n8n.credentials);

const action = new Procore();
const trigger: INodeType = new ProcoreTrigger();
const credential = new ProcoreOAuth2Api();

/** DESIGN §2.3 and §2.4: saved workflows depend on these names. */
const PARAMETERS = {
	procore: [
		...['resource', 'operation', 'companyId', 'scope', 'projectId', 'hookId', 'triggerId'],
		...['namespace', 'destinationUrl', 'payloadVersion', 'authorization', 'hookStatus'],
		...['resourceName', 'eventType', 'events', 'returnAll', 'limit', 'simplify'],
		...['additionalFields', 'updateFields', 'filters', 'recordId', 'output', 'options'],
		...['dryRun', 'order', 'search', 'userId', 'since', 'until'],
	],
	procoreTrigger: [
		...['companyId', 'scope', 'projectIds', 'events', 'namespace', 'filters'],
		...['ignoreOwnChanges', 'pollTimes', 'options', 'deletionNotice', 'safetyCheck'],
	],
} as const;

/** The fields inside each collection of the panel. */
const INSIDE: Record<string, readonly string[]> = {
	'procore filters': [
		...['status', 'resourceName', 'eventType', 'eventIds', 'period', 'since', 'until'],
	],
	'procore additionalFields': ['authorization', 'events', 'payloadVersion', 'hookStatus'],
	'procore updateFields': [
		...['namespace', 'destinationUrl', 'authorization', 'payloadVersion', 'hookStatus', 'events'],
	],
	'procore options': [
		...['addContext', 'waitForChange', 'waitSeconds', 'missing'],
		...['fields', 'fileTypes', 'maxSizeMb', 'includePdf'],
		...['events', 'expectedUrl', 'silentHours'],
	],
	'procoreTrigger filters': ['conditions', 'field', 'operator', 'users', 'value'],
	// The form that n8n's cron reads.
	'procoreTrigger pollTimes': [
		...['item', 'mode', 'hour', 'minute', 'dayOfMonth', 'weekday', 'value', 'unit'],
		'cronExpression',
	],
	'procoreTrigger options': [
		...['payloadVersion', 'dedupe', 'recoverMissed', 'acknowledge', 'simplify', 'reconcile'],
		...['whenUnpublished', 'reportProblems', 'renewSecret', 'testEvent'],
		'eventsPerExecution',
	],
};

const OPERATIONS: Record<string, string[]> = {
	hook: ['create', 'upsert', 'get', 'getAll', 'update', 'delete', 'check'],
	trigger: ['create', 'getAll', 'delete', 'sync'],
	delivery: ['getAll', 'summarize', 'getMissed'],
	webhookResource: ['getAll'],
	record: ['get', 'getChanged', 'getFiles'],
	company: ['getAll'],
	project: ['get', 'getAll'],
	user: ['get', 'getAll'],
};

const VALUES: Record<string, string[]> = {
	'procore scope': ['company', 'project'],
	'procore scope of check': ['company', 'project', 'allProjects'],
	'procore payloadVersion': ['v2.0', 'v3.0', 'v4.0'],
	'procore hookStatus': ['active', 'disabled'],
	'procore status': ['any', 'successful', 'failing', 'discarded'],
	'procore output': ['record', 'eventAndRecord'],
	'procore output of delivery': ['deliveries', 'events'],
	'procore output of getChanged': ['records', 'events'],
	'procore missing': ['error', 'empty'],
	'procoreTrigger scope': ['company', 'projects', 'allProjects'],
	'procoreTrigger ignoreOwnChanges': ['none', 'user', 'application', 'both'],
	'procoreTrigger acknowledge': ['onStart', 'immediately'],
	'procoreTrigger eventsPerExecution': ['one', 'severalWhenBusy'],
	'procoreTrigger reconcile': ['never', 'daily', 'everyCheck'],
	'procoreTrigger payloadVersion': ['v2.0', 'v3.0', 'v4.0'],
	'procoreTrigger operator': ['isOneOf', 'isNoneOf', 'isSet', 'isNotSet'],
	'procoreTrigger field': [
		...['source_user_id', 'source_company_id', 'source_project_id', 'source_application_id'],
		'source_operation_id',
	],
};

/** Parameters that n8n's own nodes do not describe either. */
const SELF_EXPLANATORY = new Set(['resource', 'operation']);

/** Groups of parameters that each have their own description, and texts that need none. */
const GROUPS = new Set(['collection', 'fixedCollection', 'notice']);

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

function isProperty(option: Option): option is INodeProperties {
	return 'type' in option;
}

function isCollection(option: Option): option is INodePropertyCollection {
	return 'values' in option;
}

/** A property and everything inside it. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).flatMap((option) => {
		if (isProperty(option)) return withInner(option);
		return isCollection(option) ? option.values.flatMap(withInner) : [];
	});
	return [property, ...inner];
}

function valuesOf(property: INodeProperties): unknown[] {
	return (property.options ?? []).flatMap((option) =>
		!isProperty(option) && !isCollection(option) ? [option.value] : [],
	);
}

const DESCRIBED: Array<['procore' | 'procoreTrigger', INodeType]> = [
	['procore', action],
	['procoreTrigger', trigger],
];

describe('the sources', () => {
	test("speak HTTP only in api/, and only through n8n's helpers", () => {
		const speaking = readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
			.map((file) => join('nodes', file).replaceAll('\\', '/'))
			.filter((file) => file.endsWith('.ts') && !file.startsWith('nodes/Procore/api/'))
			.filter((file) =>
				/\bhttpRequest|\brequestWith|\bfetch\(/.test(readFileSync(join(ROOT, file), 'utf8')),
			);
		expect(speaking).toEqual([]);
	});

	test('have at most 250 lines each', () => {
		const longer = ['nodes', 'credentials']
			.flatMap((folder) =>
				readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
					join(folder, file).replaceAll('\\', '/'),
				),
			)
			.filter((file) => file.endsWith('.ts'))
			.map((file) => `${file}: ${readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1}`)
			.filter((counted) => Number(counted.split(': ')[1]) > MOST_LINES);
		expect(longer).toEqual([]);
	});
});

describe('the tests', () => {
	test('call a test "test" everywhere', () => {
		const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(
			(file) => file.endsWith('.test.ts') && !file.includes('node_modules'),
		);
		const others = files.filter((file) =>
			/^\s*it(\.|\()/m.test(readFileSync(join(ROOT, 'test', file), 'utf8')),
		);
		expect(others).toEqual([]);
	});
});

describe('package.json', () => {
	test('is accepted by n8n', () => {
		expect(manifest.name).toBe('n8n-nodes-procore');
		expect(manifest.license).toBe('MIT');
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(n8n.n8nNodesApiVersion).toBe(1);
		expect(n8n.strict).toBe(true);
		expect(manifest.files).toEqual(['dist']);
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test.each([...NODES, ...CREDENTIALS])('has a source for %s that exports its class', (path) => {
		const source = path.replace(/^dist\//, '').replace(/\.js$/, '.ts');
		expect(path).toMatch(/^dist\//);
		const [className] = (source.split('/').pop() ?? '').split('.');
		expect(readFileSync(join(ROOT, source), 'utf8')).toContain(`export class ${className} `);
	});

	test('lists every node and credential', () => {
		const sources = (folder: string, ending: string) =>
			readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
				.filter((file) => file.endsWith(ending))
				.map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js').replaceAll('\\', '/')}`);
		expect(sources('nodes', '.node.ts').sort()).toEqual([...NODES].sort());
		expect(sources('credentials', '.credentials.ts').sort()).toEqual([...CREDENTIALS].sort());
	});
});

describe.each(DESCRIBED)('the node %s', (name, node) => {
	const { description } = node;

	test('has its names', () => {
		expect(description.name).toBe(name);
		expect(description.displayName).toBe(name === 'procore' ? 'Procore' : 'Procore Trigger');
		expect(description.version).toBe(1);
		expect(description.credentials).toEqual([{ name: credential.name, required: true }]);
		expect(description.inputs).toEqual(name === 'procore' ? ['main'] : []);
		expect(description.usableAsTool).toBe(name === 'procore' ? true : undefined);
		expect(description.group).toEqual([name === 'procore' ? 'transform' : 'trigger']);
	});

	test('has icons for both themes', () => {
		const { icon } = description;
		if (typeof icon !== 'object') throw new Error('No themed icons');
		expect(icon.light).not.toBe(icon.dark);
		for (const file of [icon.light, icon.dark]) {
			const path = join(ROOT, 'nodes', 'Procore', file.replace(/^file:/, ''));
			expect(readFileSync(path, 'utf8')).toMatch(/^<svg /);
		}
	});

	test('has its codex', () => {
		const file = name === 'procore' ? 'Procore.node.json' : 'ProcoreTrigger.node.json';
		const codex = readJson(join('nodes', 'Procore', file));
		expect(codex.node).toBe(`${text(manifest.name)}.${name}`);
		expect(codex.categories).not.toEqual([]);
		const { primaryDocumentation, credentialDocumentation } = jsonObject(codex.resources);
		for (const links of [primaryDocumentation, credentialDocumentation]) {
			const [link] = Array.isArray(links) ? links : [];
			expect(isJsonObject(link) && link.url).toContain('https://github.com/');
		}
	});

	test('has only parameters that the design names', () => {
		const names = new Set(description.properties.map((property) => property.name));
		expect([...names].filter((known) => !PARAMETERS[name].some((one) => one === known))).toEqual(
			[],
		);
		for (const property of description.properties) {
			const inner = withInner(property)
				.slice(1)
				.map((inside) => inside.name);
			const allowed = INSIDE[`${name} ${property.name}`] ?? [];
			expect(inner.filter((inside) => !allowed.includes(inside))).toEqual([]);
		}
	});

	test('has only values that the design names', () => {
		for (const property of description.properties.flatMap(withInner)) {
			const { resource = [], operation = [] } = property.displayOptions?.show ?? {};
			const [expected] = [
				...[...resource, ...operation].map((each) => VALUES[`${name} ${property.name} of ${each}`]),
				VALUES[`${name} ${property.name}`],
			].filter((values) => values !== undefined);
			const found = valuesOf(property);
			if (expected === undefined || found.length === 0) continue;
			expect([property.name, [...found].sort()]).toEqual([property.name, [...expected].sort()]);
			expect([property.name, expected]).toEqual([
				property.name,
				expect.arrayContaining([property.default]),
			]);
		}
	});

	test('shows a parameter only for parameters and values that exist', () => {
		const known = new Map<string, unknown[]>();
		for (const property of description.properties) {
			known.set(property.name, [...(known.get(property.name) ?? []), ...valuesOf(property)]);
		}
		for (const { name: shown, displayOptions } of description.properties) {
			const conditions = { ...displayOptions?.show, ...displayOptions?.hide };
			for (const [parameter, values] of Object.entries(conditions)) {
				const [root = ''] = parameter.split('.');
				expect([shown, parameter, known.has(root)]).toEqual([shown, parameter, true]);
				const possible = known.get(parameter) ?? [];
				if (possible.length === 0) continue;
				for (const value of values ?? []) expect(possible).toContain(value);
			}
		}
	});

	// n8n evaluates them for every execution in a sandbox with a timeout, and answers 500 to an event if that runs out.
	test('shows no parameter by a regular expression', () => {
		const conditions = description.properties
			.flatMap(withInner)
			.map(({ displayOptions }) => JSON.stringify(displayOptions ?? {}));
		expect(conditions.filter((condition) => condition.includes('"regex"'))).toEqual([]);
	});

	test('has every list that its parameters use, and no others', () => {
		const lists: string[] = [];
		for (const property of description.properties.flatMap(withInner)) {
			const { loadOptionsMethod } = property.typeOptions ?? {};
			if (loadOptionsMethod !== undefined) lists.push(loadOptionsMethod);
			for (const { typeOptions } of property.modes ?? []) {
				if (typeOptions?.searchListMethod !== undefined) lists.push(typeOptions.searchListMethod);
			}
		}
		const { listSearch = {}, loadOptions = {} } = node.methods ?? {};
		const methods = [...Object.keys(listSearch), ...Object.keys(loadOptions)];
		expect([...new Set(lists)].sort()).toEqual(methods.sort());
	});

	test('describes every parameter in the panel and masks the secret ones', () => {
		for (const property of description.properties.flatMap(withInner)) {
			expect(property.displayName).not.toBe('');
			if (!SELF_EXPLANATORY.has(property.name) && !GROUPS.has(property.type)) {
				expect([property.name, property.description ?? '']).toEqual([
					property.name,
					expect.stringMatching(/^[A-Z].{9,}/),
				]);
			}
			if (property.name === 'authorization') {
				expect(property.typeOptions?.password).toBe(true);
			}
		}
	});
});

describe('the action node', () => {
	const offered = (name: string) =>
		action.description.properties.filter((property) => property.name === name);

	test('offers the resources that are implemented, all of them named by the design', () => {
		const resources = offered('resource').flatMap(valuesOf).map(String);
		expect(resources.sort()).toEqual(Object.keys(operations).sort());
		for (const resource of resources) expect(Object.keys(OPERATIONS)).toContain(resource);
	});

	test.each(Object.keys(operations))(
		'offers the operations of %s that are implemented',
		(resource) => {
			const [list] = offered('operation').filter(({ displayOptions }) =>
				displayOptions?.show?.resource?.includes(resource),
			);
			const values = list === undefined ? [] : valuesOf(list).map(String);
			expect(values.sort()).toEqual(Object.keys(operations[resource] ?? {}).sort());
			for (const value of values) expect(OPERATIONS[resource]).toContain(value);
			expect(values).toContain(list?.default);
			for (const option of list?.options ?? []) {
				expect('action' in option && option.action).toMatch(/^[A-Z]/);
			}
		},
	);
});

test.each([
	'credentials/ProcoreOAuth2Api.credentials.ts',
	'nodes/Procore/Procore.node.json',
	'nodes/Procore/ProcoreTrigger.node.json',
])('%s links to headings that the README has', (file) => {
	const headings = readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^#+ (.+)$/gm);
	// GitHub's anchors: lower case, dashes for spaces; `readme` is the page itself.
	const anchors = [...headings].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
	const links = readFileSync(join(ROOT, file), 'utf8').matchAll(/n8n-nodes-procore#([\w-]+)/g);
	const targets = [...links].map(([, anchor]) => anchor);
	expect(targets).not.toEqual([]);
	expect(['readme', ...anchors]).toEqual(expect.arrayContaining(targets));
});

describe('the credential', () => {
	const field = (name: string) => credential.properties.find((property) => property.name === name);

	test('has its names and icons', () => {
		expect(credential.name).toBe('procoreOAuth2Api');
		expect(credential.displayName).toBe('Procore OAuth2 API');
		expect(credential.extends).toEqual(['oAuth2Api']);
		expect(credential.documentationUrl).toMatch(/^https:\/\/github\.com\//);
		const { icon } = credential;
		if (typeof icon !== 'object') throw new Error('No themed icons');
		for (const file of [icon.light, icon.dark]) {
			expect(existsSync(join(ROOT, 'credentials', file.replace(/^file:/, '')))).toBe(true);
		}
	});

	test('has only the fields that the design names', () => {
		const visible = credential.properties.filter(({ type }) => type !== 'hidden');
		expect([...new Set(visible.map(({ name }) => name))]).toEqual([
			...['environment', 'loginUrl', 'apiUrl', 'grantType', 'companyId', 'webhooksApiVersion'],
		]);
		for (const name of ['loginUrl', 'apiUrl']) {
			expect(field(name)?.displayOptions).toEqual({ show: { environment: ['custom'] } });
		}
	});

	test.each<[string, string[], string]>([
		['environment', ['production', 'sandbox', 'monthlySandbox', 'federal', 'custom'], 'production'],
		['grantType', ['authorizationCode', 'clientCredentials'], 'authorizationCode'],
		['webhooksApiVersion', ['v2.0', 'v1.0'], 'v2.0'],
	])('has the values and the default of %s', (name, values, standard) => {
		const property = field(name);
		if (property === undefined) throw new Error(`No field ${name}`);
		expect(valuesOf(property).map(String).sort()).toEqual([...values].sort());
		expect(property.default).toBe(standard);
	});

	test('sends id and secret in the body and requests no scope', () => {
		expect(field('authentication')).toMatchObject({ type: 'hidden', default: 'body' });
		expect(field('scope')).toMatchObject({ type: 'hidden', default: '' });
	});

	test('distinguishes a wrong token, a missing company and an app that is not connected', () => {
		const messages = new Map(
			credential.test.rules?.map(({ properties }) => [
				'value' in properties ? properties.value : undefined,
				properties.message,
			]),
		);
		expect(messages.get(400)).toMatch(/[Ee]nter the Company ID/);
		expect(messages.get(401)).toMatch(/Check Client ID, Client Secret and Environment/);
		expect(messages.get(403)).toMatch(/not installed in this company/);
		expect(messages.get(404)).toMatch(/Correct the Company ID. If it is empty, enter/);
	});
});
