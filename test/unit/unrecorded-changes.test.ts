import { RecordedEvents, unrecordedChanges } from '../../nodes/Procore/check/unrecorded-changes';
import { reconciliationKey } from '../../nodes/Procore/model/reconciled-event';
import { planChanges, type ChangedRecord } from '../../nodes/Procore/record/changes';

const at = (time: string) => Date.parse(`2026-11-20T${time}Z`);
const WINDOW = { from: at('08:00:00'), to: at('12:00:00') };
const BOTH = ['create', 'update'];

function record(id: string, created: string, updated: string): ChangedRecord {
	return { id, createdAt: at(created), updatedAt: at(updated), isSettled: true, row: {} };
}

/** An event about RFI 7, unless it says otherwise. */
function event(time: string, resource_id = '7', resource_name = 'RFIs') {
	return { resource_name, resource_id, timestamp: `2026-11-20T${time}Z` };
}

/** What is missing, as `update 7`. */
function missing(
	changed: readonly ChangedRecord[],
	events: ReadonlyArray<ReturnType<typeof event>>,
	eventTypes: readonly string[] = BOTH,
): string[] {
	const plan = planChanges('RFIs', '4501177', '902214');
	if (!plan.ok) throw new Error(plan.message);
	const recorded = new RecordedEvents();
	for (const each of events) recorded.add(each);
	return unrecordedChanges(changed, {
		query: plan.query,
		window: WINDOW,
		eventTypes: new Set(eventTypes),
		events: recorded,
	}).map(({ event_type, resource_id }) => `${event_type} ${resource_id}`);
}

describe('changes without an event', () => {
	const UPDATED = record('7', '07:00:00', '09:00:00');
	const CREATED = record('7', '09:00:00', '09:00:00');
	const BOTH_IN_WINDOW = record('7', '09:00:00', '10:00:00');

	test.each<[string, ChangedRecord, string[], string[]]>([
		['an update without any event', UPDATED, [], ['update 7']],
		['an update after the last event', UPDATED, ['08:59:57.9'], ['update 7']],
		['a creation without any event', CREATED, [], ['create 7']],
		['a creation and an update without any event, as a creation', BOTH_IN_WINDOW, [], ['create 7']],
		['an update after the event of the creation', BOTH_IN_WINDOW, ['09:00:00.4'], ['update 7']],
	])('are found: %s', (_name, changed, events, expected) => {
		expect(
			missing(
				[changed],
				events.map((time) => event(time)),
			),
		).toEqual(expected);
	});

	test.each<[string, ChangedRecord, string[]]>([
		['an event at the time of the change', UPDATED, ['09:00:00.123456']],
		['an event up to two seconds before it', UPDATED, ['08:59:58']],
		['a later event', UPDATED, ['11:00:00', '08:00:00']],
		['an event of the creation', CREATED, ['09:00:00.1']],
		['a time that cannot be read', UPDATED, ['soon']],
	])('are not found if there is %s', (_name, changed, events) => {
		expect(
			missing(
				[changed],
				events.map((time) => event(time)),
			),
		).toEqual([]);
	});

	test('are found although another record or resource has an event', () => {
		expect(missing([UPDATED], [event('09:00:00', '8')])).toEqual(['update 7']);
		expect(missing([UPDATED], [event('09:00:00', '7', 'Submittals')])).toEqual(['update 7']);
		expect(missing([UPDATED], [event('09:00:00', '7', 'rfis')])).toEqual([]);
	});

	test('are only of the types that the node subscribes to', () => {
		expect(missing([UPDATED, record('8', '09:00:00', '09:00:00')], [], ['update'])).toEqual([
			'update 7',
		]);
		expect(missing([UPDATED, record('8', '09:00:00', '09:00:00')], [], ['create'])).toEqual([
			'create 8',
		]);
		expect(missing([UPDATED, CREATED], [], ['delete'])).toEqual([]);
	});

	test('are not found for an update of a record whose creation was recorded, with creations alone', () => {
		expect(missing([BOTH_IN_WINDOW], [event('09:00:00.2')], ['create'])).toEqual([]);
		expect(missing([BOTH_IN_WINDOW], [], ['create'])).toEqual(['create 7']);
	});

	test('are updates if the record does not say when it was created', () => {
		const undated = { ...UPDATED, createdAt: NaN };
		expect(missing([undated], [])).toEqual(['update 7']);
		expect(missing([undated], [], ['create'])).toEqual([]);
	});

	test('are not found for a record that does not say when it changed', () => {
		expect(missing([{ ...UPDATED, updatedAt: NaN }], [])).toEqual([]);
	});

	test('become events without the fields that a record lacks', () => {
		const plan = planChanges('RFIs', '4501177', '902214');
		if (!plan.ok) throw new Error(plan.message);
		const [found] = unrecordedChanges([UPDATED], {
			query: plan.query,
			window: WINDOW,
			eventTypes: new Set(BOTH),
			events: new RecordedEvents(),
		});
		if (found === undefined) throw new Error('Nothing is found');
		expect(found).toEqual({
			id: null,
			ulid: null,
			timestamp: '2026-11-20T09:00:00Z',
			event_type: 'update',
			resource_name: 'RFIs',
			resource_id: '7',
			company_id: '4501177',
			project_id: '902214',
			user_id: null,
			api_version: null,
			metadata: null,
			source: 'reconciliation',
		});
		expect(reconciliationKey(found)).toBe('reconciliation:rfis:7:2026-11-20T09:00:00Z');
	});
});
