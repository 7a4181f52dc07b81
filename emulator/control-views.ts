import type {
	DeliveryState,
	EmulatorState,
	Event,
	HookState,
	Seed,
	SeedCompany,
	SeedProject,
} from './control-types';
import type { Emulator } from './emulator';
import type { Company, Delivery, Hook, ProcoreEvent, Project } from './model';
import { payloadFormat } from './payload';
import { CLIENT_ID, CLIENT_SECRET, SERVICE_ACCOUNT, WEB_USER, displayName } from './seed';

function iso(milliseconds: number): string {
	return new Date(milliseconds).toISOString();
}

/** A project as the control API returns it. */
export function projectView(project: Project): SeedProject {
	return {
		id: project.id,
		name: project.name,
		display_name: displayName(project),
		active: project.active,
	};
}

function companyView(emulator: Emulator, company: Company): SeedCompany {
	return {
		id: company.id,
		name: company.name,
		projects: emulator.store.projects
			.filter((project) => project.companyId === company.id)
			.map(projectView),
	};
}

/** What the emulator starts with; the last company of the seed is the unconnected one. */
export function seedView(emulator: Emulator): Seed {
	const view = (company: Company) => companyView(emulator, company);
	const { companies } = emulator.store;
	const unconnected = companies[companies.length - 1];
	return {
		clientId: CLIENT_ID,
		clientSecret: CLIENT_SECRET,
		webUser: { login: WEB_USER.login, password: WEB_USER.password, id: WEB_USER.id },
		serviceAccountUserId: SERVICE_ACCOUNT.id,
		companies: companies.slice(0, -1).map(view),
		unconnectedCompany: unconnected ? view(unconnected) : { id: '', name: '', projects: [] },
	};
}

/** A hook as the control API returns it: with its secret, and with one spelling of the payload version. */
export function hookView(hook: Hook): HookState {
	return {
		id: hook.id,
		scope: hook.scope,
		namespace: hook.namespace,
		destinationUrl: hook.destinationUrl,
		authorization: hook.authorization,
		payloadVersion: payloadFormat(hook.payloadVersion) ?? 'v2.0',
		status: hook.status,
		triggers: hook.triggers.map(({ id, resourceName, eventType }) => ({
			id,
			resourceName,
			eventType,
		})),
	};
}

function compareText(one: string, other: string): number {
	if (one === other) return 0;
	return one < other ? -1 : 1;
}

function deliveryView(delivery: Delivery): DeliveryState {
	return {
		id: delivery.id,
		hookId: delivery.hookId,
		eventId: delivery.event.id,
		ulid: delivery.event.ulid,
		resourceName: delivery.event.resourceName,
		eventType: delivery.event.eventType,
		status: delivery.status,
		attempts: delivery.attempts.map((attempt) => ({
			success: attempt.success,
			responseStatus: attempt.responseStatus,
			responseBody: attempt.responseBody,
			startedAt: iso(attempt.startedAt),
			completedAt: iso(attempt.completedAt),
			error: attempt.error,
		})),
	};
}

/** An event as the control API returns it, whatever payload version it is sent in. */
export function eventView(event: ProcoreEvent): Event {
	return {
		id: event.id,
		ulid: event.ulid,
		timestamp: event.timestamp,
		resourceName: event.resourceName,
		resourceId: event.resourceId,
		eventType: event.eventType,
		companyId: event.companyId,
		projectId: event.projectId,
		userId: event.userId,
		deliveries: event.deliveries,
	};
}

/**
 * The whole state.
 *
 * @param latest how many deliveries, counted from the newest; they are listed in the order of their events.
 */
export function stateView(emulator: Emulator, latest: number): EmulatorState {
	const hooks = emulator.store.allHooks();
	const deliveries = hooks
		.flatMap((hook) => (latest > 0 ? hook.deliveries.slice(-latest) : []))
		.sort((one, other) => compareText(one.event.id, other.event.id));
	return {
		now: iso(emulator.clock.now()),
		speed: emulator.clock.speed,
		hooks: hooks.map(hookView),
		deliveries: (latest > 0 ? deliveries.slice(-latest) : []).map(deliveryView),
		events: emulator.store.events.map(eventView),
	};
}
