import type { Clock } from './clock';
import type { DeliveryEngine } from './delivery-engine';
import { ulid } from './ids';
import type { JsonObject } from './json';
import type { Delivery, DeliveryStatus, EventType, Hook, Outcome, ProcoreEvent } from './model';
import { RESOURCES, resourceNamed } from './resources';
import { WEB_USER } from './seed';
import { sameScope } from './store';
import type { Store } from './store';

export interface Change {
	companyId: string;
	projectId?: string | null;
	resourceName: string;
	eventType: EventType;
	resourceId?: string;
	userId?: string;
	applicationId?: string | null;
	operationId?: string | null;
	/** Sends `metadata` with its first three fields null, as Procore sometimes does [METADATA-NULLS]. */
	nullSources?: boolean;
	relatedResources?: Array<{ id: string; name: string }>;
	/** Delivers the same body this many times (Procore delivers at least once). */
	deliverTimes?: number;
	/** The fields that the change sets in the record; others keep their values. */
	record?: JsonObject;
	/** Creates this many events. */
	count?: number;
	/** Changes the record without recording an event, as in an outage of Procore's webhooks. */
	silent?: boolean;
}

/** A change that the seed does not allow; the control API answers 400. */
export class UnknownChange extends Error {}

let microsecond = 0;

function timestampOf(milliseconds: number): string {
	microsecond = (microsecond + 137) % 1000;
	const text = new Date(milliseconds).toISOString();
	return text.replace('Z', `${String(microsecond).padStart(3, '0')}Z`);
}

function makeEvent(
	store: Store,
	time: number,
	change: Change,
	projectId: string | null,
): ProcoreEvent {
	return {
		id: store.ids.event.next(),
		ulid: ulid(time),
		time,
		timestamp: timestampOf(time),
		resourceName: change.resourceName,
		resourceId: change.resourceId ?? store.ids.resource.next(),
		eventType: change.eventType,
		companyId: change.companyId,
		projectId,
		userId: change.userId ?? WEB_USER.id,
		applicationId: change.applicationId ?? null,
		operationId: change.operationId ?? null,
		nullSources: change.nullSources ?? false,
		relatedResources: change.relatedResources ?? [],
		deliveries: 0,
	};
}

/** Company-level resources concern the company's hooks, project-level ones their project's. */
function projectOf(store: Store, change: Change): string | null {
	if (!store.company(change.companyId)) throw new UnknownChange('No such company');
	const resource = resourceNamed(change.resourceName);
	if (!resource) throw new UnknownChange(`No such resource: ${change.resourceName}`);
	if (!resource.events.includes(change.eventType)) {
		throw new UnknownChange(`${change.resourceName} has no ${change.eventType} event`);
	}
	if (resource.level === 'company') return null;
	const projectId = change.projectId ?? null;
	const project = projectId === null ? undefined : store.project(projectId);
	if (!project || project.companyId !== change.companyId) {
		throw new UnknownChange(`${change.resourceName} needs a project of the company`);
	}
	return project.id;
}

/**
 * Changes a record, creates the events and enqueues them to every hook that is subscribed.
 *
 * @returns the events, also those that are not recorded because of an outage.
 * @throws UnknownChange.
 */
export function makeChange(
	store: Store,
	engine: DeliveryEngine,
	clock: Clock,
	change: Change,
): ProcoreEvent[] {
	const projectId = projectOf(store, change);
	const events: ProcoreEvent[] = [];
	for (let made = 0; made < (change.count ?? 1); made++) {
		const event = makeEvent(store, clock.now(), change, projectId);
		// Committed before its event is sent.
		store.records.apply(event, change.record ?? {});
		if (change.resourceName === 'Projects') store.changeProject(event.resourceId, {}, event.time);
		events.push(event);
		if (store.webhooksOutage || change.silent === true) continue;
		const scope = { companyId: change.companyId, projectId };
		for (const hook of store.allHooks()) {
			if (hook.status !== 'active' || !sameScope(hook.scope, scope)) continue;
			const wanted = hook.triggers.some(
				(trigger) =>
					trigger.resourceName === change.resourceName && trigger.eventType === change.eventType,
			);
			if (!wanted) continue;
			event.deliveries += 1;
			engine.enqueue(hook, event, change.deliverTimes ?? 1);
		}
		store.events.push(event);
	}
	return events;
}

const OUTCOMES: Partial<Record<DeliveryStatus, Outcome>> = {
	delivered: 'ok',
	failed: 'failed',
	retrying: 'retried',
	discarded: 'discarded',
};

/** Creates rows that exist only in the log, in bulk: their events one second apart, the last one now. */
export function addLoggedDeliveries(
	store: Store,
	now: number,
	hook: Hook,
	rows: {
		count: number;
		attemptedAt?: number | undefined;
		statuses: DeliveryStatus[];
		resourceNames: string[];
	},
): void {
	for (let index = 0; index < rows.count; index++) {
		const time = now - (rows.count - 1 - index) * 1000;
		const resourceName = rows.resourceNames[index % rows.resourceNames.length] ?? 'RFIs';
		const status = rows.statuses[index % rows.statuses.length] ?? 'delivered';
		const events = resourceNamed(resourceName)?.events ?? [];
		const eventType = events[index % events.length] ?? 'update';
		const change: Change = { companyId: hook.scope.companyId, resourceName, eventType };
		const event = makeEvent(store, time, change, hook.scope.projectId);
		const attempted = status !== 'discarded' && status !== 'enqueued';
		const success = status === 'delivered';
		const delivery: Delivery = {
			id: store.deliveryId(hook, time),
			hookId: hook.id,
			event,
			payloadVersion: hook.payloadVersion,
			status,
			attempts: [],
			copies: success ? 0 : 1,
		};
		if (attempted) {
			delivery.attempts.push({
				id: store.ids.attempt.next(),
				success,
				responseStatus: success ? 200 : 500,
				responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
				responseBody: success ? '{"message":"ok"}' : '{"message":"Error"}',
				error: null,
				startedAt: rows.attemptedAt ?? time,
				completedAt: rows.attemptedAt ?? time,
			});
		}
		hook.deliveries.push(delivery);
		const outcome = OUTCOMES[status];
		if (!outcome) continue;
		const attempt = delivery.attempts[0] ?? null;
		const id = attempt?.id ?? store.ids.attempt.next();
		hook.outcomes.push({ id, delivery, attempt, outcome });
	}
}

/** Some resources that a hook of this scope can subscribe to. */
export function defaultResourceNames(hook: Hook): string[] {
	const level = hook.scope.projectId === null ? 'company' : 'project';
	return RESOURCES.filter((resource) => resource.level === level && !resource.v4Only)
		.slice(0, 8)
		.map((resource) => resource.name);
}
