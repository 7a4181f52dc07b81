import { Router } from 'express';
import type { Request } from 'express';

import { authenticate, companyHeader, companyOfCall, connectedCompany } from './access';
import type { Emulator } from './emulator';
import { badField, notFound } from './errors';
import { param, queryOf, sendJson } from './http';
import { V1_PAGE, V2_PAGE, paged } from './paging';
import { READABLE } from './record-store';
import { resourceNamed } from './resources';
import type { Level } from './resources';

interface Place {
	companyId: string;
	projectId: string | null;
}

/** Company and project of a call, each from the path, the query or, of the company, the header. */
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
	if (emulator.store.project(projectId)?.companyId !== company.id) throw notFound();
	return { companyId: company.id, projectId };
}

/** The records that events are about. Reads only: they are changed through the control API. */
export function recordsRouter(emulator: Emulator): Router {
	const router = Router();
	const { records } = emulator.store;
	for (const [name, resource] of Object.entries(READABLE)) {
		const level = resourceNamed(name)?.level ?? 'project';
		router.get(resource.path, (request, response) => {
			const { companyId, projectId } = placeOf(emulator, request, level);
			const candidates = records.of(name, companyId, projectId);
			if (resource.listed) {
				const bodies = candidates.flatMap((record) => records.visible(record) ?? []);
				const page = paged(request, response, bodies, resource.wrapped ? V2_PAGE : V1_PAGE);
				sendJson(response, 200, resource.wrapped ? { data: page } : page);
				return;
			}
			const parentId = param(request, 'parentId');
			const record = candidates.find(
				(candidate) =>
					candidate.id === param(request, 'id') &&
					(parentId === '' || candidate.parentId === parentId),
			);
			const body = record && records.visible(record);
			if (!body) throw notFound();
			sendJson(response, 200, resource.wrapped ? { data: body } : body);
		});
	}
	return router;
}
