import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { byId, COMPANY, PROJECT, type Generation, type N8n } from '../harness';
import { inProject, URL_B } from '../action-support';
import { isEmptyDirectory, isEmptyList, isListOfNames, type AnswerName } from './answers';
import { textOf, type Outcome } from './outcome';
import { OWN_NAMESPACE, type Stage } from './stage';

/** A response after which an operation may continue, and its output. */
export interface Allowance {
	readonly after: (answer: AnswerName, version: Generation) => boolean;
	readonly why: string;
	/** The expected items. */
	readonly items: readonly IDataObject[];
}

/** How to run an operation, and which unexpected responses do not make it fail. */
export interface ActionRow {
	/** The state of Procore before the run. */
	readonly prepare?: (stage: Stage) => Promise<void>;
	readonly parameters: (stage: Stage) => INodeParameters;
	readonly input?: IDataObject;
	readonly allowances?: readonly Allowance[];
	/** Whether the row rightly succeeds with this outcome if the answer comes in the middle of its work. */
	readonly maySucceedHalfway?: (
		answer: AnswerName,
		version: Generation,
		outcome: Outcome,
	) => boolean;
}

/** After the list of hooks, the response to a request for the deliveries of a hook that has none. */
function isWithoutDeliveries(answer: AnswerName, version: Generation): boolean {
	return answer === '404' && version === 'v2.0';
}

const NO_ROWS: Allowance = {
	after: isEmptyList,
	why: 'an empty list is an answer: there is none',
	items: [],
};

const NOBODY: Allowance = { ...NO_ROWS, after: isEmptyDirectory };

const NEVER_DELIVERED = 'a hook that has never delivered';

function onHook(resource: string, operation: string, more: INodeParameters = {}) {
	return ({ hookId }: Stage) => inProject(resource, operation, { hookId: byId(hookId), ...more });
}

const summary = {
	hook_id: expect.any(String),
	company_id: COMPANY,
	project_id: PROJECT,
};

/** On v1.0, the deletion was done before the response, and a 404 is what confirms it. */
function isConfirmation(answer: AnswerName, version: Generation): boolean {
	return answer === '404' && version === 'v1.0';
}

const RECORD_ID = '338821';

async function changeRecord(
	{ control }: N8n,
	resourceName: string,
	fields: Record<string, unknown> = {},
): Promise<void> {
	await control.change({
		companyId: COMPANY,
		projectId: PROJECT,
		resourceName,
		resourceId: RECORD_ID,
		eventType: 'update',
		record: fields,
	});
}

function record(resourceName: string): INodeParameters {
	return {
		resource: 'record',
		operation: 'get',
		resourceName,
		recordId: RECORD_ID,
		companyId: COMPANY,
		projectId: PROJECT,
		options: { waitForChange: false },
	};
}

const list = { returnAll: true };

/** At least one row for every operation of the action node, by `resource: operation` and a remark. */
export const ACTION_ROWS: Readonly<Record<string, ActionRow>> = {
	'company: getAll': {
		parameters: () => ({ resource: 'company', operation: 'getAll', ...list }),
		allowances: [NOBODY],
	},
	'project: getAll': {
		parameters: () => inProject('project', 'getAll', list),
		allowances: [NOBODY],
	},
	'project: getAll (search)': {
		parameters: () => inProject('project', 'getAll', { search: 'Clinic', ...list }),
		// There is one request for the number, and one for the name, which finds the project.
		allowances: [NOBODY],
		maySucceedHalfway: isEmptyDirectory,
	},
	'project: get': { parameters: () => inProject('project', 'get') },
	'user: getAll': {
		parameters: () => inProject('user', 'getAll', { search: 'okafor', ...list }),
		allowances: [NOBODY],
	},
	'user: get': { parameters: () => inProject('user', 'get', { userId: '7710345' }) },
	'webhookResource: getAll': {
		parameters: () => inProject('webhookResource', 'getAll', list),
		allowances: [
			NO_ROWS,
			{
				after: isListOfNames,
				why: 'a resource has a name and no ID',
				items: [expect.objectContaining({ name: 'Sign in' })],
			},
		],
	},
	'hook: getAll': {
		parameters: () => inProject('hook', 'getAll', { namespace: OWN_NAMESPACE, ...list }),
		allowances: [NO_ROWS],
	},
	'hook: get': { parameters: onHook('hook', 'get') },
	'hook: check': {
		parameters: () => inProject('hook', 'check', { namespace: OWN_NAMESPACE }),
		allowances: [NO_ROWS],
		maySucceedHalfway: isWithoutDeliveries,
	},
	'hook: check (all projects)': {
		parameters: () => inProject('hook', 'check', { scope: 'allProjects' }),
		allowances: [NOBODY],
		// The other projects are not lost: one that could not be read says so.
		maySucceedHalfway: (answer, version, outcome) =>
			isWithoutDeliveries(answer, version) || textOf(outcome).includes('"notChecked"'),
	},
	'hook: create': {
		parameters: () =>
			inProject('hook', 'create', { namespace: 'new-flows', destinationUrl: URL_B }),
	},
	'hook: upsert': {
		parameters: () => inProject('hook', 'upsert', { destinationUrl: URL_B }),
	},
	'hook: upsert (dry run)': {
		parameters: () => inProject('hook', 'upsert', { destinationUrl: URL_B, dryRun: true }),
		allowances: [
			{
				...NO_ROWS,
				items: [expect.objectContaining({ id: null, result: 'created', would: true })],
			},
		],
	},
	'hook: update': {
		parameters: onHook('hook', 'update', { updateFields: { destinationUrl: URL_B } }),
	},
	'hook: delete': {
		parameters: onHook('hook', 'delete'),
		maySucceedHalfway: isConfirmation,
	},
	'hook: delete (dry run)': { parameters: onHook('hook', 'delete', { dryRun: true }) },
	'trigger: getAll': {
		parameters: onHook('trigger', 'getAll', list),
		allowances: [NO_ROWS],
	},
	'trigger: create': {
		parameters: onHook('trigger', 'create', { resourceName: 'Submittals', eventType: 'create' }),
	},
	'trigger: delete': {
		parameters: ({ hookId, triggerId }) =>
			inProject('trigger', 'delete', { hookId: byId(hookId), triggerId }),
		maySucceedHalfway: isConfirmation,
	},
	'trigger: sync': {
		parameters: onHook('trigger', 'sync', { events: ['RFIs:create', 'Submittals:create'] }),
	},
	'trigger: sync (dry run)': {
		parameters: onHook('trigger', 'sync', {
			events: ['RFIs:create', 'Submittals:create'],
			dryRun: true,
		}),
	},
	'delivery: getAll': {
		parameters: onHook('delivery', 'getAll', list),
		allowances: [NO_ROWS],
	},
	'delivery: getAll (events)': {
		parameters: onHook('delivery', 'getAll', { output: 'events', ...list }),
		allowances: [NO_ROWS],
	},
	'delivery: getMissed': {
		parameters: onHook('delivery', 'getMissed', list),
		allowances: [NO_ROWS],
	},
	'delivery: summarize': {
		parameters: onHook('delivery', 'summarize'),
		allowances: [
			{
				after: isEmptyList,
				why: `an empty list is what ${NEVER_DELIVERED} has`,
				items: [expect.objectContaining({ ...summary, deliveries: 0 })],
			},
		],
	},
	'record: get': {
		prepare: async ({ n8n }) => await changeRecord(n8n, 'RFIs'),
		parameters: () => record('RFIs'),
	},
	'record: get (with names)': {
		prepare: async ({ n8n }) => await changeRecord(n8n, 'RFIs'),
		parameters: () => ({
			...record('RFIs'),
			options: { waitForChange: false, addContext: true },
		}),
		// Names that the account cannot access are empty, and so is the link if Procore names no web host.
		maySucceedHalfway: (answer, _version, outcome) =>
			answer === '404' || textOf(outcome).includes('"project_name":"Harbour Street Clinic"'),
	},
	'record: getChanged': {
		prepare: async ({ n8n }) => {
			await changeRecord(n8n, 'RFIs');
			await n8n.control.advance(5);
		},
		parameters: () => ({
			resource: 'record',
			operation: 'getChanged',
			resourceName: 'RFIs',
			companyId: byId(COMPANY),
			projectId: byId(PROJECT),
			...list,
		}),
		// Most of these lists are v1.x lists whatever the credential says.
		allowances: [NOBODY],
	},
	'record: getFiles': {
		prepare: async ({ n8n }) => {
			const { url } = await n8n.control.addFile({ name: 'a.pdf', bytes: 10 });
			const attachments = [{ id: 1, name: 'a.pdf', url }];
			await changeRecord(n8n, 'RFIs', { questions: [{ id: 1, attachments }] });
		},
		parameters: () => ({ ...record('RFIs'), operation: 'getFiles' }),
		// The file was deleted meanwhile.
		maySucceedHalfway: (answer) => answer === '404',
	},
	'record: get (from a list)': {
		prepare: async ({ n8n }) => await changeRecord(n8n, 'Specification Areas'),
		parameters: () => record('Specification Areas'),
	},
};
