import { jsonObject, text, textOrNull, type JsonObject } from '../model/json';
import { findEndpoint } from './catalogue';

/** Where the address of a page comes from. */
export const LINK_SOURCES = {
	/** The only list of web pages that Procore publishes: the views in which an app can show a side panel. */
	viewKeys: 'https://developers.procore.com/documentation/side-panel-view-keys',
	/** Shows the address of a company's home page. */
	serviceAccounts: 'https://developers.procore.com/documentation/oauth-client-credentials',
	/** Procore's REST reference, for a field of the record that contains its own link [RECORD-PAGES]. */
	reference: 'https://developers.procore.com/reference/rest',
	/** Not documented. Users of Procore link to it in public code, and the picker of this package accepts it [RECORD-PAGES]. */
	publicCode: 'https://app.procore.com/{project_id}/project/home',
} as const;

export type LinkSource = keyof typeof LINK_SOURCES;

/** A page of Procore's web application. */
export interface RecordPage {
	/** The path on Procore's web host, with placeholders such as `{id}`. */
	readonly path: string;
	/** `record`: the page of the record. `tool`: the list of its tool, because the record has no documented page [RECORD-PAGES]. */
	readonly shows: 'record' | 'tool';
	readonly source: LinkSource;
	/** Placeholders of parent ids, each with the field of the record that contains the parent. */
	readonly parents?: Readonly<Record<string, string>>;
}

function recordPage(path: string): RecordPage {
	return { path, shows: 'record', source: 'viewKeys' };
}

function toolPage(path: string): RecordPage {
	return { path, shows: 'tool', source: 'viewKeys' };
}

const CHANGE_EVENTS = toolPage('/{project_id}/project/change_events/events');
const BUDGET = toolPage('/projects/{project_id}/budgeting');
const BUDGET_CHANGES = toolPage(
	'/companies/{company_id}/projects/{project_id}/tools/budget_changes',
);
const COMMITMENTS = toolPage(
	'/webclients/host/companies/{company_id}/projects/{project_id}/tools/contracts/commitments',
);
const OBSERVATIONS = toolPage('/{project_id}/project/observations/items');
const SCHEDULE = toolPage('/{project_id}/project/calendar');

/** The home page of a project, for records without a documented page of their own or of their tool [RECORD-PAGES]. */
export const PROJECT_HOME: RecordPage = {
	path: '/{project_id}/project/home',
	shows: 'tool',
	source: 'publicCode',
};

/** The home page of a company, for its records. */
export const COMPANY_HOME: RecordPage = {
	path: '/{company_id}/company/home/list',
	shows: 'tool',
	source: 'serviceAccounts',
};

/**
 * The documented page of each resource that has one; all others link to the home page of their project or company.
 *
 * Project Users are missing because it is not documented whether the id in the page of a person is that of the user, and
 * change orders because their pages depend on the kind of the contract, which their records do not contain [RECORD-PAGES].
 */
export const RECORD_PAGES: Readonly<Record<string, RecordPage>> = {
	'Budget Change Adjustment Line Items': BUDGET_CHANGES,
	'Budget Change Adjustments': BUDGET_CHANGES,
	'Budget Change Production Quantities': BUDGET_CHANGES,
	'Budget Changes': BUDGET_CHANGES,
	'Budget Line Items': BUDGET,
	'Budget Modifications': BUDGET,
	'Budget View Snapshots': BUDGET,
	'Change Event Line Items': CHANGE_EVENTS,
	'Change Events': recordPage('/{project_id}/project/change_events/events/{id}'),
	'Generic Tool Items': recordPage('/{project_id}/project/generic_tool/show/{id}'),
	Incidents: recordPage('/{project_id}/project/incidents/{id}'),
	'Inspection Checklists': recordPage('/{project_id}/project/checklists/lists/{id}'),
	'Observation Item Response Logs': OBSERVATIONS,
	// No other page of an observation is documented [RECORD-PAGES].
	'Observation Items': recordPage('/{project_id}/project/observations/items/{id}/edit'),
	// Owner invoices.
	'Payment Applications': {
		...recordPage(
			'/{project_id}/project/prime_contracts/{prime_contract_id}/payment_applications/{id}',
		),
		parents: { prime_contract_id: 'contract' },
	},
	'Prime Contracts': recordPage('/{project_id}/project/prime_contracts/{id}'),
	'Project Vendors': recordPage('/{project_id}/project/directory/vendors/{id}/edit'),
	Projects: { path: '/{id}/project/home', shows: 'record', source: 'publicCode' },
	'Purchase Order Contract Line Items': COMMITMENTS,
	'Purchase Order Contracts': recordPage(
		'/{project_id}/project/commitments/purchase_order_contracts/{id}',
	),
	'RFQ Quotes': CHANGE_EVENTS,
	'RFQ Responses': CHANGE_EVENTS,
	RFIs: recordPage('/{project_id}/project/rfi/show/{id}'),
	RFQs: CHANGE_EVENTS,
	Submittals: recordPage('/{project_id}/project/submittal_logs/{id}'),
	Tasks: recordPage('/{project_id}/project/calendar/tasks/{id}'),
	ToDos: SCHEDULE,
	'Work Order Contract Line Items': COMMITMENTS,
	'Work Order Contracts': recordPage('/{project_id}/project/commitments/work_order_contracts/{id}'),
};

/** Fields of records that contain the link to the record's page. */
export const LINK_FIELDS: Readonly<
	Record<string, { readonly field: string; readonly source: LinkSource }>
> = {
	'BIM Models': { field: 'web_url', source: 'reference' },
	RFIs: { field: 'link', source: 'reference' },
};

/** The record to link to. Ids are text with all digits, or empty. */
export interface LinkedRecord {
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
	/** Empty at company level. */
	readonly projectId: string;
	/** The record itself, if it was read. */
	readonly record?: JsonObject | null;
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** Returns the path of a page; undefined if an id is unknown. */
function fill(path: string, ids: Readonly<Record<string, string>>): string | undefined {
	const names = [...path.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
	if (names.some((name) => !ids[name])) return undefined;
	return path.replace(PLACEHOLDER, (_match, name: string) => encodeURIComponent(ids[name] ?? ''));
}

/** Returns the address if it is one that a browser can open, without a trailing slash; null for everything else. */
export function webAddress(value: unknown): string | null {
	const address = textOrNull(value)?.trim() ?? '';
	if (!URL.canParse(address)) return null;
	const { protocol, username, password } = new URL(address);
	const isWeb = protocol === 'https:' || protocol === 'http:';
	// Trailing slashes are removed one by one, because a pattern for them would need quadratic time.
	let end = address.length;
	while (address[end - 1] === '/') end -= 1;
	return isWeb && username === '' && password === '' ? address.slice(0, end) : null;
}

/**
 * Returns the web address of a record: its own page if Procore documents one, else the page of its tool, else the home page
 * of its project or company [RECORD-PAGES].
 *
 * @param webHost the web host of the company without a trailing slash, from {@link webAddress}; null if it is unknown.
 * @returns null if no address is known.
 */
export function recordUrl(linked: LinkedRecord, webHost: string | null): string | null {
	const { resourceName, recordId, companyId, projectId, record } = linked;
	const found = findEndpoint(resourceName);
	const name = found.ok ? found.name : '';
	const own = Object.hasOwn(LINK_FIELDS, name) ? LINK_FIELDS[name] : undefined;
	const ownAddress = own === undefined ? null : webAddress(record?.[own.field]);
	if (ownAddress !== null) return ownAddress;
	if (webHost === null) return null;
	const page = Object.hasOwn(RECORD_PAGES, name) ? RECORD_PAGES[name] : undefined;
	const ids: Record<string, string> = {
		id: recordId,
		company_id: companyId,
		project_id: projectId,
	};
	for (const [placeholder, field] of Object.entries(page?.parents ?? {})) {
		ids[placeholder] = text(jsonObject(record?.[field]).id);
	}
	const path = [page, PROJECT_HOME, COMPANY_HOME]
		.flatMap((candidate) => (candidate === undefined ? [] : [fill(candidate.path, ids)]))
		.find((candidate) => candidate !== undefined);
	return path === undefined ? null : `${webHost}${path}`;
}
