/** The paths of a record in Procore's REST API, starting with `/rest`, with placeholders such as `{id}`. */
export interface RecordEndpoint {
	/** Returns one record. */
	readonly show?: string;
	/** Lists records. For resources without `show`, or whose `show` needs an id that no event contains. */
	readonly list?: string;
	/** The field of a row that contains the record's id, if it is not `id`. The rows are then revisions, one of them current. */
	readonly rowKey?: string;
	/** The field of a row that contains the records, if they are nested: a change event contains its line items. */
	readonly rowsIn?: string;
	/** For resources with neither: why, and what to do, as the end of a sentence. */
	readonly advice?: string;
}

const PART_OF_BUDGET_CHANGE: RecordEndpoint = {
	advice:
		'no list of Procore contains its ID. Select Budget Changes events, whose records can be read',
};

/** A file version of a project. Procore has two names for it. */
const FILE_VERSION: RecordEndpoint = {
	show: '/rest/v1.0/file_versions/{id}?project_id={project_id}',
};

/**
 * All resources that Procore sends events for. Each path is the one in Procore's REST reference that needs no parent id, in
 * the newest version that is neither deprecated nor beta, with the view that has the most fields. ToDos are deprecated
 * without a removal date. Calendar items replace them, but it is not documented whether the ids are the same
 * [RECORD-PATHS] [RECORD-TODO-IDS].
 *
 * Some names mislead: Tasks belong to the Schedule and Task Items to the Tasks tool, Images are photos, Payment Applications
 * are owner invoices, RFQs are quotes for change events, and Generic Tool Items are correspondence.
 */
export const ENDPOINTS: Readonly<Record<string, RecordEndpoint>> = {
	'Change Types': { list: '/rest/v1.0/change_types?company_id={company_id}' },
	'Change Order Change Reasons': {
		list: '/rest/v1.0/change_order_change_reasons?company_id={company_id}',
	},
	'Line Item Types': { show: '/rest/v1.0/line_item_types/{id}?company_id={company_id}' },
	'ERP Requests': {
		advice:
			'Procore only gives the path to ERP partners. Ask Procore for it, and read the record with an HTTP Request node',
	},
	Departments: { show: '/rest/v1.0/departments/{id}?company_id={company_id}' },
	Offices: { show: '/rest/v1.0/offices/{id}?company_id={company_id}&view=extended' },
	Programs: { show: '/rest/v1.0/companies/{company_id}/programs/{id}' },
	'Project Bid Types': { show: '/rest/v1.0/companies/{company_id}/project_bid_types/{id}' },
	'Project Owner Types': { show: '/rest/v1.0/companies/{company_id}/project_owner_types/{id}' },
	'Project Regions': { show: '/rest/v1.0/companies/{company_id}/project_regions/{id}' },
	'Project Stages': { show: '/rest/v1.0/companies/{company_id}/project_stages/{id}' },
	'Project Types': { show: '/rest/v1.0/companies/{company_id}/project_types/{id}' },
	Trades: { show: '/rest/v1.0/companies/{company_id}/trades/{id}' },
	'Standard Cost Code Lists': {
		show: '/rest/v1.0/standard_cost_code_lists/{id}?company_id={company_id}',
	},
	'Standard Cost Codes': {
		show: '/rest/v1.0/standard_cost_codes/{id}?company_id={company_id}&standard_cost_code_list_id={standard_cost_code_list_id}&view=extended',
	},
	'Company Insurances': { show: '/rest/v1.0/companies/{company_id}/insurances/{id}' },
	'Company Users': { show: '/rest/v1.3/companies/{company_id}/users/{id}' },
	'Company Vendors': { show: '/rest/v1.0/vendors/{id}?company_id={company_id}' },
	'Company File Versions': { show: '/rest/v1.0/companies/{company_id}/file_versions/{id}' },
	'Company Files': { show: '/rest/v1.0/companies/{company_id}/files/{id}' },
	'Company Folders': { show: '/rest/v1.0/companies/{company_id}/folders/{id}' },
	Projects: { show: '/rest/v1.0/projects/{id}?company_id={company_id}' },
	'Timecard Time Types': { list: '/rest/v1.0/companies/{company_id}/timecard_time_types' },
	Bids: { show: '/rest/v1.0/companies/{company_id}/bids/{id}' },
	'Form Templates': { show: '/rest/v1.0/companies/{company_id}/form_templates/{id}' },
	'Budget Change Adjustment Line Items': {
		list: '/rest/v2.0/companies/{company_id}/projects/{project_id}/budget_changes/adjustment_line_items',
	},
	'Budget Change Adjustments': PART_OF_BUDGET_CHANGE,
	'Budget Change Production Quantities': PART_OF_BUDGET_CHANGE,
	'Budget Changes': { show: '/rest/v1.0/projects/{project_id}/budget_changes/{id}' },
	'Budget Line Items': { show: '/rest/v1.1/budget_line_items/{id}?project_id={project_id}' },
	'Budget Modifications': { show: '/rest/v1.0/projects/{project_id}/budget_modifications/{id}' },
	'Budget View Snapshots': { list: '/rest/v1.0/budget_view_snapshots?project_id={project_id}' },
	'Change Event Line Items': {
		list: '/rest/v1.1/change_events?project_id={project_id}',
		rowsIn: 'change_items',
	},
	'Change Events': { show: '/rest/v1.1/change_events/{id}?project_id={project_id}' },
	'RFQ Quotes': {
		show: '/rest/v1.0/rfqs/{rfq_id}/quotes/{id}?project_id={project_id}&contract_id={contract_id}',
	},
	'RFQ Responses': {
		show: '/rest/v1.0/rfqs/{rfq_id}/responses/{id}?project_id={project_id}&contract_id={contract_id}',
	},
	RFQs: { show: '/rest/v1.0/rfqs/{id}?project_id={project_id}&contract_id={contract_id}' },
	'Change Order Packages': {
		show: '/rest/v1.0/change_order_packages/{id}?project_id={project_id}',
	},
	'Change Order Requests': {
		show: '/rest/v1.0/change_order_requests/{id}?project_id={project_id}&contract_id={contract_id}',
	},
	'Potential Change Order Line Items': {
		show: '/rest/v1.0/potential_change_orders/{potential_change_order_id}/line_items/{id}?project_id={project_id}',
	},
	'Potential Change Orders': {
		show: '/rest/v1.0/potential_change_orders/{id}?project_id={project_id}&contract_id={contract_id}',
		list: '/rest/v1.0/potential_change_orders?project_id={project_id}&filters[id]={id}',
	},
	'Contract Payments': {
		show: '/rest/v1.0/contract_payments/{id}?project_id={project_id}&contract_id={contract_id}',
	},
	'Draw Requests': {
		advice: 'no endpoint with this name is published. Ask Procore which one returns it',
	},
	'Purchase Order Contract Line Items': {
		show: '/rest/v1.0/purchase_order_contracts/{purchase_order_contract_id}/line_items/{id}?project_id={project_id}',
	},
	'Purchase Order Contracts': {
		show: '/rest/v1.0/purchase_order_contracts/{id}?project_id={project_id}',
	},
	'Work Order Contract Line Items': {
		show: '/rest/v1.0/work_order_contracts/{work_order_contract_id}/line_items/{id}?project_id={project_id}',
	},
	'Work Order Contracts': { show: '/rest/v1.0/work_order_contracts/{id}?project_id={project_id}' },
	'Company Direct Cost Line Items': {
		advice:
			'company direct costs have no endpoint, and project direct costs are a different record. Ask Procore which one returns it',
	},
	'Direct Cost Line Items': {
		show: '/rest/v1.0/projects/{project_id}/direct_costs/{direct_cost_id}/line_items/{id}',
		list: '/rest/v1.0/projects/{project_id}/direct_costs/line_items?filters[id]={id}',
	},
	'Direct Costs': { show: '/rest/v1.1/projects/{project_id}/direct_costs/{id}' },
	'Payment Applications': { show: '/rest/v1.0/payment_applications/{id}?project_id={project_id}' },
	'Prime Contract Line Items': {
		show: '/rest/v1.0/prime_contracts/{prime_contract_id}/line_items/{id}?project_id={project_id}',
	},
	'Prime Contracts': { show: '/rest/v1.0/prime_contract/{id}?project_id={project_id}' },
	Locations: { show: '/rest/v1.0/projects/{project_id}/locations/{id}' },
	'Project Dates': { show: '/rest/v1.0/projects/{project_id}/project_dates/{id}' },
	'Cost Codes': { show: '/rest/v1.0/cost_codes/{id}?project_id={project_id}' },
	'Sub Jobs': { show: '/rest/v1.0/sub_jobs/{id}?project_id={project_id}' },
	'Project Insurances': { show: '/rest/v1.0/projects/{project_id}/insurances/{id}?view=extended' },
	'Project Users': { show: '/rest/v1.0/projects/{project_id}/users/{id}' },
	'Project Vendors': { show: '/rest/v1.1/projects/{project_id}/vendors/{id}?view=extended' },
	'File Versions': FILE_VERSION,
	'Project File Versions': FILE_VERSION,
	'Project Files': { show: '/rest/v1.0/files/{id}?project_id={project_id}' },
	'Project Folders': { show: '/rest/v1.0/folders/{id}?project_id={project_id}' },
	'Task Items': { show: '/rest/v1.0/task_items/{id}?project_id={project_id}' },
	'Equipment Logs': { show: '/rest/v1.0/projects/{project_id}/equipment_logs/{id}' },
	'Timecard Entries': { show: '/rest/v1.0/projects/{project_id}/timecard_entries/{id}' },
	'Coordination Issue Activities': {
		list: '/rest/v1.0/coordination_issue_activities?project_id={project_id}&filters[id]={id}&view=extended',
	},
	'Coordination Issues': {
		show: '/rest/v2.0/companies/{company_id}/projects/{project_id}/coordination_issues/{id}',
	},
	'Generic Tool Items': { show: '/rest/v1.0/generic_tool_items/{id}?project_id={project_id}' },
	'Site Instructions': { show: '/rest/v1.0/projects/{project_id}/instructions/{id}' },
	'Accident Logs': { show: '/rest/v1.0/projects/{project_id}/accident_logs/{id}' },
	'Call Logs': { show: '/rest/v1.0/projects/{project_id}/call_logs/{id}' },
	'Daily Construction Report Logs': {
		show: '/rest/v1.0/projects/{project_id}/daily_construction_report_logs/{id}',
	},
	'Daily Log/Entries': {
		advice:
			'the event does not say which kind of log it is. Select the events of a specific log, such as Manpower Logs, whose records can be read',
	},
	'Daily Logs': { show: '/rest/v1.0/projects/{project_id}/daily_log_headers?id={id}' },
	'Delivery Logs': { show: '/rest/v1.0/projects/{project_id}/delivery_logs/{id}' },
	'Dumpster Logs': { show: '/rest/v1.0/projects/{project_id}/dumpster_logs/{id}' },
	'Inspection Logs': { show: '/rest/v1.0/projects/{project_id}/inspection_logs/{id}' },
	'Manpower Logs': { show: '/rest/v1.0/projects/{project_id}/manpower_logs/{id}' },
	'Notes Logs': { show: '/rest/v1.0/projects/{project_id}/notes_logs/{id}' },
	'Plan Revision Logs': { show: '/rest/v1.0/projects/{project_id}/plan_revision_logs/{id}' },
	'Productivity Logs': { show: '/rest/v1.0/projects/{project_id}/productivity_logs/{id}' },
	'Quantity Logs': { show: '/rest/v1.0/projects/{project_id}/quantity_logs/{id}' },
	'Safety Violation Logs': { show: '/rest/v1.0/projects/{project_id}/safety_violation_logs/{id}' },
	'Visitor Logs': { show: '/rest/v1.0/projects/{project_id}/visitor_logs/{id}' },
	'Waste Logs': { show: '/rest/v1.0/projects/{project_id}/waste_logs/{id}' },
	'Weather Logs': { show: '/rest/v1.1/projects/{project_id}/daily_logs/weather_logs/{id}' },
	'Work Logs': { show: '/rest/v1.0/projects/{project_id}/work_logs/{id}' },
	'Drawing Areas': { list: '/rest/v1.1/projects/{project_id}/drawing_areas?filters[id]=[{id}]' },
	'Drawing Sets': { list: '/rest/v1.0/projects/{project_id}/drawing_sets' },
	'Drawing Uploads': { show: '/rest/v1.1/projects/{project_id}/drawing_uploads/{id}' },
	Drawings: {
		list: '/rest/v1.0/projects/{project_id}/drawing_revisions?drawing_id={id}',
		rowKey: 'drawing_id',
	},
	'Markup Layers': {
		advice:
			"the IDs in Procore's layer endpoints differ from those in its events. Read the layers of the drawing with an HTTP Request node",
	},
	'Pdf Download Pages': {
		advice: 'Procore has no endpoint to read these pages',
	},
	'Meeting Attendees': {
		advice:
			"the event doesn't include the ID of the meeting. Select Meetings events, whose records contain the attendees",
	},
	'Meeting Categories': {
		advice:
			"its list requires meeting_id, which the event doesn't include. Select Meetings events, whose records contain the categories, or Meeting Topics events, whose records contain their category",
	},
	'Meeting Topics': { list: '/rest/v1.1/projects/{project_id}/meeting_topics' },
	Meetings: { show: '/rest/v1.1/projects/{project_id}/meetings/{id}' },
	'BIM File Extractions': { show: '/rest/v1.0/bim_file_extractions/{id}?project_id={project_id}' },
	'BIM Model Revisions': {
		show: '/rest/v1.0/bim_model_revisions/{id}?project_id={project_id}&view=extended',
	},
	'BIM Models': { show: '/rest/v1.0/bim_models/{id}?project_id={project_id}&view=extended' },
	'Image Categories': { show: '/rest/v1.0/image_categories/{id}?project_id={project_id}' },
	Images: { show: '/rest/v1.0/images/{id}?project_id={project_id}' },
	'RFI Replies': { show: '/rest/v1.0/projects/{project_id}/rfis/{rfi_id}/replies/{id}' },
	RFIs: { show: '/rest/v1.0/projects/{project_id}/rfis/{id}' },
	Tasks: { show: '/rest/v1.0/tasks/{id}?project_id={project_id}' },
	ToDos: { show: '/rest/v1.0/todos/{id}?project_id={project_id}' },
	'Specification Areas': {
		list: '/rest/v2.1/companies/{company_id}/projects/{project_id}/specification_areas',
	},
	'Specification Section Divisions': {
		list: '/rest/v1.0/specification_section_divisions?project_id={project_id}',
	},
	'Specification Section Revisions': {
		show: '/rest/v1.0/specification_section_revisions/{id}?project_id={project_id}',
	},
	'Specification Sections': {
		list: '/rest/v1.0/specification_sections?project_id={project_id}&filters[id]={id}',
	},
	'Specification Sets': { show: '/rest/v1.0/projects/{project_id}/specification_sets/{id}' },
	'Submittal Packages': {
		list: '/rest/v1.0/projects/{project_id}/submittal_packages?filters[id]={id}',
	},
	Submittals: { show: '/rest/v1.1/projects/{project_id}/submittals/{id}' },
	Forms: { show: '/rest/v1.0/projects/{project_id}/forms/{id}' },
	Incidents: { show: '/rest/v1.0/projects/{project_id}/incidents/{id}' },
	'Inspection Checklists': { show: '/rest/v1.0/projects/{project_id}/checklist/lists/{id}' },
	'Observation Item Response Logs': {
		list: '/rest/v1.0/projects/{project_id}/observations/response_logs?filters[id]={id}',
	},
	'Observation Items': { show: '/rest/v1.0/observations/items/{id}?project_id={project_id}' },
	'Punch Items': { show: '/rest/v1.1/punch_items/{id}?project_id={project_id}' },
};
