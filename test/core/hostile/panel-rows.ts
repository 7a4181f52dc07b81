import type { INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { byId, COMPANY, PROJECT, type Generation } from '../harness';
import { isEmptyDirectory, isEmptyList, isListOfNames, type AnswerName } from './answers';
import type { Stage } from './stage';

type PanelNode = 'procore' | 'procoreTrigger';

/** A response after which a list of the panel may show something. */
export interface PanelAllowance {
	readonly after: (answer: AnswerName, version: Generation) => boolean;
	readonly why: string;
	readonly shown: unknown;
}

/** How to open a list of the panel, and which unexpected responses do not make it fail. */
export interface PanelRow {
	readonly parameters: (stage: Stage) => INodeParameters;
	/** What is typed into the search of the list. */
	readonly typed?: string;
	readonly allowances?: readonly PanelAllowance[];
}

const NO_ROWS = 'an empty list is an answer: there is none to choose';

const NOTHING_FOUND: PanelAllowance = {
	after: isEmptyDirectory,
	why: NO_ROWS,
	shown: { results: [] },
};
const NO_PROJECT: PanelAllowance = { after: isEmptyDirectory, why: NO_ROWS, shown: [] };
const NO_EVENT: PanelAllowance = { after: isEmptyList, why: NO_ROWS, shown: [] };
const NO_ACTION: PanelAllowance = {
	after: isListOfNames,
	why: 'a resource has a name and no ID; with no action there is no event of it',
	shown: [],
};

const USUAL_EVENTS: PanelAllowance = {
	after: (answer, version) => isEmptyList(answer, version) || isListOfNames(answer, version),
	why: 'of a resource that Procore does not list, every usual event is offered',
	shown: [
		{ name: 'Create', value: 'create' },
		{ name: 'Update', value: 'update' },
		{ name: 'Delete', value: 'delete' },
	],
};

const NAME_ONLY = { after: isListOfNames, why: 'a resource has a name and no ID' };

const inProject = ({ hookId }: Stage): INodeParameters => ({
	resource: 'trigger',
	operation: 'create',
	companyId: byId(COMPANY),
	scope: 'project',
	projectId: byId(PROJECT),
	namespace: 'flows',
	hookId: byId(hookId),
	resourceName: 'RFIs',
});

const inProjects = (): INodeParameters => ({
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
});

/** At least one row for every list of both panels, by `node method` and a remark. */
export const PANEL_ROWS: Readonly<Record<string, PanelRow>> = {
	'procore searchCompanies': { parameters: inProject, allowances: [NOTHING_FOUND] },
	'procore searchProjects': { parameters: inProject, allowances: [NOTHING_FOUND] },
	// The search by ID asks for the project itself, and the lists are read as well.
	'procore searchProjects (by ID)': { parameters: inProject, typed: PROJECT },
	'procore searchProjects (by name)': {
		parameters: inProject,
		typed: 'Clinic',
		allowances: [NOTHING_FOUND],
	},
	'procore searchHooks': { parameters: inProject },
	'procore searchResources': {
		parameters: inProject,
		allowances: [
			{ ...NO_EVENT, shown: { results: [] } },
			{
				...NAME_ONLY,
				shown: { results: [expect.objectContaining({ value: 'Sign in' })] },
			},
		],
	},
	'procore searchRecordResources': {
		parameters: inProject,
		allowances: [
			{
				after: () => true,
				why: 'the list is part of this package',
				shown: {
					results: expect.arrayContaining([expect.objectContaining({ value: 'RFIs' })]),
				},
			},
		],
	},
	'procore getEvents': { parameters: inProject, allowances: [NO_EVENT, NO_ACTION] },
	'procore getEventTypes': { parameters: inProject, allowances: [USUAL_EVENTS] },
	'procore getDeliveryEventTypes': {
		parameters: (stage) => ({ ...inProject(stage), resource: 'delivery', operation: 'getAll' }),
		allowances: [
			{
				...USUAL_EVENTS,
				after: () => true,
				why: 'the usual events are part of this package, and enough to filter by',
			},
		],
	},
	'procore getResources': {
		parameters: inProject,
		allowances: [
			NO_EVENT,
			{ ...NAME_ONLY, shown: [expect.objectContaining({ value: 'Sign in' })] },
		],
	},
	'procoreTrigger searchCompanies': { parameters: inProjects, allowances: [NOTHING_FOUND] },
	'procoreTrigger getEvents': { parameters: inProjects, allowances: [NO_EVENT, NO_ACTION] },
	'procoreTrigger getUsers': { parameters: inProjects, allowances: [NO_PROJECT] },
	'procoreTrigger getProjects': { parameters: inProjects, allowances: [NO_PROJECT] },
};

/** Whether a list only has an entry that says why it could not be read. */
function isReason(options: readonly INodePropertyOptions[]): boolean {
	return options.length === 1 && options[0]?.value === '';
}

/**
 * The entries of a list in the panel.
 *
 * @throws also if the only entry is the reason why it could not be read.
 */
export async function openList(
	stage: Stage,
	name: string,
	{ parameters, typed }: PanelRow,
): Promise<unknown> {
	const { n8n } = stage;
	const [node, method = ''] = name.split(' ');
	const type: PanelNode = node === 'procoreTrigger' ? 'procoreTrigger' : 'procore';
	const { listSearch = {} } = n8n.nodeType(type).methods ?? {};
	if (method in listSearch) return await n8n.listSearch(type, method, parameters(stage), typed);
	const options = await n8n.loadOptions(type, method, parameters(stage));
	if (isReason(options)) throw new Error(options[0]?.name);
	return options;
}
