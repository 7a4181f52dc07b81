import type { INodeProperties } from 'n8n-workflow';

import { companyLocator } from './company';
import { filters } from './filters';
import { payloadVersionProperty } from './hook';
import { simplifyProperty } from './list';
import { safetyCheck } from './safety-check';

/** The panel of the trigger node, from top to bottom. */
export const triggerProperties: INodeProperties[] = [
	companyLocator,
	{
		displayName: 'Scope',
		name: 'scope',
		type: 'options',
		default: 'projects',
		options: [
			{
				name: 'All Projects',
				value: 'allProjects',
				description:
					'Events of the tools in every active project, such as RFIs and submittals. A test listens in the 10 that were changed last.',
			},
			{
				name: 'Company',
				value: 'company',
				description: 'Company-level events only, such as vendors, users and projects',
			},
			{
				name: 'Projects',
				value: 'projects',
				description: 'Events of the tools in the chosen projects, such as RFIs and submittals',
			},
		],
		description: 'Where in Procore to listen',
	},
	{
		displayName: 'Project Names or IDs',
		name: 'projectIds',
		type: 'multiOptions',
		default: [],
		displayOptions: { show: { scope: ['projects'] } },
		typeOptions: { loadOptionsMethod: 'getProjects', loadOptionsDependsOn: ['companyId.value'] },
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Trigger On Event Names or IDs',
		name: 'events',
		type: 'multiOptions',
		default: [],
		required: true,
		typeOptions: {
			loadOptionsMethod: 'getEvents',
			loadOptionsDependsOn: ['companyId.value', 'scope', 'projectIds', 'options.payloadVersion'],
		},
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	filters,
	{
		displayName: 'Ignore Own Changes',
		name: 'ignoreOwnChanges',
		type: 'options',
		default: 'none',
		options: [
			{ name: 'No', value: 'none', description: 'Start for changes of everybody' },
			{
				name: 'Of This App',
				value: 'application',
				description: "Not for changes made through the credential's app, as by a Procore node",
			},
			{
				name: 'Of This App or User',
				value: 'both',
				description: 'Neither for changes of the app nor for those of the user',
			},
			{
				name: 'Of This User',
				value: 'user',
				description: "Not for changes that the credential's user or service account made",
			},
		],
		description:
			'Whether to leave out what the account of the credential changed itself, so that a workflow that writes to Procore does not start itself again and again',
	},
	safetyCheck,
	{
		displayName: 'Namespace',
		name: 'namespace',
		type: 'string',
		default: '',
		placeholder: 'e.g. my-app-rfis',
		hint: 'Leave empty unless Procore has to show the hook under a name of yours',
		description:
			'The name under which the hook is kept in Procore: lower-case letters, digits and dashes. Left empty, the node makes one of its own.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Acknowledge',
				name: 'acknowledge',
				type: 'options',
				default: 'onStart',
				options: [
					{
						name: 'Immediately',
						value: 'immediately',
						description:
							'Tell Procore before the workflow is started. Never late, but an event is gone if n8n stops in between.',
					},
					{
						name: 'When Workflow Starts',
						value: 'onStart',
						description:
							'Tell Procore after the workflow is handed over. Procore sends the event again if n8n takes over 5 seconds.',
					},
				],
				description: 'When to tell Procore that an event has arrived',
			},
			{
				displayName: 'Ignore Repeated Events',
				name: 'dedupe',
				type: 'boolean',
				default: true,
				description:
					'Whether to start once for an event that Procore sends several times, even if n8n is restarted in between',
			},
			{
				...payloadVersionProperty,
				description:
					'The form in which Procore sends events; the output is the same for all of them',
			},
			{
				displayName: 'Recover Missed Events',
				name: 'recoverMissed',
				type: 'boolean',
				default: true,
				description:
					'Whether the safety check also starts the workflow for events that Procore gave up delivering, as after n8n was down',
			},
			simplifyProperty,
		],
	},
];
