import { createHash } from 'crypto';

import { hasText, isRows } from '../api/body-check';
import { settle } from '../api/concurrency';
import type { ListClient } from '../api/page-size';
import { responses, type ListResponse } from '../api/paging';
import type { ProcoreRequest } from '../api/request';
import { jsonObject, text, textOrNull, type JsonObject, type JsonValue } from '../model/json';
import { findChangedList, isProjectList } from './changed-lists';
import { adviseOnAccess } from './records';
import { fillTemplate } from './request';
import { divide, isInside, isoSecond, rangeOf, type TimeSpan } from './time-span';

/** Rows per page of v1.x, whose guide advises at most 2,000, and the maximum of v2.x [V1-PAGE-SIZE] [V2-PAGE-SIZE]. */
const PER_PAGE = 1000;
const PER_PAGE_V2 = 100;

/** The minimum and maximum number of parts that a span with too many changes is divided into. */
const MIN_PARTS = 4;
const MAX_PARTS = 64;

/** Changes are not spread evenly, so the parts are smaller than a page. */
const PARTS_PER_PAGE = 1.5;

/** How long after a second Procore might still commit changes that carry it as `updated_at`. */
const COMMIT_MS = 2000;
const SECOND_MS = 1000;

/** The list of one resource in one company or project. */
export interface ChangesQuery {
	/** The name of the resource, as Procore spells it. */
	readonly resourceName: string;
	readonly companyId: string;
	/** Null at company level. */
	readonly projectId: string | null;
	/** The field of a row that contains the record's id. */
	readonly rowKey: string;
	readonly perPage: number;
	/** Finds the rows in a response. */
	readonly rowsOf: (body: JsonValue) => JsonValue | undefined;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
}

/** The query, or why there is none. */
export type ChangesPlan =
	| { readonly ok: true; readonly query: ChangesQuery }
	/** For the user. */
	| { readonly ok: false; readonly message: string };

/** The latest state of a record that has changed. Times are in milliseconds since 1970; NaN if the row has none. */
export interface ChangedRecord {
	readonly id: string;
	readonly createdAt: number;
	readonly updatedAt: number;
	/** False if the record was read so soon that a later change could have the same `updated_at`. */
	readonly isSettled: boolean;
	readonly row: JsonObject;
}

/**
 * Plans the requests for the changes of a resource.
 *
 * @param projectId empty if none is selected.
 */
export function planChanges(
	resourceName: string,
	companyId: string,
	projectId: string,
): ChangesPlan {
	const found = findChangedList(resourceName);
	if (!found.ok) return found;
	const { name, changed } = found;
	const ofProject = isProjectList(changed);
	if (ofProject && projectId === '') {
		return {
			ok: false,
			message: `Project is missing, but ${name} belong to a project. Select it in Project.`,
		};
	}
	const isV1 = changed.list.startsWith('/rest/v1.');
	const ids = new Map([
		['company_id', companyId],
		['project_id', projectId],
	]);
	return {
		ok: true,
		query: {
			resourceName: name,
			companyId,
			projectId: ofProject ? projectId : null,
			rowKey: changed.rowKey ?? 'id',
			perPage: changed.perPage ?? (isV1 ? PER_PAGE : PER_PAGE_V2),
			rowsOf: (body) => (isV1 ? body : jsonObject(body).data),
			...fillTemplate(changed.list, ids),
		},
	};
}

/** Returns a key of the state that a record is in, for deduplication. */
export function changeKey({ id, updatedAt, row }: ChangedRecord): string {
	const state = Number.isNaN(updatedAt)
		? createHash('sha256').update(JSON.stringify(row)).digest('hex')
		: isoSecond(updatedAt);
	return `${id}@${state}`;
}

function timeOf(value: unknown): number {
	return Date.parse(textOrNull(value) ?? '');
}

function readRow(row: JsonObject, rowKey: string, readAt: number): ChangedRecord {
	const updatedAt = timeOf(row.updated_at);
	return {
		id: text(row[rowKey]),
		createdAt: timeOf(row.created_at),
		updatedAt,
		isSettled: !(updatedAt + SECOND_MS + COMMIT_MS > readAt),
		row,
	};
}

/** The records of several responses, each in its latest state. */
class LatestStates {
	private readonly records = new Map<string, ChangedRecord>();

	add(record: ChangedRecord): void {
		const known = this.records.get(record.id);
		if (known === undefined || !(known.updatedAt > record.updatedAt)) {
			this.records.set(record.id, record);
		}
	}

	/** Sorted by the time of the change. */
	list(): ChangedRecord[] {
		const at = ({ updatedAt }: ChangedRecord) => (Number.isNaN(updatedAt) ? 0 : updatedAt);
		return [...this.records.values()].sort((one, other) => at(one) - at(other));
	}
}

function requestFor(query: ChangesQuery, span: TimeSpan): ProcoreRequest {
	return {
		method: 'GET',
		path: query.path,
		query: { ...query.query, 'filters[updated_at]': rangeOf(span) },
		companyId: query.companyId,
		purpose: `list the changed ${query.resourceName}`,
		repeatable: true,
		expects: (body) => isRows(query.rowsOf(body), hasText(query.rowKey)),
	};
}

/** Returns the parts of a span whose first page is not its last one; only itself if it cannot be divided. */
function partsOf(
	span: TimeSpan,
	{ total, rows }: ListResponse,
	perPage: number,
	now: number,
): TimeSpan[] {
	const size = Math.max(1, Math.min(perPage, rows.length));
	const wanted = Math.ceil((PARTS_PER_PAGE * (total ?? 0)) / size);
	return divide(span, Math.min(MAX_PARTS, Math.max(MIN_PARTS, wanted)), now);
}

/**
 * Reads the records that changed in a span, each in its latest state, oldest change first.
 *
 * A list that is read page by page can shift meanwhile, and the order of Procore's lists is not documented, so a record
 * could move to a page that was already read [LIST-CHANGED-ORDER]. Therefore, each part of the span is read in a single
 * response, and a part that has more changes is divided. Parts are read in order: a record that changes meanwhile moves to
 * the last one. If the list does not apply the filter exactly, it is read page by page.
 *
 * @param now the local time in milliseconds since 1970.
 * @throws ProcoreFailure if a page cannot be read.
 */
export async function readChanges(
	client: ListClient,
	query: ChangesQuery,
	span: TimeSpan,
	now: () => number,
): Promise<ChangedRecord[]> {
	const read = await settle(async () => await readSpan(client, query, span, now));
	if (read.ok) return read.value;
	throw adviseOnAccess(read.failure, query.resourceName);
}

async function readSpan(
	client: ListClient,
	query: ChangesQuery,
	span: TimeSpan,
	now: () => number,
): Promise<ChangedRecord[]> {
	const states = new LatestStates();
	let isDivisible = true;
	let pending: TimeSpan[] = [span];
	for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
		const request = requestFor(query, next);
		for await (const response of responses(client, request, query.perPage, query.rowsOf)) {
			// Procore's clock, which `updated_at` follows as well [LIST-CLOCK].
			const date = Date.parse(response.headers.date ?? '');
			const readAt = Number.isNaN(date) ? now() : date;
			const records = response.rows.map((row) => readRow(row, query.rowKey, readAt));
			for (const record of records) {
				if (Number.isNaN(record.updatedAt) || isInside(record.updatedAt, span)) states.add(record);
			}
			if (!isDivisible || response.isLast) continue;
			const part = next;
			if (!records.every(({ updatedAt }) => isInside(updatedAt, part))) {
				isDivisible = false;
				pending = [span];
				break;
			}
			const parts = partsOf(part, response, query.perPage, now());
			if (parts.length === 1) continue;
			pending.unshift(...parts);
			break;
		}
	}
	return states.list();
}
