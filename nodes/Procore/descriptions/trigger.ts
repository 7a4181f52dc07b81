import type { INodeProperties } from 'n8n-workflow';

import { companyLocator } from './company';

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
				description: 'Events of the tools in every active project, such as RFIs and submittals',
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
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'fixedCollection',
		placeholder: 'Add condition',
		default: {},
		typeOptions: { multipleValues: true },
		description:
			'Start only for changes that somebody or something in particular made; all conditions must hold',
		options: [
			{
				displayName: 'Conditions',
				name: 'conditions',
				values: [
					{
						displayName: 'Field',
						name: 'field',
						type: 'options',
						default: 'source_user_id',
						options: [
							{
								name: 'Application (Client ID)',
								value: 'source_application_id',
								description:
									'The app that made the change; not set for changes made in Procore itself',
							},
							{ name: 'Company ID', value: 'source_company_id' },
							{
								name: 'Operation ID',
								value: 'source_operation_id',
								description: 'A token that an app sent along with its change',
							},
							{ name: 'Project ID', value: 'source_project_id' },
							{ name: 'User ID', value: 'source_user_id' },
						],
						description: 'What to look at in the event',
					},
					{
						displayName: 'Operator',
						name: 'operator',
						type: 'options',
						default: 'isOneOf',
						options: [
							{ name: 'Is None Of', value: 'isNoneOf' },
							{ name: 'Is Not Set', value: 'isNotSet' },
							{ name: 'Is One Of', value: 'isOneOf' },
							{ name: 'Is Set', value: 'isSet' },
						],
						description: 'How to compare',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. 7710345, 7719902',
						displayOptions: { show: { operator: ['isOneOf', 'isNoneOf'] } },
						description:
							'One or several values, separated by commas, or an expression that gives a list',
					},
				],
			},
		],
	},
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
	{
		displayName: 'Safety Check',
		name: 'pollTimes',
		type: 'fixedCollection',
		placeholder: 'Add time',
		// n8n draws the minute of this one by chance: at one minute, all the nodes of an account would ask Procore at once.
		default: { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] },
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Time' },
		description:
			'When to look whether the hook in Procore is still in order, and to fetch events that did not arrive. Events themselves arrive at once, independent of this.',
		options: [
			{
				displayName: 'Time',
				name: 'item',
				values: [
					{
						displayName: 'Check',
						name: 'mode',
						type: 'options',
						default: 'everyX',
						options: [
							{ name: 'At Times of a Cron Expression', value: 'custom' },
							{ name: 'Every Day', value: 'everyDay' },
							{ name: 'Every Few Hours or Minutes', value: 'everyX' },
							{ name: 'Every Hour', value: 'everyHour' },
						],
						description: 'How often to check',
					},
					{
						displayName: 'Cron Expression',
						name: 'cronExpression',
						type: 'string',
						default: '0 */30 * * * *',
						displayOptions: { show: { mode: ['custom'] } },
						description: 'Second, minute, hour, day of month, month, day of week',
					},
					{
						displayName: 'Every',
						name: 'value',
						type: 'number',
						default: 1,
						typeOptions: { minValue: 1, maxValue: 59 },
						displayOptions: { show: { mode: ['everyX'] } },
						description: 'Number of hours or minutes between two checks',
					},
					{
						displayName: 'Hour',
						name: 'hour',
						type: 'number',
						default: 6,
						typeOptions: { minValue: 0, maxValue: 23 },
						displayOptions: { show: { mode: ['everyDay'] } },
						description: 'The hour of the day (24h format)',
					},
					{
						displayName: 'Minute',
						name: 'minute',
						type: 'number',
						default: 0,
						typeOptions: { minValue: 0, maxValue: 59 },
						displayOptions: { show: { mode: ['everyDay', 'everyHour'] } },
						description: 'The minute of the hour',
					},
					{
						displayName: 'Unit',
						name: 'unit',
						type: 'options',
						default: 'hours',
						options: [
							{
								name: 'Hours',
								value: 'hours',
							},
							{
								name: 'Minutes',
								value: 'minutes',
							},
						],
						displayOptions: { show: { mode: ['everyX'] } },
						description: 'Whether to count in hours or minutes',
					},
				],
			},
		],
	},
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
				displayName: 'Payload Version',
				name: 'payloadVersion',
				type: 'options',
				default: 'v2.0',
				options: [
					{
						name: 'V2.0',
						value: 'v2.0',
						description: 'With metadata: who and which app made the change',
					},
					{ name: 'V3.0', value: 'v3.0', description: 'V2.0 and related resources' },
					{ name: 'V4.0', value: 'v4.0', description: 'More kinds of resources, but no metadata' },
				],
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
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
		],
	},
];
