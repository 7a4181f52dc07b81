import type { INodeProperties } from 'n8n-workflow';

import { RESOURCE_NAMES } from '../record/catalogue';
import { filters } from './filters';
import { reconcileProperty } from './reconcile';
import { safetyCheck } from './safety-check';
import { companyLocator, payloadVersionProperty, simplifyProperty } from './shared';

/** The parameters of the trigger node, in the order of the panel. */
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
					'Events of the tools in every active project, such as RFIs and submittals. A test listens only in the 10 most recently updated projects.',
			},
			{
				name: 'Company',
				value: 'company',
				description: 'Company-level events only, such as vendors, users and projects',
			},
			{
				name: 'Projects',
				value: 'projects',
				description: 'Events of the tools in the selected projects, such as RFIs and submittals',
			},
		],
		description: 'Where in Procore to listen for events',
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
		displayName: 'Event Names or IDs',
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
		displayName:
			"A deleted record can't be read. For it, Record: Get returns the record_state deleted, and the event in the field event. If you select deletions, add an If node that checks record_state.",
		name: 'deletionNotice',
		type: 'notice',
		default: '',
		// Not a pattern: n8n runs those in a sandbox for every execution, with a timeout that a busy machine exceeds, and then
		// responds to the event with 500 (n8n-workflow 2.41, safe-regex.ts).
		displayOptions: { show: { events: RESOURCE_NAMES.map((name) => `${name}:delete`) } },
	},
	filters,
	{
		displayName: 'Ignore Own Changes',
		name: 'ignoreOwnChanges',
		type: 'options',
		default: 'none',
		options: [
			{ name: 'Never', value: 'none', description: 'Trigger on changes made by anyone' },
			{
				name: 'Made by This App',
				value: 'application',
				description:
					"Skip changes made through the credential's app, for example by a Procore node",
			},
			{
				name: 'Made by This App or User',
				value: 'both',
				description: 'Skip changes made by either',
			},
			{
				name: 'Made by This User',
				value: 'user',
				description: "Skip changes made by the credential's user or service account",
			},
		],
		description:
			"Which of this credential's own changes to skip, so a workflow that writes to Procore doesn't trigger itself",
	},
	...safetyCheck,
	{
		displayName: 'Namespace',
		name: 'namespace',
		type: 'string',
		default: '',
		placeholder: 'e.g. my-app-rfis',
		hint: 'Leave empty unless you need a specific name in Procore',
		description:
			'Identifies the hook in Procore. Lowercase letters, digits and dashes. Generated if left empty.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
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
							'Respond before the workflow starts. Fastest, but an event is lost if n8n stops in between.',
					},
					{
						name: 'When Workflow Starts',
						value: 'onStart',
						description:
							'Respond once the workflow has started. Procore resends the event if n8n takes longer than 5 seconds.',
					},
				],
				description: 'When to respond to Procore',
			},
			{
				displayName: 'Events per Execution',
				name: 'eventsPerExecution',
				type: 'options',
				default: 'one',
				options: [
					{
						name: 'One',
						value: 'one',
						description: 'Start an execution for every event',
					},
					{
						name: 'Several When Busy',
						value: 'severalWhenBusy',
						description:
							'Start events together that arrive while n8n is still starting an execution, up to 100 at a time. Much faster, but the workflow must be able to process several items.',
					},
				],
				description: 'How many events an execution can contain',
			},
			{
				displayName: 'Ignore Duplicate Events',
				name: 'dedupe',
				type: 'boolean',
				default: true,
				description: 'Whether to ignore duplicate deliveries of an event, even across n8n restarts',
			},
			{
				...payloadVersionProperty,
				description:
					"Payload format that Procore uses. The node's output has the same shape for every version.",
			},
			reconcileProperty,
			{
				displayName: 'Recover Missed Events',
				name: 'recoverMissed',
				type: 'boolean',
				default: true,
				description:
					'Whether the safety check also triggers the workflow for events Procore failed to deliver, e.g. while n8n was down',
			},
			{
				displayName: 'Renew Secret',
				name: 'renewSecret',
				type: 'string',
				typeOptions: { password: true },
				// An expression could give another text for each event.
				noDataExpression: true,
				default: '',
				placeholder: 'e.g. 2026-11-27',
				description:
					'Enter any new text and publish to give the hook a new secret. Events with the previous secret are accepted for 12 more hours. Never enter the secret itself.',
			},
			{
				displayName: 'Report Problems',
				name: 'reportProblems',
				type: 'boolean',
				default: true,
				description:
					"Whether a problem that the safety check can't fix, such as a missing permission, shows as a failed execution and starts the error workflow: once when it begins, and daily while it lasts",
			},
			simplifyProperty,
			{
				displayName: 'Test Event',
				name: 'testEvent',
				type: 'options',
				default: 'live',
				options: [
					{
						name: 'Use the Latest Event',
						value: 'latest',
						description:
							"Use the newest recorded event or, without one, a sample made from the newest record, which doesn't say who changed it. Changes nothing in Procore.",
					},
					{
						name: 'Wait for a New Event',
						value: 'live',
						description: 'Listen until somebody changes something in Procore',
					},
				],
				description: 'Event that a test in the editor starts with',
			},
			{
				displayName: 'When Unpublished',
				name: 'whenUnpublished',
				type: 'options',
				default: 'removeHook',
				options: [
					{
						name: 'Keep Hook',
						value: 'keepHook',
						description:
							'Events wait and are processed once you publish again. The hook outlives a deleted workflow.',
					},
					{
						name: 'Remove Hook',
						value: 'removeHook',
						description:
							'Delete the hook. Events until you publish again, and those not yet delivered, are lost.',
					},
				],
				description: 'What happens to the hook in Procore while the workflow is not published',
			},
		],
	},
];
