import type { INodeProperties } from 'n8n-workflow';

import { idPattern } from '../model/id';
import { companyLocator } from '../descriptions/shared';

/** A project, selected from the list or entered as an id. */
export const projectLocator: INodeProperties = {
	displayName: 'Project',
	name: 'projectId',
	type: 'resourceLocator',
	default: { __rl: true, mode: 'list', value: '' },
	required: true,
	description: 'Procore project. An expression or an AI model can also give its name.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a project...',
			typeOptions: { searchListMethod: 'searchProjects', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 902214',
			hint: 'The number before /project/home in the URL of a project page, or the whole URL',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: idPattern('project'),
						errorMessage: 'Enter the project ID, or paste the URL of a project page in Procore',
					},
				},
			],
		},
	],
};

const hookLocator: INodeProperties = {
	displayName: 'Hook',
	name: 'hookId',
	type: 'resourceLocator',
	default: { __rl: true, mode: 'list', value: '' },
	required: true,
	description: 'The hook to use',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a hook...',
			typeOptions: { searchListMethod: 'searchHooks', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 61840377',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: idPattern(),
						errorMessage: 'A hook ID contains only letters, digits and dashes',
					},
				},
			],
		},
	],
};

const scope: INodeProperties = {
	displayName: 'Scope',
	name: 'scope',
	type: 'options',
	default: 'project',
	noDataExpression: true,
	options: [
		{
			name: 'Company',
			value: 'company',
			description: 'Hooks for company-level events, such as vendors and projects',
		},
		{
			name: 'Project',
			value: 'project',
			description: 'Hooks for the tools of one project, such as RFIs and submittals',
		},
	],
	description: 'Whether the hook belongs to a company or to one of its projects',
};

/** The scope of an operation that checks many hooks at once. */
const checkedScope: INodeProperties = {
	...scope,
	default: 'allProjects',
	options: [
		{
			name: 'All Projects',
			value: 'allProjects',
			description: 'Hooks of every active project of the company',
		},
		...(scope.options ?? []),
	],
	description: 'Where to check hooks',
};

const namespace: INodeProperties = {
	displayName: 'Namespace',
	name: 'namespace',
	type: 'string',
	default: 'procore',
	required: true,
	placeholder: 'e.g. procore',
	description: 'Identifies the hook in Procore. Lowercase letters, digits and dashes.',
};

/** The namespace of existing hooks; all namespaces if empty. */
const searchedNamespace: INodeProperties = {
	...namespace,
	default: '',
	required: false,
	hint: 'Leave empty to include every namespace',
	description: 'Only hooks in this namespace, which identifies a hook in Procore',
};

/** The namespace of existing hooks of a company. */
const searchedCompanyNamespace: INodeProperties = {
	...searchedNamespace,
	hint: 'Required for company hooks, unless the credential uses Webhooks API v1.0',
};

function shownFor(property: INodeProperties, resources: string[], more = {}): INodeProperties {
	return { ...property, displayOptions: { show: { resource: resources, ...more } } };
}

function searchedNamespaceFor(resources: string[], more = {}): INodeProperties[] {
	return [
		shownFor(searchedNamespace, resources, { scope: ['allProjects', 'project'], ...more }),
		shownFor(searchedCompanyNamespace, resources, { scope: ['company'], ...more }),
	];
}

const WITH_SCOPE = ['delivery', 'hook', 'trigger', 'webhookResource'];
const NEW_HOOK = ['create', 'upsert'];
const ONE_HOOK = ['delete', 'get', 'update'];
const ALL_HOOKS = ['getMissed', 'summarize'];

/** The parameters that identify hooks: company, scope, project, namespace and, for some operations, the hook itself. */
export const scopeProperties: INodeProperties[] = [
	shownFor(companyLocator, [...WITH_SCOPE, 'project', 'user']),
	shownFor(
		scope,
		WITH_SCOPE.filter((resource) => resource !== 'hook'),
	),
	shownFor(scope, ['hook'], { operation: [...NEW_HOOK, ...ONE_HOOK, 'getAll'] }),
	shownFor(checkedScope, ['hook'], { operation: ['check'] }),
	shownFor(projectLocator, WITH_SCOPE, { scope: ['project'] }),
	shownFor(projectLocator, ['project'], { operation: ['get'] }),
	shownFor(namespace, ['hook'], { operation: NEW_HOOK }),
	...searchedNamespaceFor(['delivery', 'trigger']),
	...searchedNamespaceFor(['hook'], { operation: [...ONE_HOOK, 'check', 'getAll'] }),
	shownFor(hookLocator, ['hook'], { operation: ONE_HOOK }),
	shownFor(hookLocator, ['trigger']),
	shownFor(hookLocator, ['delivery'], { operation: ['getAll'] }),
	{
		...shownFor(hookLocator, ['delivery'], { operation: ALL_HOOKS }),
		required: false,
		hint: 'Leave empty to use all hooks found above',
	},
];
