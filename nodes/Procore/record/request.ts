import { explainInvalidId } from '../model/id';
import type { ProcoreEvent } from '../model/event';
import { findEndpoint } from './catalogue';
import type { RecordEndpoint } from './endpoints';

/** Which record is meant. Ids are text with all their digits; empty where there is none. */
export interface RecordSubject {
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
	/** Empty at company level. */
	readonly projectId: string;
	/** What the event is related to; payload v3.0 names the parents of line items here. */
	readonly relatedResources: NonNullable<ProcoreEvent['related_resources']>;
}

/** The one request that reads a record. */
export interface RecordRequest {
	/** `list`: the record is one of the rows. */
	readonly kind: 'show' | 'list';
	/** From `/rest` on, percent-encoded. */
	readonly path: string;
	/** Not encoded yet. */
	readonly query: Readonly<Record<string, string>>;
	/** Which row of a list it is: the one with the record's id in this field. */
	readonly rowKey: string;
	/** Where a row holds records, if they are part of the rows. */
	readonly rowsIn?: string;
}

/** How a record is to be read, or why it cannot be. */
export type RecordPlan =
	| { readonly ok: true; readonly request: RecordRequest }
	/** A sentence for the reader: which id is missing, and how to get it. */
	| { readonly ok: false; readonly message: string };

const PLACEHOLDER = /\{(\w+)\}/g;

/** The parent ids that some paths need and no event carries by itself: what each is, and how to come by it. */
const PARENTS: Readonly<Record<string, { readonly what: string; readonly how: string }>> = {
	standard_cost_code_list_id: {
		what: 'the id of its standard cost code list',
		how: 'list the standard cost code lists of the company and try each',
	},
	rfq_id: {
		what: 'the id of its request for quote',
		how: 'list the contracts of the project, then the RFQs of each contract',
	},
	contract_id: {
		what: 'the id of its contract',
		how: 'list the purchase order, work order and prime contracts of the project and try each',
	},
	rfi_id: { what: 'the id of its RFI', how: 'list the RFIs of the project and try each' },
};

const PAYLOAD_V3 =
	'choose Payload Version V3.0 in the options of the Procore Trigger, whose events name it in related_resources';

/** `Purchase Order Contracts`, as an event names a parent, for `purchase_order_contract_id`. */
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

function requestOf(
	kind: RecordRequest['kind'],
	template: string,
	ids: ReadonlyMap<string, string>,
	{ rowKey = 'id', rowsIn }: RecordEndpoint,
): RecordRequest {
	const [path = '', search = ''] = template.split('?');
	const query = [...new URLSearchParams(search)].map(([name, value]) => [name, fill(value, ids)]);
	const within = rowsIn === undefined ? {} : { rowsIn };
	return { kind, path: fill(path, ids), query: Object.fromEntries(query), rowKey, ...within };
}

/** What a subject lacks that every read of its kind needs, or has in a form that is no id. */
function explainIds(
	{ recordId, companyId, projectId }: RecordSubject,
	name: string,
	template: string,
): string | undefined {
	if (recordId === '') {
		return 'The id of the record is missing: connect this node right behind a Procore Trigger, or enter it in Record ID.';
	}
	if (projectId === '' && template.includes('{project_id}')) {
		return `The project id is missing, and ${name} belong to a project: enter it in Project, as the event names it in project_id.`;
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
 * Decides how a record is read: by the path that shows it, where every id is known (a parent's id comes from the related
 * resources of the event), else as a row of a list.
 */
export function planRequest(subject: RecordSubject): RecordPlan {
	const found = findEndpoint(subject.resourceName);
	if (!found.ok) return found;
	const { name, endpoint } = found;
	const { show, list, advice } = endpoint;
	const refusal = explainIds(subject, name, show ?? list ?? '');
	if (refusal !== undefined) return { ok: false, message: refusal };
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
			message: `Procore has no call that shows ${name} by the id of the event (${subject.recordId}); ${advice}.`,
		};
	}
	const parents = missing.map((id) => `${id} (${PARENTS[id]?.what ?? 'the id of its parent'})`);
	const ways = missing.map((id) => PARENTS[id]?.how ?? PAYLOAD_V3);
	const how = ways.includes(PAYLOAD_V3)
		? PAYLOAD_V3
		: `${ways[0]}, with HTTP Request nodes, at ${fill(show, ids)}`;
	return {
		ok: false,
		message: `Procore shows ${name} only together with ${parents.join(' and ')}, which the event does not carry: ${how}.`,
	};
}
