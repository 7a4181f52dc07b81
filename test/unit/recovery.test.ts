import type { Delivery, DeliveryStatus } from '../../nodes/Procore/model/delivery';
import type { Read } from '../../nodes/Procore/model/read';
import {
	missedEvents,
	readFrom,
	recallRecovery,
	rememberRecovery,
} from '../../nodes/Procore/check/recovery';
import { readEvent } from '../../nodes/Procore/model/event';

function delivery(ulid: string, status: DeliveryStatus = 'discarded'): Read<Delivery> {
	const payload = {
		id: '6120447718830551043',
		ulid,
		timestamp: '2026-11-17T15:42:08.317904Z',
		event_type: 'update',
		resource_name: 'RFIs',
		resource_id: 1,
	};
	return {
		raw: { payload },
		model: {
			id: ulid,
			event_id: ulid,
			ulid,
			status,
			outcome: null,
			attempts: 1,
			response_status: null,
			response_headers: {},
			response_body: null,
			response_error: null,
			started_at: null,
			completed_at: null,
			event: readEvent(payload) ?? null,
		},
	};
}

const ulids = (...args: Parameters<typeof missedEvents>) =>
	missedEvents(...args).map(({ event }) => event.ulid);

describe('missedEvents', () => {
	test('gives each event once, in the order in which they happened', () => {
		const deliveries = [
			delivery('01C'),
			delivery('01A'),
			delivery('01B', 'failed'),
			delivery('01A'),
		];
		expect(ulids(deliveries, [])).toEqual(['01A', '01B', '01C']);
	});

	test('leaves out what an earlier check recovered', () => {
		expect(ulids([delivery('01A'), delivery('01B')], ['01A'])).toEqual(['01B']);
	});

	test.each(['succeeded', 'retrying', 'enqueued'] as const)('leaves out what is %s', (status) => {
		expect(ulids([delivery('01A', status)], [])).toEqual([]);
	});
});

describe('the state of recovery', () => {
	test('begins where nothing has been checked', () => {
		expect(recallRecovery({}, '2026-11-17T00:00:00.000Z')).toEqual({
			checkedUntil: '2026-11-17T00:00:00.000Z',
			recovered: [],
		});
	});

	test('comes back as it was, bounded', () => {
		const staticData = {};
		const recovered = Array.from({ length: 6000 }, (_, index) => String(index));
		rememberRecovery(staticData, { checkedUntil: '2026-11-18T00:00:00.000Z', recovered });
		const state = recallRecovery(JSON.parse(JSON.stringify(staticData)), 'x');
		expect(state.checkedUntil).toBe('2026-11-18T00:00:00.000Z');
		expect(state.recovered).toHaveLength(5000);
		expect(state.recovered.at(-1)).toBe('5999');
	});

	test('reads a day further back: what was sent then may have been given up since', () => {
		expect(readFrom({ checkedUntil: '2026-11-18T06:00:00.000Z', recovered: [] })).toBe(
			'2026-11-17T06:00:00.000Z',
		);
	});
});
