import { People, type Person } from '../api/people';
import type { Procore } from '../api';
import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import { TimedCache } from '../api/timed-cache';
import { readWebHost } from '../api/web-host';
import { explainInvalidId } from '../model/id';
import { jsonObject, text, textOrNull, type JsonObject } from '../model/json';
import { recordUrl, webAddress, type LinkedRecord } from './links';

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

/** Names rarely change, and a workflow that runs for each event must not read them each time. */
const KEPT_FOR_MS = 600_000;

/** Of each kind, for all accounts of a process; a few hundred bytes each. */
const MAX_KEPT = 5000;

/** The names that were read for an account. */
class NameCaches {
	readonly companies: TimedCache<ReadonlyMap<string, string>>;
	readonly projects: TimedCache<ProjectNames>;
	readonly people: TimedCache<Person | undefined>;
	readonly webHosts: TimedCache<string | null>;

	constructor(maxAgeMs: number) {
		this.companies = new TimedCache(maxAgeMs, MAX_KEPT);
		this.projects = new TimedCache(maxAgeMs, MAX_KEPT);
		this.people = new TimedCache(maxAgeMs, MAX_KEPT);
		this.webHosts = new TimedCache(maxAgeMs, MAX_KEPT);
	}
}

/** Of this process. What an account cannot access is kept, too, or it would be requested for each event. */
const SHARED = new NameCaches(KEPT_FOR_MS);

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
 * at most once in ten minutes for the same credential.
 */
export class ContextReader {
	private readonly own = new NameCaches(Infinity);
	private readonly people: People;
	/** Companies whose directory showed nobody, while that of a project did. */
	private readonly hiddenDirectories = new Set<string>();

	constructor(private readonly procore: Procore) {
		this.people = new People(procore.transport);
	}

	/** @throws ProcoreFailure if Procore does not respond; what the account cannot access is null instead. */
	async read(subject: ContextSubject): Promise<RecordContext> {
		const companyId = idOf(subject.companyId);
		const projectId = idOf(subject.projectId);
		const userId = idOf(subject.userId);
		const [project, person, webHost] = await Promise.all([
			companyId === '' || projectId === '' ? NO_PROJECT : this.project(companyId, projectId),
			companyId === '' || userId === '' ? NOBODY : this.person(companyId, projectId, userId),
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

	/** Reads through the cache of this run and that of the process. */
	private async cached<T>(
		cacheOf: (caches: NameCaches) => TimedCache<T>,
		ids: readonly string[],
		read: () => Promise<T>,
	): Promise<T> {
		const key = JSON.stringify([this.procore.transport.accountKey, ...ids]);
		return await cacheOf(this.own).get(key, async () => await cacheOf(SHARED).get(key, read));
	}

	private async project(companyId: string, projectId: string): Promise<ProjectNames> {
		const ids = [companyId, projectId];
		return await this.cached(
			({ projects }) => projects,
			ids,
			async () => {
				const project = await this.procore.directory.project(companyId, projectId);
				return project === undefined ? NO_PROJECT : namesOf(project, companyId);
			},
		);
	}

	/** The project usually contains the name of its company; this is for records of the company. */
	private async companyName(companyId: string): Promise<string | null> {
		if (companyId === '') return null;
		const names = await this.cached(
			({ companies }) => companies,
			[companyId],
			async () => {
				const companies = await settle(async () => await this.procore.directory.companies());
				if (!companies.ok && !isHidden(companies.failure)) throw companies.failure;
				const rows = companies.ok ? companies.value : [];
				return new Map(rows.map(({ model }) => [model.id, model.name]));
			},
		);
		return textOrNull(names.get(companyId));
	}

	/** Asks the directory of the company, and that of the project if the account cannot find the user there. */
	private async person(companyId: string, projectId: string, userId: string): Promise<Person> {
		const inCompany = this.hiddenDirectories.has(companyId)
			? undefined
			: await this.cached(
					({ people }) => people,
					[companyId, userId],
					async () => await this.people.inCompany(companyId, userId),
				);
		if (inCompany !== undefined || projectId === '') return inCompany ?? NOBODY;
		const inProject = await this.cached(
			({ people }) => people,
			[companyId, userId, 'project'],
			async () => await this.people.inProject(companyId, projectId, userId),
		);
		if (inProject !== undefined) this.hiddenDirectories.add(companyId);
		return inProject ?? NOBODY;
	}

	private async webHost(companyId: string): Promise<string | null> {
		return await this.cached(
			({ webHosts }) => webHosts,
			[companyId],
			async () => webAddress(await readWebHost(this.procore.transport, companyId)),
		);
	}
}
