import type { DeliveryQuery } from '../../nodes/Procore/api/webhooks-api';
import type { Delivery } from '../../nodes/Procore/model/delivery';
import type { Read } from '../../nodes/Procore/model/read';
import type { Scope } from '../../nodes/Procore/model/scope';
import { findMissed, inUlidOrder, MissedEvents } from '../../nodes/Procore/delivery/missed';
import { deliveryOf, eventOf } from './support/deliveries';

const SCOPE: Scope = { kind: 'project', companyId: '4501177', projectId: '902214' };
const WORDS = {
	succeeded: 'successful',
	failed: 'failed',
	discarded: 'discarded',
	retrying: undefined,
	enqueued: undefined,
} as const;

function read(model: Delivery): Read<Delivery> {
	return { model, raw: { payload: { id: model.event_id ?? '' } } };
}

/** A Procore with these deliveries, two rows per page. */
class Log {
	readonly queries: DeliveryQuery[] = [];

	constructor(private readonly rows: Delivery[]) {}

	async *deliveries(
		_scope: Scope,
		_hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		this.queries.push(query);
		const rows = this.rows.filter(({ status }) => {
			return query.status === undefined || query.status === WORDS[status];
		});
		for (let start = 0; start < rows.length; start += 2) {
			await Promise.resolve();
			yield rows.slice(start, start + 2).map(read);
		}
	}

	async missed(filter = {}): Promise<string[]> {
		const events = await findMissed(this, SCOPE, '1', filter);
		return events.map(({ event }) => event.ulid?.slice(-3) ?? '');
	}
}

describe('missed events', () => {
	test('are the failed and discarded ones, in the order of their ULIDs', async () => {
		const log = new Log([
			deliveryOf(5, 'discarded'),
			deliveryOf(2, 'failed'),
			deliveryOf(3, 'retrying'),
			deliveryOf(4, 'enqueued'),
			deliveryOf(1, 'succeeded'),
		]);
		expect(await log.missed()).toEqual(['002', '005']);
	});

	test('exclude what succeeded in another delivery, wherever that is listed', async () => {
		const again = deliveryOf(2, 'succeeded', { id: '99' });
		expect(await new Log([deliveryOf(2, 'failed'), again]).missed()).toEqual([]);
		expect(await new Log([again, deliveryOf(2, 'failed')]).missed()).toEqual([]);
	});

	test('include what only n8n accepted while it started in another delivery', async () => {
		const early = deliveryOf(2, 'succeeded', { response_body: 'n8n is starting up. Please wait' });
		expect(await new Log([deliveryOf(2, 'failed'), early]).missed()).toEqual(['002']);
	});

	test('appear once, however often their delivery failed', async () => {
		const log = new Log([deliveryOf(2, 'failed'), deliveryOf(2, 'failed', { id: '99' })]);
		expect(await log.missed()).toEqual(['002']);
	});

	test('cost two reads if there are none, and are otherwise compared with successes since then', async () => {
		const quiet = new Log([deliveryOf(1, 'succeeded')]);
		await quiet.missed();
		expect(quiet.queries).toEqual([{ status: 'failed' }, { status: 'discarded' }]);

		const busy = new Log([deliveryOf(9, 'failed'), deliveryOf(4, 'discarded')]);
		await busy.missed({ until: Date.parse('2026-11-17T00:00:00Z') });
		expect(busy.queries[2]).toEqual({ status: 'successful', since: '2026-11-16T09:12:04.000Z' });
	});

	test('can be filtered', async () => {
		const log = new Log([
			deliveryOf(1, 'failed'),
			deliveryOf(2, 'failed', { event: eventOf(2, { resource_name: 'Drawings' }) }),
			deliveryOf(3, 'failed'),
		]);
		expect(await log.missed({ resourceName: 'RFIs' })).toEqual(['001', '003']);
		const since = Date.parse('2026-11-16T09:12:02Z');
		expect(await log.missed({ since })).toEqual(['002', '003']);
	});

	test('are only deliveries that contain an event', () => {
		const missed = new MissedEvents();
		missed.addFailed(read(deliveryOf(1, 'failed', { event: null })));
		expect(missed.size).toBe(0);
	});

	test('are sorted by their time if they have no ULID', () => {
		const events = [eventOf(3, { ulid: null }), eventOf(2), eventOf(1, { ulid: null })].map(
			(event) => ({ event, raw: {} }),
		);
		expect(inUlidOrder(events).map(({ event }) => event.id.slice(-3))).toEqual([
			'001',
			'002',
			'003',
		]);
	});
});
