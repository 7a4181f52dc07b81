import { People, type Person } from '../api/people';
import type { Procore } from '../api';
import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import { readWebHost } from '../api/web-host';
import { explainInvalidId } from '../model/id';
import { jsonObject, text, textOrNull, type JsonObject } from '../model/json';
import { recordUrl, webAddress, type LinkedRecord } from './links';
import { NameCache, type ReadOnce } from './name-cache';
import { PersonLookup } from './person-lookup';

/** The names behind the ids of an event, and the page of its record. Null is what the account cannot access. */
export interface RecordContext {
	company_name: string | null;
	project_name: string | null;
	project_number: string | null;
	user_name: string | null;
	user_email: string | null;
	url: string | null;
}

/** What to name. Ids are text with all digits, or empty. */
export interface ContextSubject extends LinkedRecord {
	/** Who caused the event; empty if unknown. */
	readonly userId: string;
}

interface ProjectNames {
	readonly name: string | null;
	readonly number: string | null;
	readonly companyName: string | null;
}

const NO_PROJECT: ProjectNames = { name: null, number: null, companyName: null };

const NOBODY: Person = { name: null, email: null };

const COMPANIES = new NameCache<ReadonlyMap<string, string>>();
const PROJECTS = new NameCache<ProjectNames>();
const WEB_HOSTS = new NameCache<string | null>();

/** Returns the id if it can be one; else an empty text. The ids of an event can be anything. */
function idOf(id: string): string {
	return explainInvalidId(id, '') === undefined ? id : '';
}

function isHidden(failure: unknown): boolean {
	return failure instanceof ProcoreFailure && (failure.isPermissionMissing || failure.isNotFound);
}

function namesOf({ raw, model }: { raw: JsonObject; model: { name: string } }, companyId: string) {
	const company = jsonObject(raw.company);
	return {
		name: textOrNull(model.name),
		number: textOrNull(raw.project_number),
		companyName: text(company.id) === companyId ? textOrNull(company.name) : null,
	};
}

/**
 * Reads the context of records during one run of a node. Each company, project and user is read at most once in a run, and
 * at most once in ten minutes for the same credential; but a user whom the directory of the company does not show is looked
 * up in projects, until one shows it.
 */
export class ContextReader {
	private readonly companies: ReadOnce<ReadonlyMap<string, string>>;
	private readonly projects: ReadOnce<ProjectNames>;
	private readonly webHosts: ReadOnce<string | null>;
	private readonly people: PersonLookup;

	constructor(private readonly procore: Procore) {
		const { accountKey } = procore.transport;
		this.companies = COMPANIES.forRun(accountKey);
		this.projects = PROJECTS.forRun(accountKey);
		this.webHosts = WEB_HOSTS.forRun(accountKey);
		this.people = new PersonLookup(new People(procore.transport), accountKey);
	}

	/** @throws ProcoreFailure if Procore does not respond; what the account cannot access is null instead. */
	async read(subject: ContextSubject): Promise<RecordContext> {
		const companyId = idOf(subject.companyId);
		const projectId = idOf(subject.projectId);
		const userId = idOf(subject.userId);
		const [project, person, webHost] = await Promise.all([
			companyId === '' || projectId === '' ? NO_PROJECT : this.project(companyId, projectId),
			companyId === '' || userId === '' ? NOBODY : this.people.find(companyId, projectId, userId),
			companyId === '' ? null : this.webHost(companyId),
		]);
		const linked = { ...subject, recordId: idOf(subject.recordId), companyId, projectId };
		return {
			company_name: project.companyName ?? (await this.companyName(companyId)),
			project_name: project.name,
			project_number: project.number,
			user_name: person.name,
			user_email: person.email,
			url: recordUrl(linked, webHost),
		};
	}

	private async project(companyId: string, projectId: string): Promise<ProjectNames> {
		return await this.projects([companyId, projectId], async () => {
			const project = await this.procore.directory.project(companyId, projectId);
			return project === undefined ? NO_PROJECT : namesOf(project, companyId);
		});
	}

	/** The project usually contains the name of its company; this is for records of the company. */
	private async companyName(companyId: string): Promise<string | null> {
		if (companyId === '') return null;
		const names = await this.companies([companyId], async () => {
			const companies = await settle(async () => await this.procore.directory.companies());
			if (!companies.ok && !isHidden(companies.failure)) throw companies.failure;
			const rows = companies.ok ? companies.value : [];
			return new Map(rows.map(({ model }) => [model.id, model.name]));
		});
		return textOrNull(names.get(companyId));
	}

	private async webHost(companyId: string): Promise<string | null> {
		return await this.webHosts([companyId], async () =>
			webAddress(await readWebHost(this.procore.transport, companyId)),
		);
	}
}
