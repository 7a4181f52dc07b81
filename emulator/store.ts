import { Ids, ulid } from './ids';
import type { Company, Delivery, Hook, ProcoreEvent, Project, Scope } from './model';
import { payloadFormat } from './payload';
import { RecordStore } from './record-store';
import { SERVICE_ACCOUNT, seedCompanies, seedProjects } from './seed';

/** Whether two scopes are the same company or project. */
export function sameScope(one: Scope, other: Scope): boolean {
	return one.companyId === other.companyId && one.projectId === other.projectId;
}

/** The state of the emulated Procore, in memory. */
export class Store {
	readonly ids = new Ids();
	readonly records = new RecordStore();
	companies: Company[] = [];
	projects: Project[] = [];
	events: ProcoreEvent[] = [];
	/** The user of client credentials. */
	serviceAccountId = SERVICE_ACCOUNT.id;
	/** Whether changes are made without recording their events. */
	webhooksOutage = false;
	private readonly hooks = new Map<string, Hook>();

	constructor() {
		this.reset();
	}

	reset(): void {
		this.companies = seedCompanies();
		this.projects = seedProjects();
		this.events = [];
		this.serviceAccountId = SERVICE_ACCOUNT.id;
		this.webhooksOutage = false;
		this.hooks.clear();
		this.records.reset();
	}

	company(id: string): Company | undefined {
		return this.companies.find((company) => company.id === id);
	}

	project(id: string): Project | undefined {
		return this.projects.find((project) => project.id === id);
	}

	/** A project that the account can access [ERROR-404-INVISIBLE]. */
	accessibleProject(id: string): Project | undefined {
		const project = this.project(id);
		const isHidden = this.company(project?.companyId ?? '')?.hiddenProjects.has(id) === true;
		return isHidden ? undefined : project;
	}

	/** Does what a user in Procore would; ignores a project that does not exist. */
	changeProject(id: string, change: { active?: boolean; name?: string }, now: number): void {
		const project = this.project(id);
		if (!project) return;
		project.active = change.active ?? project.active;
		project.name = change.name ?? project.name;
		project.updatedAt = now;
	}

	/** The project answers 404 from now on; its hooks are deleted too [PROJECT-DELETED-404]. */
	removeProject(id: string): void {
		this.projects = this.projects.filter((project) => project.id !== id);
		for (const hook of this.allHooks()) if (hook.scope.projectId === id) this.removeHook(hook.id);
	}

	hook(id: string): Hook | undefined {
		return this.hooks.get(id);
	}

	allHooks(): Hook[] {
		return [...this.hooks.values()];
	}

	hooksIn(scope: Scope): Hook[] {
		return this.allHooks().filter((hook) => sameScope(hook.scope, scope));
	}

	addHook(hook: Hook): void {
		this.hooks.set(hook.id, hook);
	}

	removeHook(id: string): void {
		this.hooks.delete(id);
	}

	/** A delivery has its own id, of the kind that its hook's payload version uses. */
	deliveryId(hook: Hook, time: number): string {
		return payloadFormat(hook.payloadVersion) === 'v4.0' ? ulid(time) : this.ids.delivery.next();
	}

	delivery(id: string): Delivery | undefined {
		for (const hook of this.hooks.values()) {
			const delivery = hook.deliveries.find((candidate) => candidate.id === id);
			if (delivery) return delivery;
		}
		return undefined;
	}
}
