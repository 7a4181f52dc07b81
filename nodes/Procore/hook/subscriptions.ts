import { subscriptionKey, type Subscription, type Trigger } from '../model/trigger';

/**
 * Parses one entry of an events parameter, such as `RFIs:create`. A resource name can contain any character, so the event
 * type follows the last colon. Its case is kept, and only Procore knows which event types a resource has.
 *
 * @returns undefined if it is not `Resource:action`.
 */
export function parseSubscription(entry: string): Subscription | undefined {
	const colon = entry.lastIndexOf(':');
	const resourceName = entry.slice(0, Math.max(colon, 0)).trim();
	const eventType = entry.slice(colon + 1).trim();
	return resourceName === '' || eventType === ''
		? undefined
		: { resource_name: resourceName, event_type: eventType };
}

/**
 * Parses all entries of an events parameter.
 *
 * @param displayName the label of the parameter, for the message.
 * @param refuse creates an error from a message.
 * @throws that error for the first entry that is not `Resource:action`.
 */
export function parseSubscriptions(
	entries: readonly string[],
	displayName: string,
	refuse: (message: string) => Error,
): Subscription[] {
	return entries.map((entry) => {
		const subscription = parseSubscription(entry);
		if (subscription) return subscription;
		throw refuse(
			`"${entry}" in ${displayName} is not a valid event. Use Resource:action, for example RFIs:create.`,
		);
	});
}

/** The difference between the triggers of a hook and the wanted subscriptions. */
export interface TriggerDifference {
	readonly missing: Subscription[];
	readonly surplus: Trigger[];
	readonly kept: Trigger[];
}

/** Compares the triggers of a hook with the wanted subscriptions. Ignores the case of event types. */
export function compareTriggers(
	wanted: readonly Subscription[],
	triggers: readonly Trigger[],
): TriggerDifference {
	const missing = new Map(
		wanted.map((subscription) => [subscriptionKey(subscription), subscription]),
	);
	const surplus: Trigger[] = [];
	const kept: Trigger[] = [];
	for (const trigger of triggers) {
		(missing.delete(subscriptionKey(trigger)) ? kept : surplus).push(trigger);
	}
	return { missing: [...missing.values()], surplus, kept };
}
