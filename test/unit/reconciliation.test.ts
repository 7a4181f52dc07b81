import {
	afterReconciliation,
	continuedFrom,
	dueWindow,
	reconcileOption,
	windowEnd,
} from '../../nodes/Procore/check/reconciliation';
import { reconciledLists } from '../../nodes/Procore/check/reconciled-lists';
import { liveEventsOf, noteLiveEvent } from '../../nodes/Procore/check/live-events';
import type { Progress } from '../../nodes/Procore/check/stored-progress';
import { positionAt, timeAt } from '../../nodes/Procore/model/event-position';
import { keysOfChange } from '../../nodes/Procore/model/reconciled-event';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-20T12:10:00.750Z');
const TO = Date.parse('2026-11-20T12:00:00Z');
const LIST = 'project:902214 RFIs';
const OTHER = 'project:902214 Submittals';

function progressAt(floor: number, marks: Record<string, number> = {}): Progress {
	return {
		floor: positionAt(floor),
		marks: new Map(Object.entries(marks).map(([list, time]) => [list, positionAt(time)])),
		lastBatch: undefined,
	};
}

const floorOf = ({ floor }: Progress) => timeAt(floor);

describe('the progress of reconciliation', () => {
	test('starts when the hooks were created, three days ago at most', () => {
		const since = new Date(TO - HOUR + 500).toISOString();
		expect(floorOf(continuedFrom(undefined, since, true, NOW))).toBe(TO - HOUR);
		expect(floorOf(continuedFrom(undefined, '', false, NOW))).toBe(TO - 72 * HOUR);
		expect(floorOf(continuedFrom(undefined, '2026-01-01T00:00:00Z', false, NOW))).toBe(
			TO - 72 * HOUR,
		);
		const later = new Date(NOW + HOUR).toISOString();
		expect(floorOf(continuedFrom(undefined, later, false, NOW))).toBe(TO - 72 * HOUR);
	});

	test('goes back three days at most in the first check of a process, and as far as needed in later ones', () => {
		const old = progressAt(TO - 100 * HOUR, { [LIST]: TO - 200 * HOUR });
		const first = continuedFrom(old, '', true, NOW);
		expect(floorOf(first)).toBe(TO - 72 * HOUR);
		expect(first.marks.get(LIST)).toBe(positionAt(TO - 72 * HOUR));
		expect(continuedFrom(old, '', false, NOW)).toEqual(old);
	});

	test('continues from stored progress even if the hooks look newer', () => {
		const progress = progressAt(TO - 2 * HOUR);
		expect(continuedFrom(progress, new Date(NOW).toISOString(), false, NOW)).toEqual(progress);
	});

	test('is one floor for all lists that got equally far', () => {
		const lists = [LIST, OTHER];
		const before = progressAt(TO - HOUR);
		const done = afterReconciliation(before, lists, new Map(lists.map((list) => [list, TO])));
		expect(done).toEqual(progressAt(TO));
		const half = afterReconciliation(before, lists, new Map([[LIST, TO]]));
		expect(half).toEqual(progressAt(TO, { [OTHER]: TO - HOUR }));
		expect(afterReconciliation(half, lists, new Map([[OTHER, TO]]))).toEqual(progressAt(TO));
		expect(afterReconciliation(before, lists, new Map())).toEqual(before);
	});
});

describe('the window to compare', () => {
	const windowAfter = (
		progress: Progress,
		every: 'daily' | 'everyCheck' = 'everyCheck',
		isContinued = false,
	) => dueWindow(progress, LIST, windowEnd(NOW), every, isContinued);

	test('ended ten minutes ago, and starts where the last one ended', () => {
		expect(windowEnd(NOW)).toBe(TO);
		expect(windowAfter(progressAt(TO - HOUR))).toEqual({ from: TO - HOUR, to: TO });
		expect(windowAfter(progressAt(TO, { [LIST]: TO - 2 * HOUR }))?.from).toBe(TO - 2 * HOUR);
	});

	test('does not exist before there is anything to compare', () => {
		expect(windowAfter(progressAt(TO))).toBeUndefined();
		expect(windowAfter(progressAt(TO + HOUR))).toBeUndefined();
	});

	test('has 72 hours at most', () => {
		expect(windowAfter(progressAt(TO - 100 * HOUR))?.to).toBe(TO - 28 * HOUR);
	});

	test('is due once a day with Daily, and at once for a list that was not compared to the end', () => {
		expect(windowAfter(progressAt(TO - 22 * HOUR), 'daily')).toBeUndefined();
		expect(windowAfter(progressAt(TO - 23 * HOUR), 'daily')).toBeDefined();
		expect(windowAfter(progressAt(TO - HOUR), 'daily', true)).toBeDefined();
	});
});

describe('the lists of a scope', () => {
	const COMPANY = { kind: 'company', companyId: '4501177' } as const;
	const PROJECT = { kind: 'project', companyId: '4501177', projectId: '902214' } as const;
	const of = (...names: string[]) =>
		names.map((name) => {
			const [resource_name = '', event_type = ''] = name.split(':');
			return { resource_name, event_type };
		});

	test('are those of selected resources that tell of creations and updates', () => {
		const lists = reconciledLists(
			PROJECT,
			of('RFIs:create', 'rfis:UPDATE', 'Submittals:delete', 'Daily Logs:update', 'Trades:update'),
		);
		expect(lists.map(({ key }) => key)).toEqual([LIST]);
		expect(lists[0]?.eventTypes).toEqual(new Set(['create', 'update']));
	});

	test('are those of the company for a company hook', () => {
		const lists = reconciledLists(COMPANY, of('RFIs:create', 'Company Vendors:update'));
		expect(lists.map(({ key }) => key)).toEqual(['company:4501177 Company Vendors']);
	});
});

describe('the option reconcile', () => {
	test('is never unless it has a known value', () => {
		expect([undefined, 'often', 'daily', 'everyCheck'].map(reconcileOption)).toEqual([
			...['never', 'never', 'daily', 'everyCheck'],
		]);
	});
});

describe('events that a process has received', () => {
	const event = (id: string) => ({
		resource_name: 'RFIs',
		resource_id: id,
		timestamp: '2026-11-20T09:00:00.5Z',
	});
	const AT = Date.parse('2026-11-20T09:00:00Z');

	test('are known to their node only', () => {
		noteLiveEvent('one', event('7'));
		expect(liveEventsOf('one').hasSince('RFIs', '7', AT)).toBe(true);
		expect(liveEventsOf('one').hasSince('RFIs', '7', AT + 60_000)).toBe(false);
		expect(liveEventsOf('two').hasSince('RFIs', '7', AT)).toBe(false);
	});

	test('are forgotten in the order in which they came, at least 10,000 records later', () => {
		for (let id = 0; id < 25_000; id += 1) noteLiveEvent('many', event(String(id)));
		const live = liveEventsOf('many');
		expect(live.hasSince('RFIs', '0', AT)).toBe(false);
		expect(live.hasSince('RFIs', '15000', AT)).toBe(true);
	});
});

describe('the keys of the changes that an event might be about', () => {
	const keysAt = (timestamp: string, resource_name = 'RFIs') =>
		keysOfChange({ resource_name, resource_id: '7', timestamp });

	test('name its second and the two before it', () => {
		expect(keysAt('2026-11-20T12:00:01.750Z')).toEqual([
			'reconciliation:rfis:7:2026-11-20T12:00:01Z',
			'reconciliation:rfis:7:2026-11-20T12:00:00Z',
			'reconciliation:rfis:7:2026-11-20T11:59:59Z',
		]);
	});

	test('are the same however an event spells the resource', () => {
		const timestamp = '2026-11-20T12:00:01Z';
		expect(keysAt(timestamp, 'rfis')).toEqual(keysAt(timestamp));
	});

	test.each(['', 'soon', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z'])(
		'are none for the time "%s", which no event has',
		(timestamp) => {
			expect(keysAt(timestamp)).toEqual([]);
		},
	);
});
