import { readEvent } from '../model/event';
import {
	isJsonObject,
	jsonObject,
	jsonObjects,
	text,
	textOrNull,
	type JsonObject,
} from '../model/json';
import type { Delivery, DeliveryStatus } from '../model/delivery';
import type { Company, Project } from '../model/directory';
import type { Hook } from '../model/hook';
import { normalizePayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import {
	eventTypeKey,
	includesEventType,
	isUsualEventType,
	triggerEventType,
	USUAL_EVENT_TYPES,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
	type WebhookResource,
} from '../model/trigger';
import { readErrorText } from './error-text';

const AUTHORIZATION = 'Authorization';

/** The headers that Procore sends along. It shows masked values; one that is not masked is never passed on. */
function readMaskedHeaders(value: unknown): Hook['destination_headers'] {
	const headers = Object.entries(jsonObject(value)).flatMap(([name, header]) => {
		const shown = textOrNull(header);
		if (shown === null) return [];
		if (name.toLowerCase() === AUTHORIZATION.toLowerCase()) return [[AUTHORIZATION, shown]];
		return [[name, shown.startsWith('*') ? shown : '*****']];
	});
	return Object.fromEntries(headers);
}

/** A hook of either generation: where a field has two names, both are looked for. */
export function readHook(raw: JsonObject): Read<Hook> {
	const triggerCount = textOrNull(raw.trigger_count);
	const model: Hook = {
		id: text(raw.id),
		namespace: textOrNull(raw.namespace),
		destination_url: text(raw.destination_url),
		destination_headers: readMaskedHeaders(raw.destination_headers),
		payload_version: normalizePayloadVersion(text(raw.payload_version ?? raw.api_version)),
		status: raw.status === 'disabled' ? 'disabled' : 'active',
		company_id: textOrNull(raw.company_id ?? raw.owned_by_company_id),
		project_id: textOrNull(raw.project_id ?? raw.owned_by_project_id),
		created_at: textOrNull(raw.created_at),
		updated_at: textOrNull(raw.updated_at),
	};
	if (triggerCount !== null) model.trigger_count = Number(triggerCount);
	return { model, raw };
}

/** The event types that were asked for of a resource. */
function askedOf(asked: readonly Subscription[], resourceName: string): string[] {
	return asked
		.filter(({ resource_name }) => resource_name === resourceName)
		.map(({ event_type }) => event_type);
}

/**
 * A trigger of either generation.
 *
 * @param asked the subscriptions that the answer is to, if it is to any: they tell what its event type stands for.
 */
export function readTrigger(raw: JsonObject, asked: readonly Subscription[] = []): Read<Trigger> {
	const resourceName = text(raw.resource_name);
	return {
		model: {
			id: text(raw.id),
			hook_id: text(raw.webhook_hook_id),
			resource_name: resourceName,
			event_type: triggerEventType(text(raw.event_type), askedOf(asked, resourceName)),
			company_id: textOrNull(raw.company_id),
			project_id: textOrNull(raw.project_id),
		},
		raw,
	};
}

/** An entry of a 207 that is no trigger: which subscription it was, and why Procore refused it. */
export function readRefusal(raw: JsonObject, asked: readonly Subscription[]): RefusedSubscription {
	const trigger = isJsonObject(raw.trigger) ? raw.trigger : raw;
	const resourceName = text(trigger.resource_name);
	const candidates = askedOf(asked, resourceName);
	const eventType = triggerEventType(text(trigger.event_type), candidates);
	return {
		resource_name: resourceName,
		// v1.0's own example names the resource alone.
		event_type: eventType === '' ? (candidates[0] ?? '') : eventType,
		reason: readErrorText({ errors: raw.errors ?? raw.message ?? null }) || text(raw.code),
	};
}

const STATUS_OF_WORD: Readonly<Record<string, DeliveryStatus>> = {
	// The filter says `succeeded` and the row `delivered`, in the same page of Procore's reference.
	delivered: 'succeeded',
	succeeded: 'succeeded',
	failed: 'failed',
	discarded: 'discarded',
	enqueued: 'enqueued',
	retrying: 'retrying',
};

function readEventOf(value: unknown) {
	return isJsonObject(value) ? (readEvent(value) ?? null) : null;
}

/** The event of a delivery as Procore stores it. */
export function eventJson({ raw }: Read<Delivery>): JsonObject {
	return jsonObject(raw.payload ?? raw.event);
}

function number(value: unknown): number | null {
	const digits = textOrNull(value);
	return digits === null ? null : Number(digits);
}

/** A v2.0 row: one a delivery, with its attempts inside. */
export function readDeliveryV2(raw: JsonObject): Read<Delivery> {
	const attempts = jsonObjects(raw.delivery_attempts);
	const last = attempts.at(-1) ?? {};
	const status = STATUS_OF_WORD[text(raw.status).toLowerCase()] ?? 'failed';
	const event = readEventOf(raw.payload);
	const outcomes = {
		succeeded: 'ok',
		failed: 'failed',
		discarded: 'discarded',
		retrying: 'retried',
		enqueued: null,
	} as const satisfies Record<DeliveryStatus, Delivery['outcome']>;
	return {
		model: {
			id: textOrNull(raw.id),
			event_id: event?.id ?? textOrNull(raw.id),
			ulid: event?.ulid ?? null,
			status,
			outcome: outcomes[status],
			attempts: attempts.length,
			response_status: number(last.response_status),
			response_headers: isJsonObject(last.response_headers) ? last.response_headers : {},
			response_body: textOrNull(last.response_body),
			response_error: textOrNull(last.response_error),
			started_at: textOrNull(last.started_at),
			completed_at: textOrNull(last.completed_at),
			event,
		},
		raw,
	};
}

/** A v1.0 row: one an attempt. AttemptMerger makes one delivery of the rows of one event. */
export function readAttemptV1(raw: JsonObject): Read<Delivery> {
	const event = readEventOf(raw.event);
	const outcomes = {
		ok: { status: 'succeeded', outcome: 'ok' },
		retried: { status: 'retrying', outcome: 'retried' },
		failed: { status: 'failed', outcome: 'failed' },
		discarded: { status: 'discarded', outcome: 'discarded' },
	} as const;
	const word = text(raw.outcome).toLowerCase();
	const { status, outcome } =
		word === 'ok' || word === 'retried' || word === 'discarded' ? outcomes[word] : outcomes.failed;
	return {
		model: {
			id: textOrNull(raw.id),
			event_id: textOrNull(raw.event_id) ?? event?.id ?? null,
			ulid: event?.ulid ?? null,
			status,
			outcome,
			attempts: textOrNull(raw.started_at) === null ? 0 : 1,
			response_status: number(raw.response_status),
			response_headers: isJsonObject(raw.response_headers) ? raw.response_headers : {},
			response_body: textOrNull(raw.response_body),
			response_error: textOrNull(raw.response_error),
			started_at: textOrNull(raw.started_at),
			completed_at: textOrNull(raw.completed_at),
			event,
		},
		raw,
	};
}

/** The actions of a resource in Procore's spelling, each once, the usual ones first. */
function eventTypesIn(actions: readonly string[]): string[] {
	const listed = new Map(actions.map((action) => [eventTypeKey(action), action]));
	listed.delete('');
	const usual = USUAL_EVENT_TYPES.flatMap((word) => listed.get(word) ?? []);
	return [...usual, ...[...listed.values()].filter((action) => !isUsualEventType(action))];
}

/** v2.0 says what may be subscribed to. */
export function readResourceV2(raw: JsonObject): Read<WebhookResource> {
	const actions = Array.isArray(raw.actions) ? raw.actions.map((action) => text(action)) : [];
	return {
		model: {
			name: text(raw.name),
			category: text(raw.category),
			tool: text(raw.tool),
			payload_version: normalizePayloadVersion(text(raw.payload_version)),
			events: eventTypesIn(actions),
		},
		raw,
	};
}

/**
 * v1.0 says which of the usual event types may *not* be subscribed to, and calls the resource's name `tools`. It has no place
 * for other actions, which an expression can still name.
 */
export function readResourceV1(raw: JsonObject): Read<WebhookResource> {
	const except = Array.isArray(raw.except) ? raw.except.map((action) => text(action)) : [];
	return {
		model: {
			name: text(raw.tools),
			category: text(raw.product_category),
			tool: text(raw.tools),
			payload_version: normalizePayloadVersion(text(raw.api_version)),
			events: USUAL_EVENT_TYPES.filter((event) => !includesEventType(except, event)),
		},
		raw,
	};
}

/** A row of `/rest/v1.0/companies`. */
export function readCompany(raw: JsonObject): Read<Company> {
	return {
		model: { id: text(raw.id), name: text(raw.name), is_active: raw.is_active !== false },
		raw,
	};
}

/** A row of `/rest/v1.1/projects` in its compact view. */
export function readProject(raw: JsonObject): Read<Project> {
	const name = text(raw.name);
	return {
		model: { id: text(raw.id), name, display_name: textOrNull(raw.display_name) ?? name },
		raw,
	};
}
