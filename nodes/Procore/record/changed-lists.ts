import { CHANGED_RESOURCES, type ChangedResource } from '../model/changed-resources';
import { suggestResources } from '../model/resource-words';

/** A list of records that takes `filters[updated_at]`, so that it can return what has changed. */
export interface ChangedList {
	/** The path and query, starting with `/rest`, with the placeholders `{company_id}` and `{project_id}`. */
	readonly list: string;
	/** The operation in Procore's REST reference that documents the filter [LIST-UPDATED-AT]. */
	readonly source: string;
	/** The field of a row that contains the record's id, if it is not `id`. The rows are then revisions of records. */
	readonly rowKey?: string;
	/** The maximum number of rows per page, if it is lower than in other lists of that version. */
	readonly perPage?: number;
}

/**
 * The resources whose changes can be listed by the ids of a company and a project. Each list has the filter, the paging
 * (`page`, `per_page`) and, unless `rowKey` says otherwise, the ids of the resource's events.
 *
 * Not here, although such a list exists: Change Order Requests, RFQs and the line items of contracts, whose lists need the id
 * of a contract; Timecard Entries, which are listed for the company without their project; and files and folders, whose
 * common list is not documented to have the ids of events [LIST-UPDATED-AT].
 *
 * Lists of people and projects hide what is inactive [LIST-HIDES-INACTIVE]. For projects, a filter includes it; a user who
 * was deactivated is not found. Rows of Trades, Drawings and Submittal Packages have no `created_at`, so a new one looks like
 * a changed one. Users without access to the directory get rows of Project Users without times.
 */
export const CHANGED_LISTS: Readonly<Record<ChangedResource, ChangedList>> = {
	'Form Templates': {
		list: '/rest/v1.0/companies/{company_id}/form_templates',
		source: 'RestV10CompaniesCompanyIdFormTemplatesGet',
	},
	Trades: {
		list: '/rest/v1.0/companies/{company_id}/trades',
		source: 'RestV10CompaniesCompanyIdTradesGet',
	},
	'Company Users': {
		list: '/rest/v1.3/companies/{company_id}/users',
		source: 'RestV13CompaniesCompanyIdUsersGet',
	},
	'Company Vendors': {
		list: '/rest/v1.0/vendors?company_id={company_id}',
		source: 'RestV10VendorsGet',
	},
	Projects: {
		list: '/rest/v1.1/projects?company_id={company_id}&filters[by_status]=All',
		source: 'RestV11ProjectsGet',
		perPage: 300,
	},
	'Change Events': {
		list: '/rest/v1.1/change_events?project_id={project_id}',
		source: 'RestV11ChangeEventsGet',
	},
	'Change Order Packages': {
		list: '/rest/v1.0/change_order_packages?project_id={project_id}',
		source: 'RestV10ChangeOrderPackagesGet',
	},
	'Potential Change Orders': {
		list: '/rest/v1.0/potential_change_orders?project_id={project_id}',
		source: 'RestV10PotentialChangeOrdersGet',
	},
	// The view `compact`, which is the default of both, is not documented to have the times [LIST-TIMES].
	'Purchase Order Contracts': {
		list: '/rest/v1.0/purchase_order_contracts?project_id={project_id}&view=extended',
		source: 'RestV10PurchaseOrderContractsGet',
	},
	'Work Order Contracts': {
		list: '/rest/v1.0/work_order_contracts?project_id={project_id}&view=extended',
		source: 'RestV10WorkOrderContractsGet',
	},
	'Prime Contracts': {
		list: '/rest/v1.0/prime_contracts?project_id={project_id}',
		source: 'RestV10PrimeContractsGet',
	},
	'Direct Costs': {
		list: '/rest/v1.1/projects/{project_id}/direct_costs',
		source: 'RestV11ProjectsProjectIdDirectCostsGet',
	},
	'Direct Cost Line Items': {
		list: '/rest/v1.0/projects/{project_id}/direct_costs/line_items',
		source: 'RestV10ProjectsProjectIdDirectCostsLineItemsGet',
	},
	Locations: {
		list: '/rest/v1.0/projects/{project_id}/locations',
		source: 'RestV10ProjectsProjectIdLocationsGet',
	},
	'Project Users': {
		list: '/rest/v1.0/projects/{project_id}/users',
		source: 'RestV10ProjectsProjectIdUsersGet',
	},
	'Coordination Issues': {
		list: '/rest/v2.0/companies/{company_id}/projects/{project_id}/coordination_issues',
		source: 'RestV20CompaniesCompanyIdProjectsProjectIdCoordinationIssuesGet',
	},
	'Generic Tool Items': {
		list: '/rest/v1.0/projects/{project_id}/correspondence_type_items',
		source: 'RestV10ProjectsProjectIdCorrespondenceTypeItemsGet',
	},
	// Without the query, the list skips the revisions of obsolete drawings.
	Drawings: {
		list: '/rest/v1.0/projects/{project_id}/drawing_revisions?with_obsolete=true',
		source: 'RestV10ProjectsProjectIdDrawingRevisionsGet',
		rowKey: 'drawing_id',
	},
	Images: {
		list: '/rest/v1.0/images?project_id={project_id}',
		source: 'RestV10ImagesGet',
	},
	RFIs: {
		list: '/rest/v1.0/projects/{project_id}/rfis',
		source: 'RestV10ProjectsProjectIdRfisGet',
	},
	Tasks: {
		list: '/rest/v1.0/tasks?project_id={project_id}',
		source: 'RestV10TasksGet',
	},
	'Submittal Packages': {
		list: '/rest/v1.0/projects/{project_id}/submittal_packages',
		source: 'RestV10ProjectsProjectIdSubmittalPackagesGet',
	},
	Submittals: {
		list: '/rest/v1.1/projects/{project_id}/submittals',
		source: 'RestV11ProjectsProjectIdSubmittalsGet',
	},
	Forms: {
		list: '/rest/v1.0/projects/{project_id}/forms',
		source: 'RestV10ProjectsProjectIdFormsGet',
	},
	Incidents: {
		list: '/rest/v1.0/projects/{project_id}/incidents',
		source: 'RestV10ProjectsProjectIdIncidentsGet',
	},
	'Inspection Checklists': {
		list: '/rest/v1.0/projects/{project_id}/checklist/lists',
		source: 'RestV10ProjectsProjectIdChecklistListsGet',
	},
	'Observation Items': {
		list: '/rest/v1.0/observations/items?project_id={project_id}',
		source: 'RestV10ObservationsItemsGet',
	},
	'Observation Item Response Logs': {
		list: '/rest/v1.0/projects/{project_id}/observations/response_logs',
		source: 'RestV10ProjectsProjectIdObservationsResponseLogsGet',
	},
	'Punch Items': {
		list: '/rest/v1.1/punch_items?project_id={project_id}',
		source: 'RestV11PunchItemsGet',
	},
};

/** Whether a list needs the id of a project. */
export function isProjectList({ list }: ChangedList): boolean {
	return list.includes('{project_id}');
}

/** The list of a resource, or why there is none. */
export type FoundList =
	| { readonly ok: true; readonly name: string; readonly changed: ChangedList }
	/** For the user. */
	| { readonly ok: false; readonly message: string };

/** Finds the list of a resource. Ignores case, like the events of Procore. */
export function findChangedList(resourceName: string): FoundList {
	const wanted = resourceName.toLowerCase();
	const name = CHANGED_RESOURCES.find((known) => known.toLowerCase() === wanted);
	if (name !== undefined) return { ok: true, name, changed: CHANGED_LISTS[name] };
	const suggested = suggestResources(resourceName, CHANGED_RESOURCES);
	const advice =
		suggested === undefined
			? 'Select one from the list in Resource Name.'
			: `Did you mean ${suggested}?`;
	return {
		ok: false,
		message: `Procore can't list the changed records of "${resourceName}". ${advice}`,
	};
}
