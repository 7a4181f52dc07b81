import { Router } from 'express';
import type { Request } from 'express';

import { authenticate, callerOf, companyHeader, companyOfCall, connectedCompany } from './access';
import { makeChange } from './changes';
import type { Emulator } from './emulator';
import { EMPTY_LISTS } from './empty-lists';
import { badField, notFound, ProcoreError } from './errors';
import { contextOf, jsonObject, param, queryOf, sendJson } from './http';
import { idNumber, isObject } from './json';
import type { JsonObject } from './json';
import { LISTED } from './listed-resources';
import { V1_PAGE, V2_PAGE, paged } from './paging';
import { listHandler } from './record-lists';
import { READABLE } from './record-store';
import type { ReadableResource, StoredRecord } from './record-store';
import { hostOf } from './storage';
import { resourceNamed } from './resources';
import type { Level } from './resources';

interface Place {
	companyId: string;
	projectId: string | null;
}

/** Company and project of a call, each from the path, the query or (for the company) the header. */
function placeOf(emulator: Emulator, request: Request, level: Level): Place {
	authenticate(emulator, request);
	const query = queryOf(request);
	const ofPath = param(request, 'companyId');
	const named = ofPath === '' ? query.get('company_id') : ofPath;
	if (level === 'company') {
		if (!named) throw badField('company_id', 'is missing');
		return { companyId: companyOfCall(emulator, request, named).id, projectId: null };
	}
	const company = connectedCompany(emulator, companyHeader(request));
	if (named && named !== company.id) throw notFound();
	const inPath = param(request, 'projectId');
	const projectId = inPath === '' ? query.get('project_id') : inPath;
	if (!projectId) throw badField('project_id', 'is missing');
	if (emulator.store.accessibleProject(projectId)?.companyId !== company.id) throw notFound();
	return { companyId: company.id, projectId };
}

/** Parents that contain the records created for them, such as change events with their line items. */
function inParents(
	stored: StoredRecord[],
	visible: (record: StoredRecord) => JsonObject | null,
	field: string,
): JsonObject[] {
	const parents = [...new Set(stored.map(({ parentId }) => parentId ?? '1'))];
	return parents.map((id) => ({
		id: idNumber(id),
		title: 'Unforeseen conditions',
		[field]: stored
			.filter(({ parentId }) => (parentId ?? '1') === id)
			.flatMap((record) => visible(record) ?? []),
	}));
}

/** The record that a call names. */
function namedRecord(emulator: Emulator, request: Request, name: string): StoredRecord {
	const { companyId, projectId } = placeOf(
		emulator,
		request,
		resourceNamed(name)?.level ?? 'project',
	);
	const parentId = param(request, 'parentId');
	const record = emulator.store.records
		.of(name, companyId, projectId)
		.find(({ id, parentId: own }) => id === param(request, 'id') && [own, ''].includes(parentId));
	if (!record || !emulator.store.records.visible(record)) throw notFound();
	return record;
}

/** The values that an update sets. */
function writtenFields(request: Request, { writtenIn }: ReadableResource): JsonObject {
	const body = jsonObject(request);
	if (writtenIn === undefined) return body;
	const fields = body[writtenIn];
	if (!isObject(fields)) throw new ProcoreError(400, { errors: `param is missing: ${writtenIn}` });
	return fields;
}

/** The lists that nothing has been created for. */
function addEmptyLists(emulator: Emulator, router: Router): void {
	const listed = Object.entries(LISTED).map(([name, { path, wrapped }]) => ({
		...{ path, level: resourceNamed(name)?.level ?? 'project', wrapped },
	}));
	for (const { path, level, wrapped } of [...EMPTY_LISTS, ...listed]) {
		router.get(path, (request, response) => {
			placeOf(emulator, request, level);
			const page = paged(request, response, [], wrapped ? V2_PAGE : V1_PAGE);
			sendJson(response, 200, wrapped ? { data: page } : page);
		});
	}
}

/**
 * The endpoints of records. An update causes an event like any other, which names the user and the app of the call's
 * token; everything else changes through the control API.
 */
export function recordsRouter(emulator: Emulator): Router {
	const router = Router();
	const { records } = emulator.store;
	for (const [name, resource] of Object.entries(LISTED)) {
		const recordsOf = (request: Request) => {
			const level = resourceNamed(name)?.level ?? 'project';
			const { companyId, projectId } = placeOf(emulator, request, level);
			return records.of(name, companyId, projectId);
		};
		router.get(resource.path, listHandler(emulator, resource, recordsOf));
	}
	for (const [name, resource] of Object.entries(READABLE)) {
		const inEnvelope = (request: Request, body: unknown) => {
			const read = emulator.files.withAddresses(body, hostOf(request), emulator.clock.now());
			return resource.wrapped ? { data: read } : read;
		};
		if (resource.listed) {
			router.get(resource.path, (request, response) => {
				const level = resourceNamed(name)?.level ?? 'project';
				const { companyId, projectId } = placeOf(emulator, request, level);
				const stored = records.of(name, companyId, projectId);
				const bodies = resource.nestedIn
					? inParents(stored, (record) => records.visible(record), resource.nestedIn)
					: stored.flatMap((record) => records.visible(record) ?? []);
				const page = paged(request, response, bodies, resource.wrapped ? V2_PAGE : V1_PAGE);
				sendJson(response, 200, inEnvelope(request, page));
			});
			continue;
		}
		router.get(resource.path, (request, response) => {
			const record = namedRecord(emulator, request, name);
			sendJson(response, 200, inEnvelope(request, records.visible(record)));
		});
		router.patch(resource.path, (request, response) => {
			const record = namedRecord(emulator, request, name);
			makeChange(emulator.store, emulator.engine, emulator.clock, {
				companyId: record.companyId,
				projectId: record.projectId,
				resourceName: name,
				resourceId: record.id,
				eventType: 'update',
				userId: callerOf(request).userId,
				applicationId: contextOf(request).client,
				record: writtenFields(request, resource),
			});
			sendJson(response, 200, inEnvelope(request, record.versions.at(-1)?.body));
		});
	}
	addEmptyLists(emulator, router);
	return router;
}
