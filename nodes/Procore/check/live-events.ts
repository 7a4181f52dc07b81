import { RecordedEvents, type KnownEvents, type RecordedEvent } from './unrecorded-changes';

/** The number of records per node whose latest event a process keeps, about two megabytes. */
const MAX_RECORDS = 20_000;
const MAX_NODES = 1000;

/** Two halves: when the newer one is full, the older one is dropped as a whole. */
interface LiveEvents {
	newer: RecordedEvents;
	older: RecordedEvents;
}

const eventsOfNodes = new Map<string, LiveEvents>();

/**
 * Notes an event that Procore has just delivered to this process, so that reconciliation does not have to ask Procore for it.
 *
 * @param key from `nodeKey`.
 */
export function noteLiveEvent(key: string, event: RecordedEvent): void {
	let live = eventsOfNodes.get(key);
	if (live === undefined) {
		if (eventsOfNodes.size >= MAX_NODES) eventsOfNodes.clear();
		live = { newer: new RecordedEvents(), older: new RecordedEvents() };
		eventsOfNodes.set(key, live);
	}
	if (live.newer.size >= MAX_RECORDS / 2) {
		live.older = live.newer;
		live.newer = new RecordedEvents();
	}
	live.newer.add(event);
}

/** Returns the events that a node has received in this process. @param key from `nodeKey`. */
export function liveEventsOf(key: string): KnownEvents {
	return {
		hasSince: (...record) => {
			const { newer, older } = eventsOfNodes.get(key) ?? {};
			return newer?.hasSince(...record) === true || older?.hasSince(...record) === true;
		},
	};
}
