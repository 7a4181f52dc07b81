import type { People, Person } from '../api/people';
import { DirectoryAccess } from './directory-access';
import { NameCache, type ReadOnce } from './name-cache';

const NOBODY: Person = { name: null, email: null };

/** The projects in which a user was looked up. The user has the same name in each that shows it. */
class ProjectSightings {
	private found: Person | undefined;
	private readonly missingIn = new Set<string>();
	private last: Promise<unknown> = Promise.resolve();

	/** Looks the user up in one project after another, until one shows it. @throws what `read` throws. */
	async find(
		projectId: string,
		read: () => Promise<Person | undefined>,
	): Promise<Person | undefined> {
		const turn = this.last.then(async () => {
			if (this.found !== undefined || this.missingIn.has(projectId)) return this.found;
			this.found = await read();
			if (this.found === undefined) this.missingIn.add(projectId);
			return this.found;
		});
		this.last = turn.catch(() => undefined);
		return await turn;
	}
}

const IN_COMPANIES = new NameCache<Person | undefined>();
const IN_PROJECTS = new NameCache<ProjectSightings>();

/** Finds the people behind ids during one run of a node. */
export class PersonLookup {
	private readonly directories = new Map<string, DirectoryAccess>();
	private readonly inCompanies: ReadOnce<Person | undefined>;
	private readonly sightings: ReadOnce<ProjectSightings>;

	/** @param accountKey see `Transport.accountKey`. */
	constructor(
		private readonly people: Pick<People, 'inCompany' | 'inProject'>,
		accountKey: string,
	) {
		this.inCompanies = IN_COMPANIES.forRun(accountKey);
		this.sightings = IN_PROJECTS.forRun(accountKey);
	}

	/**
	 * Asks the directory of the company, and that of the project if the account cannot find the user there.
	 *
	 * @param projectId empty at company level.
	 * @returns nulls for a user whom the account cannot access.
	 * @throws ProcoreFailure if Procore does not respond.
	 */
	async find(companyId: string, projectId: string, userId: string): Promise<Person> {
		const company = this.accessTo('company', companyId);
		return await company.probe(async () => {
			const inCompany = await this.inCompany(company, companyId, userId);
			if (inCompany !== undefined || projectId === '') return inCompany ?? NOBODY;
			const inProject = await this.inProject(companyId, projectId, userId);
			// The directory of a company contains the users of its projects.
			if (inProject !== undefined) company.note('hidden');
			return inProject ?? NOBODY;
		});
	}

	private accessTo(...ids: readonly string[]): DirectoryAccess {
		const key = JSON.stringify(ids);
		const access = this.directories.get(key) ?? new DirectoryAccess();
		this.directories.set(key, access);
		return access;
	}

	private async inCompany(
		company: DirectoryAccess,
		companyId: string,
		userId: string,
	): Promise<Person | undefined> {
		if (company.isHidden) return undefined;
		const person = await this.inCompanies([companyId, userId], async () => {
			const answer = await this.people.inCompany(companyId, userId);
			if (answer.kind === 'hidden') company.note('hidden');
			return answer.kind === 'found' ? answer.person : undefined;
		});
		if (person !== undefined) company.note('shown');
		return person;
	}

	private async inProject(
		companyId: string,
		projectId: string,
		userId: string,
	): Promise<Person | undefined> {
		const project = this.accessTo('project', companyId, projectId);
		const sightings = await this.sightings(
			[companyId, userId],
			async () => await Promise.resolve(new ProjectSightings()),
		);
		return await sightings.find(
			projectId,
			async () =>
				await project.probe(async () => {
					if (project.isHidden) return undefined;
					const answer = await this.people.inProject(companyId, projectId, userId);
					if (answer.kind === 'hidden') project.note('hidden');
					if (answer.kind === 'found') project.note('shown');
					return answer.kind === 'found' ? answer.person : undefined;
				}),
		);
	}
}
