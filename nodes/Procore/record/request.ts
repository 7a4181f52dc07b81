import { explainInvalidId } from '../model/id';
import type { ProcoreEvent } from '../model/event';
import { findEndpoint } from './catalogue';
import type { RecordEndpoint } from './endpoints';

/** The record to read. Ids are text with all digits, or empty. */
export interface RecordSubject {
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
	/** Empty at company level. */
	readonly projectId: string;
	/** The related resources of the event. Payload v3.0 contains the parents of line items here. */
	readonly relatedResources: NonNullable<ProcoreEvent['related_resources']>;
}

/** The request that reads a record. */
export interface RecordRequest {
	/** `list`: the record is a row in the response. */
	readonly kind: 'show' | 'list';
	/** Starts with `/rest`, percent-encoded. */
	readonly path: string;
	/** Not percent-encoded. */
	readonly query: Readonly<Record<string, string>>;
	/** The field of a row that contains the record's id. */
	readonly rowKey: string;
	/** The field of a row that contains the records, if they are nested. */
	readonly rowsIn?: string;
}

/** The request for a record, or why there is none. */
export type RecordPlan =
	| { readonly ok: true; readonly request: RecordRequest }
	/** For the user: which id is missing, and how to get it. */
	| { readonly ok: false; readonly message: string };

const PLACEHOLDER = /\{(\w+)\}/g;

/** Parent ids that some paths require and no event contains: what each one is, and how to find it. */
const PARENTS: Readonly<Record<string, { readonly what: string; readonly how: string }>> = {
	standard_cost_code_list_id: {
		what: 'the ID of its standard cost code list',
		how: 'list the standard cost code lists of the company and try each',
	},
	rfq_id: {
		what: 'the ID of its request for quote',
		how: 'list the contracts of the project, then the RFQs of each contract',
	},
	contract_id: {
		what: 'the ID of its contract',
		how: 'list the purchase order, work order and prime contracts of the project and try each',
	},
	rfi_id: { what: 'the ID of its RFI', how: 'list the RFIs of the project and try each' },
};

const PAYLOAD_V3 =
	'select V3.0 as Payload Version in the options of the Procore Trigger, whose events contain it in related_resources';

/** Whether a related resource, such as `Purchase Order Contracts`, matches `purchase_order_contract_id`. */
function isParent(name: string, placeholder: string): boolean {
	const singular = name.trim().toLowerCase().replace(/s$/, '').replace(/\W+/g, '_');
	return `${singular}_id` === placeholder;
}

function missingParents(template: string, ids: ReadonlyMap<string, string>): string[] {
	const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
	return names.filter((name) => !ids.has(name));
}

function fill(template: string, ids: ReadonlyMap<string, string>): string {
	return template.replace(PLACEHOLDER, (placeholder, name: string) => ids.get(name) ?? placeholder);
}

/** Fills the placeholders in a path and its query, and separates the two. */
export function fillTemplate(
	template: string,
	ids: ReadonlyMap<string, string>,
): Pick<RecordRequest, 'path' | 'query'> {
	const [path = '', search = ''] = template.split('?');
	const query = [...new URLSearchParams(search)].map(([name, value]) => [name, fill(value, ids)]);
	return { path: fill(path, ids), query: Object.fromEntries(query) };
}

function requestOf(
	kind: RecordRequest['kind'],
	template: string,
	ids: ReadonlyMap<string, string>,
	{ rowKey = 'id', rowsIn }: RecordEndpoint,
): RecordRequest {
	const within = rowsIn === undefined ? {} : { rowsIn };
	return { kind, ...fillTemplate(template, ids), rowKey, ...within };
}

/** Explains which id is missing or invalid; undefined if all are valid. */
function explainIds(
	{ recordId, companyId, projectId }: RecordSubject,
	name: string,
	template: string,
): string | undefined {
	if (recordId === '') {
		return 'Record ID is missing. Connect this node directly after a Procore Trigger, or enter it in Record ID.';
	}
	if (projectId === '' && template.includes('{project_id}')) {
		return `Project is missing, but ${name} belong to a project. Select it in Project; the event contains its ID in project_id.`;
	}
	const given: Array<[string, string]> = [
		['Record ID', recordId],
		['Company', companyId],
		['Project', projectId],
	];
	return given
		.map(([displayName, id]) => (id === '' ? undefined : explainInvalidId(id, displayName)))
		.find((reason) => reason !== undefined);
}

/**
 * Plans the request for a record: its show endpoint if all ids are known (parent ids come from the related resources of the
 * event), else a list that contains it.
 */
export function planRequest(subject: RecordSubject): RecordPlan {
	const found = findEndpoint(subject.resourceName);
	if (!found.ok) return found;
	const { name, endpoint } = found;
	const { show, list, advice } = endpoint;
	const reason = explainIds(subject, name, show ?? list ?? '');
	if (reason !== undefined) return { ok: false, message: reason };
	const ids = new Map([
		['id', subject.recordId],
		['company_id', subject.companyId],
		['project_id', subject.projectId],
	]);
	for (const placeholder of missingParents(show ?? '', ids)) {
		const parent = subject.relatedResources.find((related) => isParent(related.name, placeholder));
		if (parent !== undefined && explainInvalidId(parent.id, parent.name) === undefined)
			ids.set(placeholder, parent.id);
	}
	const missing = missingParents(show ?? '', ids);
	if (show !== undefined && missing.length === 0) {
		return { ok: true, request: requestOf('show', show, ids, endpoint) };
	}
	if (list !== undefined) return { ok: true, request: requestOf('list', list, ids, endpoint) };
	if (show === undefined) {
		return {
			ok: false,
			message: `Procore has no endpoint for a single record of ${name} (ID ${subject.recordId}): ${advice}.`,
		};
	}
	const parents = missing.map((id) => `${id} (${PARENTS[id]?.what ?? 'the ID of its parent'})`);
	const ways = missing.map((id) => PARENTS[id]?.how ?? PAYLOAD_V3);
	const how = ways.includes(PAYLOAD_V3)
		? PAYLOAD_V3
		: `${ways[0]}, with HTTP Request nodes, at ${fill(show, ids)}`;
	return {
		ok: false,
		message: `Reading ${name} also requires ${parents.join(' and ')}, which the event doesn't include: ${how}.`,
	};
}
