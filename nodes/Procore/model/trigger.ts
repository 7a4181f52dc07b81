/**
 * The event types that nearly every resource has, in the order in which the editor offers them. The set is open: Procore
 * documents others, such as `Created` and `Completed` of `Document Upload`.
 */
export const USUAL_EVENT_TYPES = ['create', 'update', 'delete'] as const;

/** One kind of event that a hook hears: `RFIs`, `create`. */
export interface Subscription {
	readonly resource_name: string;
	readonly event_type: string;
}

/** A subscription that a hook has. */
export interface Trigger extends Subscription {
	id: string;
	hook_id: string;
	/** Lower case; Procore itself answers in upper case, whatever spelling it lists. */
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
	/** In Procore's own spelling, which is the one that a subscription takes; the usual ones first. */
	events: string[];
}

/** An event type to compare with others: Procore writes one and the same in lower, upper and mixed case. */
export function eventTypeKey(eventType: string): string {
	return eventType.trim().toLowerCase();
}

/** Whether an event type is one of the usual three, in any case. */
export function isUsualEventType(eventType: string): boolean {
	const key = eventTypeKey(eventType);
	return USUAL_EVENT_TYPES.some((usual) => usual === key);
}

/** The usual event types in lower case; every other one in the spelling that it came in. */
export function normalizeEventType(eventType: string): string {
	return isUsualEventType(eventType) ? eventTypeKey(eventType) : eventType.trim();
}

/** Whether an event type is one of `listed`, in any case. */
export function includesEventType(listed: readonly string[], eventType: string): boolean {
	return findEventType(listed, eventType) !== undefined;
}

/** The spelling in which an event type is listed; undefined if it is not. An exact match comes first. */
export function findEventType(listed: readonly string[], eventType: string): string | undefined {
	const key = eventTypeKey(eventType);
	return (
		listed.find((each) => each === eventType) ?? listed.find((each) => eventTypeKey(each) === key)
	);
}

/** The usual event type whose past tense a word is: `create` for `CREATED`. Undefined for every other word. */
export function usualEventTypeOf(pastTense: string): string | undefined {
	const key = eventTypeKey(pastTense);
	return USUAL_EVENT_TYPES.find((usual) => key === `${usual}d`);
}

/**
 * Reads the event type of a trigger. Procore's v2.0 reference shows `CREATED` where `create` was subscribed to, and
 * `Created` is an action of its own elsewhere, so the word alone does not tell.
 *
 * @param candidates what the trigger can stand for: what was asked for, or what the resource offers.
 * @returns lower case. A candidate that is this word comes first, then one whose past tense it is.
 */
export function triggerEventType(word: string, candidates: readonly string[]): string {
	const usual = usualEventTypeOf(word);
	return !includesEventType(candidates, word) &&
		usual !== undefined &&
		includesEventType(candidates, usual)
		? usual
		: eventTypeKey(word);
}

/** The usual change that a word stands for, `create` for `CREATED` too; any other word in lower case. */
export function foldEventType(eventType: string): string {
	return usualEventTypeOf(eventType) ?? eventTypeKey(eventType);
}

/** Tells subscriptions apart: the exact name of the resource, and the event type in any case. */
export function subscriptionKey({ resource_name, event_type }: Subscription): string {
	return `${resource_name}:${eventTypeKey(event_type)}`;
}

/** `RFIs:create`, the form in which the nodes' Events parameters hold a subscription. */
export function subscriptionText({ resource_name, event_type }: Subscription): string {
	return `${resource_name}:${event_type}`;
}
