/**
 * The event types that nearly every resource has, in the order of the editor. Procore documents others, such as `Created`
 * and `Completed` of `Document Upload` [EVENT-TYPE-OPEN].
 */
export const USUAL_EVENT_TYPES = ['create', 'update', 'delete'] as const;

/** A resource and an event type that a hook can subscribe to, for example `RFIs` and `create`. */
export interface Subscription {
	readonly resource_name: string;
	readonly event_type: string;
}

/** A subscription of a hook. */
export interface Trigger extends Subscription {
	id: string;
	hook_id: string;
	/** Lower case. Procore returns upper case, whatever spelling its list has [EVENT-TYPE-UPPERCASE]. */
	event_type: string;
	company_id: string | null;
	project_id: string | null;
}

/** A subscription that Procore refused, and Procore's error text. */
export interface RefusedSubscription extends Subscription {
	readonly reason: string;
}

/** A resource that a scope can subscribe to. */
export interface WebhookResource {
	name: string;
	category: string;
	tool: string;
	payload_version: string;
	/** In Procore's spelling, which a subscription must use; the usual ones first. */
	events: string[];
}

/** Returns an event type for comparisons, because Procore mixes lower, upper and mixed case. */
export function eventTypeKey(eventType: string): string {
	return eventType.trim().toLowerCase();
}

/** Whether an event type is one of the usual ones, ignoring case. */
export function isUsualEventType(eventType: string): boolean {
	const key = eventTypeKey(eventType);
	return USUAL_EVENT_TYPES.some((usual) => usual === key);
}

/** Returns a usual event type in lower case, and any other one unchanged. */
export function normalizeEventType(eventType: string): string {
	return isUsualEventType(eventType) ? eventTypeKey(eventType) : eventType.trim();
}

/** Whether an event type is one of `listed`, ignoring case. */
export function includesEventType(listed: readonly string[], eventType: string): boolean {
	return findEventType(listed, eventType) !== undefined;
}

/** Returns the spelling in which an event type is listed, preferring an exact match; undefined if it is not listed. */
export function findEventType(listed: readonly string[], eventType: string): string | undefined {
	const key = eventTypeKey(eventType);
	return (
		listed.find((each) => each === eventType) ?? listed.find((each) => eventTypeKey(each) === key)
	);
}

/** Returns the usual event type for its past tense, `create` for `CREATED`; undefined for any other word. */
export function usualEventTypeOf(pastTense: string): string | undefined {
	const key = eventTypeKey(pastTense);
	return USUAL_EVENT_TYPES.find((usual) => key === `${usual}d`);
}

/**
 * Reads the event type of a trigger. The v2.0 reference has `CREATED` for a subscription to `create`, but some resources have
 * a separate event type `Created`, so the word alone is ambiguous [EVENT-TYPE-UPPERCASE].
 *
 * @param candidates the event types that were requested, or that the resource has.
 * @returns lower case. Prefers a candidate that equals the word over one whose past tense it is.
 */
export function triggerEventType(word: string, candidates: readonly string[]): string {
	const usual = usualEventTypeOf(word);
	return !includesEventType(candidates, word) &&
		usual !== undefined &&
		includesEventType(candidates, usual)
		? usual
		: eventTypeKey(word);
}

/** Returns the usual event type for a word, including its past tense; any other word in lower case. */
export function foldEventType(eventType: string): string {
	return usualEventTypeOf(eventType) ?? eventTypeKey(eventType);
}

/** Returns a key that identifies a subscription, ignoring the case of the event type. */
export function subscriptionKey({ resource_name, event_type }: Subscription): string {
	return `${resource_name}:${eventTypeKey(event_type)}`;
}

/** Returns the format of the nodes' event parameters, for example `RFIs:create`. */
export function subscriptionText({ resource_name, event_type }: Subscription): string {
	return `${resource_name}:${event_type}`;
}
