import type { Request, RequestHandler } from 'express';

import type { Emulator } from './emulator';
import { badField } from './errors';
import { filtersOf, queryOf, sendJson } from './http';
import { idNumber } from './json';
import type { JsonObject } from './json';
import type { ListedResource } from './listed-resources';
import { V1_PAGE, V2_PAGE, paged } from './paging';
import type { StoredRecord } from './record-store';
import { hostOf } from './storage';

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** The range in `filters[updated_at]`, in milliseconds; null without the filter. @throws ProcoreError 400. */
export function updatedRange(filters: URLSearchParams): { from: number; to: number } | null {
	const text = filters.get('filters[updated_at]');
	if (text === null) return null;
	// Procore's guide has the range in quotation marks, its reference without [LIST-UPDATED-AT].
	const [, first = '', last = ''] = /^"?(.+?)\.\.\.(.+?)"?$/.exec(text) ?? [];
	const from = Date.parse(first);
	const to = Date.parse(last) + (DAY_ONLY.test(last) ? DAY_MS - 1 : 0);
	if (Number.isNaN(from) || Number.isNaN(to)) {
		throw badField('updated_at', 'must be a range of ISO 8601 times, separated by ...');
	}
	return { from, to };
}

function rowOf(body: JsonObject, id: string, { rowKey, undated }: ListedResource): JsonObject {
	const { created_at: createdAt, ...row } = body;
	const dated = undated ? row : { ...row, created_at: createdAt };
	return rowKey ? { ...dated, id: idNumber(`9${id}`), [rowKey]: body.id } : dated;
}

/** Finds the records that a call is about. @throws ProcoreError if it names no company or project. */
export type RecordsOfCall = (request: Request) => StoredRecord[];

/**
 * The list of a resource. Compares the exact time of a change, although `updated_at` only shows its second. Records that
 * changed first come first, so a record that changes moves to the end, and those behind it move up a place.
 */
export function listHandler(
	emulator: Emulator,
	resource: ListedResource,
	recordsOf: RecordsOfCall,
): RequestHandler {
	return (request, response, next) => {
		const stored = recordsOf(request);
		const filters = filtersOf(request);
		const range = updatedRange(filters);
		// Another list at the same path.
		if (stored.length === 0 && !queryOf(request).has('filters[updated_at]')) {
			next();
			return;
		}
		const wanted = resource.rowKey && filters.get(resource.rowKey);
		const visible = stored.flatMap((record) => {
			const version = emulator.store.records.visibleVersion(record);
			if (!version?.body || (wanted && wanted !== record.id)) return [];
			const { changedAt, body } = version;
			if (range !== null && (changedAt < range.from || changedAt > range.to)) return [];
			return [{ changedAt, row: rowOf(body, record.id, resource) }];
		});
		visible.sort((one, other) => one.changedAt - other.changedAt);
		const rows = visible.map(({ row }) =>
			emulator.files.withAddresses(row, hostOf(request), emulator.clock.now()),
		);
		const page = paged(request, response, rows, resource.wrapped ? V2_PAGE : V1_PAGE);
		// Like `updated_at`, by Procore's clock.
		response.setHeader('Date', new Date(emulator.clock.now()).toUTCString());
		sendJson(response, 200, resource.wrapped ? { data: page } : page);
	};
}
