/** What can happen to a resource, in the order in which the editor offers it. */
export const EVENT_TYPES = ['create', 'update', 'delete'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One kind of event that a hook hears: `RFIs`, `create`. */
export interface Subscription {
	readonly resource_name: string;
	readonly event_type: string;
}

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

/** What a scope can subscribe to. */
export interface WebhookResource {
	name: string;
	category: string;
	tool: string;
	payload_version: string;
	events: EventType[];
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
