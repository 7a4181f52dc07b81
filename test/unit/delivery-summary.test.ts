import { DeliverySummary, reasonOf } from '../../nodes/Procore/delivery/summary';
import type { Delivery } from '../../nodes/Procore/model/delivery';
import { deliveryOf, eventOf } from './support/deliveries';

function reportOf(...deliveries: Delivery[]) {
	const summary = new DeliverySummary();
	for (const delivery of deliveries) summary.add(delivery);
	return summary.report();
}

describe('a failure report', () => {
	test('is empty without deliveries', () => {
		expect(reportOf()).toEqual({
			deliveries: 0,
			failures: 0,
			enqueued: 0,
			by_outcome: { ok: 0, retried: 0, failed: 0, discarded: 0 },
			failures_by_response_status: {},
			failures_by_resource: {},
			first_failure: null,
			last_failure: null,
			sample_reasons: [],
		});
	});

	test('counts values, the most frequent first', () => {
		const report = reportOf(
			deliveryOf(1, 'succeeded'),
			deliveryOf(2, 'failed', { response_status: 502 }),
			deliveryOf(3, 'failed', { event: eventOf(3, { resource_name: 'Drawings' }) }),
			deliveryOf(4, 'retrying', { event: eventOf(4, { resource_name: 'Drawings' }) }),
			deliveryOf(5, 'discarded', { event: eventOf(5, { resource_name: 'Drawings' }) }),
			deliveryOf(6, 'enqueued'),
		);
		expect(report).toMatchObject({
			deliveries: 6,
			failures: 4,
			enqueued: 1,
			by_outcome: { ok: 1, retried: 1, failed: 2, discarded: 1 },
			failures_by_response_status: { 502: 1, 500: 2, none: 1 },
		});
		expect(Object.entries(report.failures_by_resource)).toEqual([
			['Drawings', 3],
			['RFIs', 1],
		]);
	});

	test('finds the first and the last failure in any order of the rows', () => {
		const rows = [3, 9, 5].map((number) => deliveryOf(number, 'failed'));
		for (const order of [rows, [...rows].reverse()]) {
			const { first_failure, last_failure } = reportOf(deliveryOf(1, 'succeeded'), ...order);
			expect(first_failure).toMatchObject({
				event_id: rows[0]?.event_id,
				timestamp: '2026-11-16T09:12:03.000001Z',
				resource_name: 'RFIs',
				resource_id: '338821',
				event_type: 'update',
				outcome: 'failed',
				response_status: 500,
				reason: 'Answered 500',
			});
			expect(last_failure?.event_id).toBe(rows[1]?.event_id);
		}
	});

	test('contains at most a handful of different reasons', () => {
		const many = Array.from({ length: 1000 }, (_, index) =>
			deliveryOf(index, 'failed', { response_body: `{"message":"reason ${index % 50}"}` }),
		);
		expect(reportOf(...many).sample_reasons).toEqual([
			'Answered 500: reason 0',
			'Answered 500: reason 1',
			'Answered 500: reason 2',
			'Answered 500: reason 3',
			'Answered 500: reason 4',
		]);
	});

	test.each([
		[{ response_error: 'connection refused', response_status: null }, 'connection refused'],
		[
			{ response_body: '<html><h1>Bad gateway</h1></html>', response_status: 502 },
			'Answered 502: Bad gateway',
		],
		[{ response_body: '"plain"', response_status: 500 }, 'Answered 500: plain'],
		[{ response_status: null }, 'No response from the destination'],
	])('explains the failure: %j', (more, expected) => {
		expect(reasonOf(deliveryOf(1, 'failed', more))).toBe(expected);
	});

	test('explains that an event was discarded without an attempt', () => {
		expect(reasonOf(deliveryOf(1, 'discarded'))).toContain('Discarded without an attempt');
	});
});
