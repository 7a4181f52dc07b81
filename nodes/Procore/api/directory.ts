import { jsonObject, text, type JsonValue } from '../model/json';
import type { ActiveProject, Company, Project, ProjectState, User } from '../model/directory';
import type { Read } from '../model/read';
import { hasId, isRows } from './body-check';
import { allPages, pages } from './paging';
import { readCompany, readProject } from './read-model';
import { activeRows } from './row-filter';
import type { ProcoreRequest, Transport } from './transport';

const COMPANIES_PER_PAGE = 100;

/** `/rest/v1.1/projects` gives 100 rows a page unless asked, and 300 at most. */
const PROJECTS_PER_PAGE = 300;

function isListOfThings(body: JsonValue): boolean {
	return isRows(body, hasId);
}

function itself(body: JsonValue): JsonValue {
	return body;
}

/** Which of a company's active projects are wanted, and how much of each. */
export interface ProjectSearch {
	readonly name?: string;
	readonly number?: string;
	readonly firstPage?: number;
	readonly view?: 'compact' | 'normal';
}

/** The companies and projects that the account sees. */
export class Directory {
	constructor(private readonly transport: Transport) {}

	/**
	 * The user, or the service account, that the credential stands for.
	 *
	 * @throws ProcoreFailure also where the answer names no user: nothing could then be told as this user's own.
	 */
	async me(companyId: string): Promise<User> {
		const request = {
			method: 'GET',
			path: '/rest/v1.0/me',
			companyId,
			purpose: 'look up the user of the credential',
			repeatable: true,
			expects: hasId,
		} as const;
		const { body } = await this.transport.request(request);
		const { id, login } = jsonObject(body);
		return { id: text(id), login: text(login) };
	}

	/**
	 * The companies in which the app is installed. A service account sees its own only, and has to name it in the
	 * header even here (Procore, "Client Credentials").
	 */
	async companies(): Promise<Array<Read<Company>>> {
		const { account } = this.transport;
		const request = {
			method: 'GET',
			path: '/rest/v1.0/companies',
			companyId: account.grantType === 'clientCredentials' ? account.companyId : null,
			purpose: 'list the companies of the account',
			repeatable: true,
			expects: isListOfThings,
		} as const;
		return (await allPages(this.transport, request, COMPANIES_PER_PAGE, itself)).map(readCompany);
	}

	/**
	 * The active projects of a company, in the order of their names, a page at a time.
	 *
	 * @param search.name keeps projects whose name contains it, `number` those with this project number; Procore filters.
	 * @param search.firstPage where to begin, counted from 1.
	 * @param search.view `compact` has ids and names only, `normal` the project number too.
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
			itself,
			search.firstPage,
		)) {
			yield { projects: activeRows(rows).map(readProject), isLast };
		}
	}

	/**
	 * Looks up an active project by its id.
	 *
	 * @returns undefined if there is none, or the account may not see it.
	 */
	async findProject(companyId: string, projectId: string): Promise<Read<Project> | undefined> {
		const { status, body } = await this.transport.request({
			method: 'GET',
			path: `/rest/v1.0/projects/${encodeURIComponent(projectId)}`,
			query: { company_id: companyId },
			companyId,
			purpose: `look up project ${projectId}`,
			repeatable: true,
			accept: [403, 404],
		});
		const project = readProject(jsonObject(body));
		const isFound = status < 300 && project.model.id === projectId && project.raw.active !== false;
		return isFound ? project : undefined;
	}

	/** All of {@link projects}, each once, whatever changes while they are read. */
	async allProjects(companyId: string, search: ProjectSearch = {}): Promise<Array<Read<Project>>> {
		const all = new Map<string, Read<Project>>();
		for await (const { projects } of this.projects(companyId, search)) {
			for (const project of projects) all.set(project.model.id, project);
		}
		return [...all.values()];
	}

	/**
	 * The active projects of a company, each once. In the normal view, which tells of each row whether it is active and
	 * when it was changed: the list may have come unfiltered.
	 */
	async activeProjects(companyId: string): Promise<ActiveProject[]> {
		const rows = await allPages(
			this.transport,
			this.projectList(companyId, { view: 'normal' }),
			PROJECTS_PER_PAGE,
			itself,
		);
		return activeRows(rows).map(({ id, updated_at }) => ({
			id: text(id),
			updated_at: text(updated_at),
		}));
	}

	/**
	 * Looks at one project, active or not. `gone`: Procore does not know it, or no longer shows it to the account.
	 *
	 * @throws ProcoreFailure where Procore does not tell.
	 */
	async projectState(companyId: string, projectId: string): Promise<ProjectState> {
		const { status, body } = await this.transport.request({
			method: 'GET',
			path: `/rest/v1.0/projects/${encodeURIComponent(projectId)}`,
			query: { company_id: companyId },
			companyId,
			purpose: `look at project ${projectId}`,
			repeatable: true,
			accept: [404],
			expects: hasId,
		});
		if (status === 404) return 'gone';
		const { id, active } = jsonObject(body);
		return text(id) === projectId && active === false ? 'closed' : 'active';
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
			expects: isListOfThings,
		};
	}
}
