import type { ActiveProject, Company, Project, ProjectState, User } from '../model/directory';
import { jsonObject, text, textOrNull, type JsonObject, type JsonValue } from '../model/json';
import type { Read } from '../model/read';
import { hasId, isRows } from './body-check';
import { allPages, pages } from './paging';
import type { ProcoreRequest } from './request';
import { activeRows, companyRows } from './row-filter';
import type { Transport } from './transport';

const COMPANIES_PER_PAGE = 100;

/** `/rest/v1.1/projects` returns 100 rows per page by default, and at most 300 [PROJECTS-PAGE]. */
const PROJECTS_PER_PAGE = 300;

function isListWithIds(body: JsonValue): boolean {
	return isRows(body, hasId);
}

/** These lists have no envelope [PROJECT-FORM] [COMPANIES-FORM]. */
function rowsOf(body: JsonValue): JsonValue {
	return body;
}

function readCompany(raw: JsonObject): Read<Company> {
	return {
		model: { id: text(raw.id), name: text(raw.name), is_active: raw.is_active !== false },
		raw,
	};
}

function readProject(raw: JsonObject): Read<Project> {
	const name = text(raw.name);
	return {
		model: { id: text(raw.id), name, display_name: textOrNull(raw.display_name) ?? name },
		raw,
	};
}

/** Which active projects of a company to list, and with which fields. */
export interface ProjectSearch {
	readonly name?: string;
	readonly number?: string;
	readonly firstPage?: number;
	readonly view?: 'compact' | 'normal';
}

/** The user, companies and projects of the account. */
export class Directory {
	constructor(private readonly transport: Transport) {}

	/**
	 * Returns the user or service account of the credential [ME-FORM].
	 *
	 * @throws ProcoreFailure also if the response has no id, since own changes could not be recognized then.
	 */
	async me(companyId: string): Promise<User> {
		const { body } = await this.transport.request({
			method: 'GET',
			path: '/rest/v1.0/me',
			companyId,
			purpose: 'look up the user of the credential',
			repeatable: true,
			expects: hasId,
		});
		const { id, login } = jsonObject(body);
		return { id: text(id), login: text(login) };
	}

	/**
	 * Lists the companies in which the app is installed. A service account only sees its own, and must send the company
	 * header even here (Procore, "Client Credentials") [COMPANIES-FORM] [ME-HEADER].
	 */
	async companies(): Promise<Array<Read<Company>>> {
		const { account } = this.transport;
		const request: ProcoreRequest = {
			method: 'GET',
			path: '/rest/v1.0/companies',
			companyId: account.grantType === 'clientCredentials' ? account.companyId : null,
			purpose: 'list the companies of the account',
			repeatable: true,
			expects: isListWithIds,
		};
		return (await allPages(this.transport, request, COMPANIES_PER_PAGE, rowsOf)).map(readCompany);
	}

	/**
	 * Lists the active projects of a company page by page, sorted by name [PROJECTS-FILTERS].
	 *
	 * @param search.name matches projects whose name contains it, `number` those with this project number. Procore filters.
	 * @param search.firstPage counted from 1.
	 * @param search.view `compact` has only ids and names, `normal` also has the project number.
	 */
	async *projects(
		companyId: string,
		search: ProjectSearch = {},
	): AsyncGenerator<{ projects: Array<Read<Project>>; isLast: boolean }> {
		const request = this.projectList(companyId, {
			view: search.view ?? 'compact',
			'filters[name]': search.name,
			'filters[project_number]': search.number,
		});
		for await (const { rows, isLast } of pages(
			this.transport,
			request,
			PROJECTS_PER_PAGE,
			rowsOf,
			search.firstPage,
		)) {
			yield { projects: activeRows(companyRows(rows, companyId)).map(readProject), isLast };
		}
	}

	/** Lists all of {@link projects} without duplicates, even if projects change in the meantime. */
	async allProjects(companyId: string, search: ProjectSearch = {}): Promise<Array<Read<Project>>> {
		const all = new Map<string, Read<Project>>();
		for await (const { projects } of this.projects(companyId, search)) {
			for (const project of projects) all.set(project.model.id, project);
		}
		return [...all.values()];
	}

	/**
	 * Lists the active projects of a company without duplicates. Uses the normal view, in which each row says whether it is
	 * active and when it changed, because Procore might ignore the filter [LIST-FILTERS-IGNORED] [PROJECTS-COMPACT].
	 */
	async activeProjects(companyId: string): Promise<ActiveProject[]> {
		const request = this.projectList(companyId, { view: 'normal' });
		const rows = await allPages(this.transport, request, PROJECTS_PER_PAGE, rowsOf);
		return activeRows(companyRows(rows, companyId)).map(({ id, updated_at }) => ({
			id: text(id),
			updated_at: text(updated_at),
		}));
	}

	/**
	 * Looks up a project, whether it is active or not.
	 *
	 * @returns undefined if there is none with this id, or the account cannot access it.
	 */
	async project(companyId: string, projectId: string): Promise<Read<Project> | undefined> {
		const { status, body } = await this.transport.request({
			...this.projectLookup(companyId, projectId),
			purpose: `look up project ${projectId}`,
			accept: [403, 404],
			expects: hasId,
		});
		const project = readProject(jsonObject(body));
		return status < 300 && project.model.id === projectId ? project : undefined;
	}

	/** Like {@link project}, but also returns undefined for a project that is not active. */
	async findProject(companyId: string, projectId: string): Promise<Read<Project> | undefined> {
		const project = await this.project(companyId, projectId);
		return project?.raw.active === false ? undefined : project;
	}

	/**
	 * Looks up whether a project is active [PROJECT-CLOSED-SHOWN]. `gone` means that Procore does not know it, or hides it
	 * from the account.
	 *
	 * @throws ProcoreFailure if Procore gives another response.
	 */
	async projectState(companyId: string, projectId: string): Promise<ProjectState> {
		const { status, body } = await this.transport.request({
			...this.projectLookup(companyId, projectId),
			purpose: `look at project ${projectId}`,
			accept: [404],
			expects: hasId,
		});
		if (status === 404) return 'gone';
		const { id, active } = jsonObject(body);
		return text(id) === projectId && active === false ? 'closed' : 'active';
	}

	/** @throws ProcoreFailure also if there is no such project, or the account cannot access it. */
	async getProject(companyId: string, projectId: string): Promise<Read<Project>> {
		const { body } = await this.transport.request({
			...this.projectLookup(companyId, projectId),
			purpose: `get project ${projectId}`,
			expects: (answer) => text(jsonObject(answer).id) === projectId,
		});
		return readProject(jsonObject(body));
	}

	private projectLookup(companyId: string, projectId: string): Omit<ProcoreRequest, 'purpose'> {
		return {
			method: 'GET',
			path: `/rest/v1.0/projects/${encodeURIComponent(projectId)}`,
			query: { company_id: companyId },
			companyId,
			repeatable: true,
		};
	}

	private projectList(companyId: string, query: ProcoreRequest['query']): ProcoreRequest {
		return {
			method: 'GET',
			path: '/rest/v1.1/projects',
			query: {
				company_id: companyId,
				sort: 'name',
				'filters[by_status]': 'Active',
				...query,
			},
			companyId,
			purpose: `list the projects of company ${companyId}`,
			repeatable: true,
			expects: isListWithIds,
		};
	}
}
