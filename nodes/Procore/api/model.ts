import type { ProcoreEvent } from '../event/event';
import type { JsonObject } from '../json';

/** Where a hook lives. A company hook hears company-level resources only; each project needs a hook of its own. */
export type Scope =
	| { readonly kind: 'company'; readonly companyId: string }
	| { readonly kind: 'project'; readonly companyId: string; readonly projectId: string };

/** What can happen to a resource, in the order in which the editor offers it. */
export const EVENT_TYPES = ['create', 'update', 'delete'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The forms in which Procore delivers events; a hook has one of them. */
export const PAYLOAD_VERSIONS = ['v2.0', 'v3.0', 'v4.0'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

/** A payload version that a parameter or a hook names; v2.0, which the panel shows first, for every other word. */
export function payloadVersionOf(word: unknown): PayloadVersion {
	return PAYLOAD_VERSIONS.find((known) => known === word) ?? 'v2.0';
}

/** Whether Procore delivers to a hook; it keeps a disabled one. */
export type HookStatus = 'active' | 'disabled';

/** One kind of event that a hook hears: `RFIs`, `create`. */
export interface Subscription {
	readonly resource_name: string;
	readonly event_type: string;
}

/** Where Procore delivers the events of a scope, found again by scope and namespace. Times are ISO 8601, UTC. */
export interface Hook {
	id: string;
	namespace: string | null;
	destination_url: string;
	/** Procore masks the value: five stars and the last five characters. */
	destination_headers: { Authorization?: string };
	payload_version: string;
	status: HookStatus;
	trigger_count?: number;
	company_id: string | null;
	project_id: string | null;
	created_at: string | null;
	updated_at: string | null;
}

/** What a new hook is made of. */
export interface HookDraft {
	readonly namespace: string;
	readonly destination_url: string;
	/** The whole Authorization value, as `Bearer …`; Procore adds the header's name. */
	readonly authorization?: string;
	readonly payload_version: PayloadVersion;
}

/** What an update changes; a field that is left out stays as it is. */
export type HookChanges = Partial<HookDraft> & { readonly status?: HookStatus };

/** A subscription that a hook has. */
export interface Trigger extends Subscription {
	id: string;
	hook_id: string;
	/** Lower case; Procore itself answers in upper case. */
	event_type: string;
	company_id: string | null;
	project_id: string | null;
}

/** A subscription that Procore refused, in a 207 or by itself, with Procore's words. */
export interface RefusedSubscription extends Subscription {
	readonly reason: string;
}

/** Where a delivery is on its way: `enqueued` before the first attempt, `retrying` after one that failed. */
export type DeliveryStatus = 'succeeded' | 'failed' | 'retrying' | 'discarded' | 'enqueued';
/** What came of a delivery so far, in the words of API v1.0. */
export type DeliveryOutcome = 'ok' | 'retried' | 'failed' | 'discarded';

/** One event on its way to one hook. The flat response fields are those of the last attempt. */
export interface Delivery {
	/** Null on API v1.0 where Procore leaves it out. */
	id: string | null;
	event_id: string | null;
	ulid: string | null;
	status: DeliveryStatus;
	/** Null while nothing has been tried yet. */
	outcome: DeliveryOutcome | null;
	attempts: number;
	response_status: number | null;
	response_headers: JsonObject;
	response_body: string | null;
	response_error: string | null;
	started_at: string | null;
	completed_at: string | null;
	event: ProcoreEvent | null;
}

/** What a scope can subscribe to. */
export interface WebhookResource {
	name: string;
	category: string;
	tool: string;
	payload_version: string;
	events: EventType[];
}

/** Whom a credential stands for; `login` is an e-mail address. */
export interface User {
	id: string;
	login: string;
}

/** A company that the app is installed in. */
export interface Company {
	id: string;
	name: string;
	is_active: boolean;
}

/** A project; its `display_name` has the project's number before the name. */
export interface Project {
	id: string;
	name: string;
	display_name: string;
}

/** What was read: in the model's words, and as Procore sent it, with every digit. */
export interface Read<T> {
	readonly model: T;
	readonly raw: JsonObject;
}

/** Procore's ids are digits, those of its newer services letters and dashes too. */
const ID = /^[\w-]{1,64}$/;

/**
 * Why a text cannot be an id. No other text may enter the path of a request: with `..` for the id of a trigger, the
 * call that deletes it would be the one that deletes its hook.
 *
 * @param displayName of the parameter that holds it.
 * @returns undefined where it may be one; whether there is such a thing, Procore tells.
 */
export function explainId(typed: string, displayName: string): string | undefined {
	return ID.test(typed)
		? undefined
		: `"${typed.slice(0, 64)}" in ${displayName} is no id of Procore's: enter letters, digits and dashes only.`;
}

/** Whether Procore will not try again. */
export function isGivenUp({ status }: Delivery): boolean {
	return status === 'failed' || status === 'discarded';
}

/** "project 902214" or "company 4501177", for messages. */
export function describeScope(scope: Scope): string {
	return scope.kind === 'company' ? `company ${scope.companyId}` : `project ${scope.projectId}`;
}

/** The same for equal scopes, different for all others. */
export function scopeKey(scope: Scope): string {
	return scope.kind === 'company' ? `company:${scope.companyId}` : `project:${scope.projectId}`;
}

/** Procore writes event types in lower case, in upper case and, in one example, as `CREATED`. */
export function foldEventType(eventType: string): string {
	const lower = eventType.toLowerCase();
	return EVENT_TYPES.find((known) => lower === `${known}d`) ?? lower;
}

/** `RFIs:create`, the form in which the nodes' Events parameters hold a subscription. */
export function subscriptionKey(subscription: Subscription): string {
	return `${subscription.resource_name}:${foldEventType(subscription.event_type)}`;
}

/** `v2` and `v2.0` are the same payload format; Procore's pages use both. */
export function normalisePayloadVersion(version: string): string {
	return /^v\d+$/.test(version) ? `${version}.0` : version;
}
