import { Router } from 'express';

import { authenticate, companyHeader, connectedCompany } from './access';
import type { Emulator } from './emulator';
import { notFound } from './errors';
import { param, queryOf, sendJson } from './http';
import { V1_PAGE, paged } from './paging';

/** The list of one kind of daily log. Without a date, it is that of the current day. */
export function dailyLogsRouter(emulator: Emulator): Router {
	const router = Router();
	const { store, clock } = emulator;
	router.get('/rest/v1.0/projects/:projectId/manpower_logs', (request, response) => {
		authenticate(emulator, request);
		const company = connectedCompany(emulator, companyHeader(request));
		const project = store.accessibleProject(param(request, 'projectId'));
		if (project?.companyId !== company.id) throw notFound();
		const today = new Date(clock.now()).toISOString().slice(0, 10);
		const day = queryOf(request).get('log_date') ?? today;
		const logs = store.records
			.of('Manpower Logs', company.id, project.id)
			.map((record) => store.records.visible(record))
			.filter((log) => log?.date === day);
		sendJson(response, 200, paged(request, response, logs, V1_PAGE));
	});
	return router;
}
