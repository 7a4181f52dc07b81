/** Where the record of a resource contains files. */
export interface FileField {
	/**
	 * The path to the object that describes the file, or to a list of such objects. Empty if the record itself describes it.
	 * The objects on the way can be lists, too.
	 */
	readonly path: string;
	/** The field of the object that contains the address; `url` by default. */
	readonly url?: string;
	/** The field of the object that contains the number of bytes; `size` by default. */
	readonly size?: string;
	/** Fields of the record that form the name of the file, before the object's own name. */
	readonly recordName?: readonly string[];
	/** For files whose name in the record has no extension. */
	readonly extension?: 'pdf';
	/** The objects are versions of one file, and only the newest one counts. */
	readonly isVersioned?: true;
	/** The page of Procore's REST reference that documents the field, after `https://developers.procore.com/reference/rest/` [FILE-FIELDS]. */
	readonly source: string;
}

const ATTACHMENTS = 'attachments';

/** Fields that contain attachments: objects with `url` and `name` or `filename`. */
function attached(source: string, ...paths: readonly string[]): readonly FileField[] {
	return paths.map((path) => ({ path, source }));
}

/** A version of a file. Its name is in `prostore_file`. */
function version(source: string): readonly FileField[] {
	return [{ path: '', source }];
}

function newestVersion(source: string): readonly FileField[] {
	return [{ path: 'file_versions', recordName: ['name'], isVersioned: true, source }];
}

/**
 * The files of each resource that has some, according to Procore's REST reference (editions of 2024 and 2026, see
 * `test/fixtures/procore/record-files.json`) [FILE-FIELDS].
 *
 * Pictures that stand for a record are not its files: logos, avatars, thumbnails and the photo of a project. Neither are the
 * files of other records in it, such as those of the vendor of a contract.
 */
export const FILE_FIELDS: Readonly<Record<string, readonly FileField[]>> = {
	'Company Vendors': attached('company-vendors', ATTACHMENTS),
	'Company File Versions': version('company-folders-and-files'),
	'Company Files': newestVersion('company-folders-and-files'),
	Bids: attached('bids', ATTACHMENTS),
	'Form Templates': attached('form-templates', 'attachment', 'fillable_pdf'),
	'Budget Changes': attached('budget-change', ATTACHMENTS),
	'Change Events': attached('change-events', ATTACHMENTS),
	'RFQ Quotes': attached('rfqs', ATTACHMENTS),
	'RFQ Responses': attached('rfqs', ATTACHMENTS),
	'Change Order Packages': attached('change-order-packages', ATTACHMENTS),
	'Change Order Requests': attached('change-order-requests', ATTACHMENTS),
	'Potential Change Orders': attached('potential-change-orders', ATTACHMENTS),
	'Contract Payments': attached('contract-payments', ATTACHMENTS),
	'Purchase Order Contracts': attached(
		'purchase-order-contracts',
		ATTACHMENTS,
		'payments_issued.attachments',
	),
	'Work Order Contracts': attached(
		'work-order-contracts',
		ATTACHMENTS,
		'payments_issued.attachments',
	),
	'Direct Costs': attached('direct-costs', ATTACHMENTS),
	'Payment Applications': attached('payment-applications-owner-invoices', ATTACHMENTS),
	'Prime Contracts': attached('prime-contracts', ATTACHMENTS, 'payments_received.attachments'),
	'Project Vendors': attached('project-vendors', ATTACHMENTS),
	'File Versions': version('project-folders-and-files'),
	'Project File Versions': version('project-folders-and-files'),
	'Project Files': newestVersion('project-folders-and-files'),
	'Task Items': attached('task-items', ATTACHMENTS),
	'Equipment Logs': attached('admin-equipment-logs', ATTACHMENTS),
	'Timecard Entries': attached('timecard-entries', 'procore_signature'),
	'Coordination Issues': attached('coordination-issues', ATTACHMENTS),
	'Generic Tool Items': attached('generic-tool-items', ATTACHMENTS),
	'Site Instructions': attached('instructions', ATTACHMENTS),
	'Accident Logs': attached('accident-logs', ATTACHMENTS),
	'Call Logs': attached('call-logs', ATTACHMENTS),
	'Daily Construction Report Logs': attached('daily-construction-report-logs', ATTACHMENTS),
	'Delivery Logs': attached('delivery-logs', ATTACHMENTS),
	'Dumpster Logs': attached('dumpster-logs', ATTACHMENTS),
	'Inspection Logs': attached('inspection-logs', ATTACHMENTS),
	'Manpower Logs': attached('manpower-logs', ATTACHMENTS),
	'Notes Logs': attached('notes-logs', ATTACHMENTS),
	'Plan Revision Logs': attached('plan-revision-logs', ATTACHMENTS),
	'Quantity Logs': attached('quantity-logs', ATTACHMENTS),
	'Safety Violation Logs': attached('safety-violation-logs', ATTACHMENTS),
	'Waste Logs': attached('waste-logs', ATTACHMENTS),
	'Weather Logs': attached('weather-logs', ATTACHMENTS),
	'Work Logs': attached('work-logs', ATTACHMENTS),
	// A row of the list is a revision, the current one.
	Drawings: [
		{
			path: '',
			url: 'pdf_url',
			size: 'pdf_size',
			recordName: ['number', 'title'],
			extension: 'pdf',
			source: 'drawings',
		},
	],
	// The reference describes a topic only as part of a meeting [FILE-FIELDS].
	'Meeting Topics': attached('meetings', ATTACHMENTS),
	Meetings: attached('meetings', ATTACHMENTS, 'meeting_categories.meeting_topic.attachments'),
	'BIM File Extractions': attached('bim-file-extractions', 'bim_file_upload.attachment'),
	'BIM Model Revisions': attached('bim-model-revisions', 'published_model', 'viewpoints.snapshot'),
	'BIM Models': attached('bim-models', 'current_revision.published_model'),
	Images: [{ path: '', source: 'images' }],
	'RFI Replies': attached('replies', ATTACHMENTS),
	RFIs: attached('rfis', 'questions.attachments', 'questions.answers.attachments'),
	'Specification Section Divisions': [
		{
			path: '',
			recordName: ['number', 'description'],
			extension: 'pdf',
			source: 'specification-section-divisions',
		},
	],
	'Specification Section Revisions': [
		{ path: '', extension: 'pdf', source: 'specification-section-revisions' },
	],
	'Submittal Packages': attached('submittal-packages', ATTACHMENTS),
	Submittals: attached(
		'submittals',
		ATTACHMENTS,
		'approvers.attachments',
		'distributed_submittals.final_attachments',
	),
	Forms: attached('forms', ATTACHMENTS, 'attachment', 'fillable_pdf'),
	Incidents: attached(
		'incidents',
		ATTACHMENTS,
		'witness_statements.attachments',
		'actions.attachments',
	),
	'Inspection Checklists': attached(
		'checklists',
		ATTACHMENTS,
		'signature_requests.signature.attachment',
	),
	'Observation Item Response Logs': attached('observations', ATTACHMENTS),
	'Observation Items': attached('observations', ATTACHMENTS),
	'Punch Items': attached('punch-items', ATTACHMENTS, 'assignments.attachments', 'web_images'),
};

/** How Procore makes a PDF of a record. */
export interface PdfEndpoint {
	/** The path in Procore's REST API, starting with `/rest`, with placeholders. */
	readonly path: string;
	/** `file`: the response is the file or redirects to it. `address`: the response contains the address in `url`. */
	readonly returns: 'file' | 'address';
	/** Like {@link FileField.source}. */
	readonly source: string;
}

/**
 * The records that Procore makes a PDF of on request. Contracts and change orders also have PDFs, but these are made in the
 * background, and whether their v2.0 ids are those of the events is not documented [FILE-PDF].
 */
export const PDF_ENDPOINTS: Readonly<Record<string, PdfEndpoint>> = {
	RFIs: { path: '/rest/v1.0/projects/{project_id}/rfis/{id}.pdf', returns: 'file', source: 'rfis' },
	Submittals: {
		path: '/rest/v1.1/projects/{project_id}/submittals/{id}.pdf',
		returns: 'file',
		source: 'submittals',
	},
	'Observation Items': {
		path: '/rest/v1.0/observations/items/{id}/pdf?project_id={project_id}',
		returns: 'address',
		source: 'observations',
	},
};
