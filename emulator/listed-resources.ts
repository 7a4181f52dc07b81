import type { JsonObject } from './json';

export interface ListedResource {
	/** Procore's path in Express's form. */
	readonly path: string;
	/** The fields of a record by default, for resources without a show endpoint here. */
	readonly fields: JsonObject;
	/** Whether it is returned as in v2.x: inside `data`, with string ids. */
	readonly wrapped?: boolean;
	/** The field that contains the record's id, if the rows are revisions with ids of their own. */
	readonly rowKey?: string;
	/** Whether its rows have no `created_at`. */
	readonly undated?: boolean;
}

const inProject = (tool: string, version = 'v1.0') =>
	`/rest/${version}/projects/:projectId/${tool}`;
const inCompany = (tool: string, version = 'v1.0') =>
	`/rest/${version}/companies/:companyId/${tool}`;

/** The lists that take `filters[updated_at]` according to the REST reference, except the one of projects [LIST-UPDATED-AT]. */
export const LISTED: Readonly<Record<string, ListedResource>> = {
	'Form Templates': { path: inCompany('form_templates'), fields: { name: 'Site walk' } },
	Trades: { path: inCompany('trades'), fields: { name: 'Glazing', active: true }, undated: true },
	'Company Users': { path: inCompany('users', 'v1.3'), fields: { name: 'Ana Reyes' } },
	'Company Vendors': { path: '/rest/v1.0/vendors', fields: {} },
	'Change Events': { path: '/rest/v1.1/change_events', fields: { title: 'Unforeseen conditions' } },
	'Change Order Packages': {
		path: '/rest/v1.0/change_order_packages',
		fields: { title: 'Package 3', status: 'draft' },
	},
	'Potential Change Orders': {
		path: '/rest/v1.0/potential_change_orders',
		fields: { title: 'Extra rebar' },
	},
	'Purchase Order Contracts': {
		path: '/rest/v1.0/purchase_order_contracts',
		fields: { title: 'Rebar', status: 'Draft' },
	},
	'Work Order Contracts': {
		path: '/rest/v1.0/work_order_contracts',
		fields: { title: 'Electrical', status: 'Draft' },
	},
	'Prime Contracts': { path: '/rest/v1.0/prime_contracts', fields: { title: 'Phase 1' } },
	'Direct Costs': { path: inProject('direct_costs', 'v1.1'), fields: { status: 'draft' } },
	'Direct Cost Line Items': {
		path: inProject('direct_costs/line_items'),
		fields: { description: 'Crane' },
	},
	Locations: { path: inProject('locations'), fields: { name: 'Level 2>Room 204' } },
	'Project Users': { path: inProject('users'), fields: { name: 'Ana Reyes' } },
	'Coordination Issues': {
		path: '/rest/v2.0/companies/:companyId/projects/:projectId/coordination_issues',
		fields: {},
		wrapped: true,
	},
	'Generic Tool Items': {
		path: inProject('correspondence_type_items'),
		fields: { title: 'Notice of delay' },
	},
	Drawings: {
		path: inProject('drawing_revisions'),
		fields: { number: 'A-101', current: true },
		rowKey: 'drawing_id',
		undated: true,
	},
	Images: { path: '/rest/v1.0/images', fields: { filename: 'slab.jpg' } },
	RFIs: { path: inProject('rfis'), fields: {} },
	Tasks: { path: '/rest/v1.0/tasks', fields: { task_name: 'Pour slab' } },
	'Submittal Packages': {
		path: inProject('submittal_packages'),
		fields: { title: 'Windows' },
		undated: true,
	},
	Submittals: { path: inProject('submittals', 'v1.1'), fields: {} },
	Forms: { path: inProject('forms'), fields: { name: 'Site walk 12' } },
	Incidents: { path: inProject('incidents'), fields: { title: 'Near miss' } },
	'Inspection Checklists': { path: inProject('checklist/lists'), fields: { name: 'Slab pour' } },
	'Observation Items': { path: '/rest/v1.0/observations/items', fields: {} },
	'Observation Item Response Logs': {
		path: inProject('observations/response_logs'),
		fields: { comment: 'Fixed' },
	},
	'Punch Items': { path: '/rest/v1.1/punch_items', fields: {} },
};
