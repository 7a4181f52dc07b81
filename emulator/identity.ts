import { Router } from 'express';
import type { Request } from 'express';

import { authenticate, companyHeader, companyOfCall, connectedCompany } from './access';
import type { Emulator } from './emulator';
import { isoSeconds } from './clock';
import { badField, notFound } from './errors';
import { filtersOf, ignoresFilter, param, queryOf, sendJson } from './http';
import { idNumber } from './json';
import type { JsonObject } from './json';
import type { Company, Project, User } from './model';
import { PROJECTS_PAGE, V1_PAGE, paged } from './paging';
import { updatedRange } from './record-lists';
import { displayName } from './seed';

type ProjectView = 'ids' | 'compact' | 'normal' | 'extended';

function fullName(user: User): string {
	return `${user.firstName} ${user.lastName}`;
}

function projectJson(project: Project, company: Company, view: ProjectView): JsonObject {
	if (view === 'ids') return { id: idNumber(project.id) };
	const compact = { id: idNumber(project.id), name: project.name };
	if (view === 'compact') return compact;
	return {
		...compact,
		display_name: displayName(project),
		project_number: project.number,
		active: project.active,
		updated_at: isoSeconds(project.updatedAt),
		company: { id: idNumber(company.id), name: company.name },
	};
}

function viewOf(text: string): ProjectView {
	if (text === 'ids' || text === 'compact' || text === 'extended') return text;
	return 'normal';
}

function contains(text: string, part: string | null): boolean {
	return part === null || text.toLowerCase().includes(part.toLowerCase());
}

function projectsOf(
	emulator: Emulator,
	company: Company | undefined,
	query: URLSearchParams,
	filters: URLSearchParams,
): Project[] {
	// "Active only by default" is documented for v1.0 and assumed for v1.1 [PROJECTS-DEFAULT-ACTIVE].
	const otherwise = query.has('filters[by_status]') ? 'All' : 'Active';
	const status = (filters.get('filters[by_status]') ?? otherwise).toLowerCase();
	const number = filters.get('filters[project_number]');
	const range = updatedRange(filters);
	const rows = emulator.store.projects.filter(
		(project) =>
			(company === undefined || project.companyId === company.id) &&
			emulator.store.accessibleProject(project.id) !== undefined &&
			(range === null || (project.updatedAt >= range.from && project.updatedAt <= range.to)) &&
			(status === 'all' || project.active === (status === 'active')) &&
			contains(project.name, filters.get('filters[name]')) &&
			(number === null || project.number === number),
	);
	const sort = query.get('sort');
	if (sort === 'name') rows.sort((one, other) => one.name.localeCompare(other.name));
	if (sort === 'display_name') {
		rows.sort((one, other) => displayName(one).localeCompare(displayName(other)));
	}
	return rows;
}

function userJson(user: User): JsonObject {
	return {
		id: idNumber(user.id),
		name: fullName(user),
		first_name: user.firstName,
		last_name: user.lastName,
		email_address: user.email,
		job_title: user.jobTitle,
		is_active: true,
		is_employee: user.employee,
		employee_id: null,
		vendor: user.vendor && { id: idNumber(user.vendor.id), name: user.vendor.name },
	};
}

function userOf(company: Company, userId: string): User {
	const user = company.users.find(({ id }) => id === userId);
	if (!user) throw notFound();
	return user;
}

/** The endpoints for the user, the companies and the projects. */
export function identityRouter(emulator: Emulator): Router {
	const router = Router();

	/** `/me` and `/companies` need no company header, except with client credentials [ME-HEADER]. */
	const assertCompanyWhereNeeded = (request: Request) => {
		const token = authenticate(emulator, request);
		if (token.grant === 'clientCredentials') {
			connectedCompany(emulator, companyHeader(request));
		}
		return token;
	};

	router.get('/rest/v1.0/me', (request, response) => {
		const token = assertCompanyWhereNeeded(request);
		const query = queryOf(request);
		const user = emulator.store.companies
			.flatMap((company) => company.users)
			.find((candidate) => candidate.id === token.userId);
		if (!user) throw notFound();
		const named = query.has('company_id') || query.has('project_id');
		sendJson(response, 200, {
			id: idNumber(user.id),
			login: user.email,
			...(named ? { name: fullName(user) } : {}),
		});
	});

	router.get('/rest/v1.0/companies', (request, response) => {
		assertCompanyWhereNeeded(request);
		const connected = emulator.store.companies.filter((company) => company.connected);
		const rows = paged(request, response, connected, V1_PAGE).map((company, index) => ({
			id: idNumber(company.id),
			name: company.name,
			is_active: true,
			logo_url: null,
			pcn_business_experience: null,
			my_company: index === 0,
		}));
		sendJson(response, 200, rows);
	});

	router.get(['/rest/v1.0/projects', '/rest/v1.1/projects'], (request, response) => {
		authenticate(emulator, request);
		const query = queryOf(request);
		companyHeader(request);
		const companyId = query.get('company_id');
		if (!companyId) throw badField('company_id', 'is missing');
		const company = companyOfCall(emulator, request, companyId);
		const view = viewOf(query.get('view') ?? query.get('serializer_view') ?? 'normal');
		const isAnyCompany = ignoresFilter(request, 'company_id');
		const listed = isAnyCompany ? undefined : company;
		const rows = projectsOf(emulator, listed, query, filtersOf(request));
		sendJson(
			response,
			200,
			paged(request, response, rows, PROJECTS_PAGE).map((row) =>
				projectJson(row, emulator.store.company(row.companyId) ?? company, view),
			),
		);
	});

	// Active or not, if the account can see it (reference, "Show project") [PROJECT-CLOSED-SHOWN].
	router.get('/rest/v1.0/projects/:projectId', (request, response) => {
		authenticate(emulator, request);
		companyHeader(request);
		const companyId = queryOf(request).get('company_id');
		if (!companyId) throw badField('company_id', 'is missing');
		const company = companyOfCall(emulator, request, companyId);
		const project = emulator.store.accessibleProject(param(request, 'projectId'));
		if (project?.companyId !== company.id) throw notFound();
		sendJson(response, 200, projectJson(project, company, 'normal'));
	});

	router.get('/rest/v1.0/companies/:companyId/users', (request, response) => {
		authenticate(emulator, request);
		const company = companyOfCall(emulator, request, param(request, 'companyId'));
		const search = filtersOf(request).get('filters[search]');
		const rows = company.users.filter((user) =>
			contains(`${fullName(user)} ${user.email}`, search),
		);
		sendJson(response, 200, paged(request, response, rows, V1_PAGE).map(userJson));
	});

	router.get('/rest/v1.3/companies/:companyId/users/:userId', (request, response) => {
		authenticate(emulator, request);
		const company = companyOfCall(emulator, request, param(request, 'companyId'));
		sendJson(response, 200, userJson(userOf(company, param(request, 'userId'))));
	});

	router.get('/rest/v1.0/projects/:projectId/users', (request, response, next) => {
		// The list of changed users, see `record-lists.ts`.
		if (queryOf(request).has('filters[updated_at]')) {
			next();
			return;
		}
		authenticate(emulator, request);
		const project = emulator.store.accessibleProject(param(request, 'projectId'));
		const company = connectedCompany(emulator, companyHeader(request));
		if (project?.companyId !== company.id) throw notFound();
		sendJson(response, 200, paged(request, response, company.users, V1_PAGE).map(userJson));
	});

	router.get('/rest/v1.0/projects/:projectId/users/:id', (request, response) => {
		authenticate(emulator, request);
		const project = emulator.store.accessibleProject(param(request, 'projectId'));
		const company = connectedCompany(emulator, companyHeader(request));
		if (project?.companyId !== company.id) throw notFound();
		sendJson(response, 200, userJson(userOf(company, param(request, 'id'))));
	});

	router.get('/rest/v1.0/company_base_url', (request, response) => {
		authenticate(emulator, request);
		connectedCompany(emulator, companyHeader(request));
		sendJson(response, 200, {
			zone: 'us01',
			web_base_url: `http://${request.headers.host ?? 'localhost'}`,
		});
	});

	return router;
}
