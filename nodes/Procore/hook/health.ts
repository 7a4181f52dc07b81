import type { DeliveryState } from '../delivery/state';
import type { Hook } from '../model/hook';
import { subscriptionKey, type Subscription, type Trigger } from '../model/trigger';
import { explainDestination } from './destination';

/**
 * What can be wrong with a hook:
 *
 * - `disabled`: Procore keeps the hook but delivers nothing to it.
 * - `wrongUrl`: it delivers to another URL than expected.
 * - `missingTriggers`: it has no trigger, or not all that are expected.
 * - `queueStuck`: a delivery is being retried, and others wait behind it or it has failed {@link MANY_ATTEMPTS} times.
 * - `failing`: an event failed for good or was discarded, and none has been accepted since.
 * - `silent`: no event has been accepted for as long as the user chose.
 * - `unreachableUrl`: Procore cannot deliver to its URL, which is not a public https address.
 */
const PROBLEMS = [
	'disabled',
	'wrongUrl',
	'missingTriggers',
	'queueStuck',
	'failing',
	'silent',
	'unreachableUrl',
] as const;
export type HookProblem = (typeof PROBLEMS)[number];

/** With its backoff from one second on, Procore needs about two minutes for them [RETRY-FIRST]. */
export const MANY_ATTEMPTS = 8;

const HOUR_MS = 3_600_000;

/** The expected state of a hook. Missing fields are not checked. */
export interface HealthExpectation {
	/** Complete URLs, or their beginnings. */
	readonly urls: readonly string[];
	readonly events: readonly Subscription[];
	readonly silentHours?: number;
	/** Whether the hooks are Procore's own. A gateway might reach more than Procore does. */
	readonly isProcoreItself: boolean;
}

/** What has been read about a hook. */
export interface HookFacts {
	readonly hook: Hook;
	readonly triggerCount: number;
	/** Its triggers; undefined if their number was enough to know. */
	readonly triggers: readonly Trigger[] | undefined;
	readonly deliveries: DeliveryState;
}

function normalized(url: string): string {
	return URL.canParse(url) ? new URL(url).href : url;
}

/** Whether a URL is one of the expected ones, or below one of them: `https://a.example` does not include `https://a.example.org`. */
function isExpectedUrl(url: string, expected: readonly string[]): boolean {
	const actual = normalized(url);
	return expected.map(normalized).some((each) => {
		const rest = actual.slice(each.length);
		return actual.startsWith(each) && (each.endsWith('/') || /^($|[/?#])/.test(rest));
	});
}

function lacksTriggers({ triggerCount, triggers }: HookFacts, events: readonly Subscription[]) {
	if (triggerCount === 0) return true;
	const keys = new Set((triggers ?? []).map(subscriptionKey));
	return events.some((event) => !keys.has(subscriptionKey(event)));
}

function isStuck({ retrying, enqueued, attempts }: DeliveryState): boolean {
	return retrying > 0 && (enqueued > 0 || attempts >= MANY_ATTEMPTS);
}

/** A hook younger than the hours in the option has not had the time to be silent. */
function isSilent({ hook, deliveries }: HookFacts, silentHours: number, now: number): boolean {
	const since = now - silentHours * HOUR_MS;
	const isYoung = Date.parse(hook.created_at ?? '') > since;
	return !isYoung && !(Date.parse(deliveries.last_success ?? '') >= since);
}

/**
 * Finds the problems of a hook, in the order of {@link PROBLEMS}.
 *
 * @param now milliseconds since 1970.
 */
export function problemsOf(
	facts: HookFacts,
	{ urls, events, silentHours, isProcoreItself }: HealthExpectation,
	now: number,
): HookProblem[] {
	const { hook, deliveries } = facts;
	const url = hook.destination_url;
	const found: Record<HookProblem, boolean> = {
		disabled: hook.status === 'disabled',
		wrongUrl: urls.length > 0 && !isExpectedUrl(url, urls),
		missingTriggers: lacksTriggers(facts, events),
		queueStuck: isStuck(deliveries),
		failing: deliveries.isLosing,
		silent: silentHours !== undefined && isSilent(facts, silentHours, now),
		unreachableUrl: explainDestination(url, isProcoreItself) !== undefined,
	};
	return PROBLEMS.filter((problem) => found[problem]);
}
