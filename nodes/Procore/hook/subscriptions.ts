import { subscriptionKey, type Subscription, type Trigger } from '../model/trigger';

/**
 * Reads one entry of an Events parameter, such as `RFIs:create`. The name of a resource may itself hold any character:
 * the event is what follows the last colon, in its own case. Which events a resource has, only Procore knows.
 *
 * @returns undefined if it is not a `Resource:event`.
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
 * Reads all entries of an Events parameter.
 *
 * @param displayName of the parameter, for the message.
 * @param refuse makes the error of a message.
 * @throws it for the first entry that is not a `Resource:event`.
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
			`"${entry}" in ${displayName} is not an event: write the resource and its event, such as RFIs:create.`,
		);
	});
}

/** The triggers of a hook against a wanted set: what to add, what to remove, what to leave. */
export interface TriggerDifference {
	readonly missing: Subscription[];
	readonly surplus: Trigger[];
	readonly kept: Trigger[];
}

/** What stands between the triggers of a hook and the wanted set, in whatever case the event types are written. */
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
