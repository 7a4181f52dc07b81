import { matchesFilter, queryFor, timeOf } from '../../nodes/Procore/delivery/filter';
import { deliveryOf, eventOf } from './support/deliveries';

const STATUSES = ['succeeded', 'failed', 'retrying', 'discarded', 'enqueued'] as const;

describe('a filter for deliveries', () => {
	test.each([
		['any', ['succeeded', 'failed', 'retrying', 'discarded', 'enqueued']],
		['successful', ['succeeded']],
		['failing', ['failed', 'retrying']],
		['discarded', ['discarded']],
	] as const)('keeps the matching deliveries with %s: %j', (status, expected) => {
		const passed = STATUSES.filter((word) => matchesFilter(deliveryOf(1, word), { status }));
		expect(passed).toEqual(expected);
	});

	test('compares resources exactly and event types without case', () => {
		const delivery = deliveryOf(1, 'failed');
		expect(matchesFilter(delivery, { resourceName: 'RFIs' })).toBe(true);
		expect(matchesFilter(delivery, { resourceName: 'RFI' })).toBe(false);
		expect(matchesFilter(delivery, { eventType: 'UPDATE' })).toBe(true);
		expect(matchesFilter(delivery, { eventType: 'create' })).toBe(false);
	});

	test('distinguishes Created from create and asks Procore only for the usual event types', () => {
		const delivery = deliveryOf(1, 'failed', { event: eventOf(1, { event_type: 'Created' }) });
		expect(matchesFilter(delivery, { eventType: 'CREATED' })).toBe(true);
		expect(matchesFilter(delivery, { eventType: 'create' })).toBe(false);
		expect(queryFor({ eventType: 'created' })).toEqual({});
		expect(queryFor({ eventType: 'Create' })).toEqual({ eventType: 'create' });
	});

	test('includes both ends of a time range', () => {
		const delivery = deliveryOf(7, 'failed', {
			event: eventOf(7, { timestamp: '2026-11-16T09:12:07Z' }),
		});
		const at = Date.parse('2026-11-16T09:12:07Z');
		expect(matchesFilter(delivery, { since: at, until: at })).toBe(true);
		expect(matchesFilter(delivery, { since: at + 1 })).toBe(false);
		expect(matchesFilter(delivery, { until: at - 1 })).toBe(false);
	});

	test('uses the time of the attempt if there is no event, and keeps rows without a time', () => {
		const bare = deliveryOf(1, 'failed', { event: null });
		expect(timeOf(bare)).toBe(Date.parse('2026-11-16T10:00:00Z'));
		expect(matchesFilter(bare, { resourceName: 'RFIs' })).toBe(false);
		expect(matchesFilter(bare, { eventType: 'update' })).toBe(false);
		const timeless = deliveryOf(1, 'discarded', { event: null });
		expect(matchesFilter(timeless, {})).toBe(true);
		expect(matchesFilter(timeless, { since: 0 })).toBe(false);
	});

	test('passes on what an endpoint can filter by, and "failing" to neither endpoint', () => {
		expect(queryFor({ status: 'failing' })).toEqual({});
		expect(queryFor({ status: 'any' })).toEqual({});
		expect(queryFor({ status: 'discarded', resourceName: 'RFIs', since: 0, until: 1000 })).toEqual({
			status: 'discarded',
			resourceName: 'RFIs',
			since: '1970-01-01T00:00:00.000Z',
			until: '1970-01-01T00:00:01.000Z',
		});
	});
});
