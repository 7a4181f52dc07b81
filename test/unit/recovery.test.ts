import type { IDataObject } from 'n8n-workflow';

import {
	acceptedTooEarly,
	UNREAD,
	UndeliveredCollector,
} from '../../nodes/Procore/api/undelivered';
import {
	afterCheck,
	missedEvents,
	recallRecovery,
	undeliveredQuery,
	type RecoveryState,
} from '../../nodes/Procore/check/recovery';
import {
	afterBatch,
	rememberProgress,
	takeBackLastBatch,
} from '../../nodes/Procore/check/stored-progress';
import type { Delivery, DeliveryStatus } from '../../nodes/Procore/model/delivery';
import { readEvent } from '../../nodes/Procore/model/event';
import { positionAt, positionOf, timeAt } from '../../nodes/Procore/model/event-position';
import type { Read } from '../../nodes/Procore/model/read';
import type { Scope } from '../../nodes/Procore/model/scope';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const HOUR = 3_600_000;
const PROJECT: Scope = { kind: 'project', companyId: '1', projectId: '7' };
const OTHER: Scope = { kind: 'project', companyId: '1', projectId: '8' };

/** The ULID of an event this many hours ago. */
function ulidOf(hoursAgo: number, serial = 0): string {
	return `${positionAt(NOW - hoursAgo * HOUR)}${String(serial).padStart(16, '0')}`;
}

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

const START: RecoveryState = {
	floor: positionAt(NOW - 20 * HOUR),
	marks: new Map(),
	lastBatch: undefined,
};

function read(rows: Array<Read<Delivery>>, state = START, maxEvents?: number) {
	const lost = new UndeliveredCollector(undeliveredQuery(state, PROJECT, NOW, Infinity), maxEvents);
	lost.add(rows);
	return { scope: PROJECT, undelivered: lost.result() };
}

const ulids = (...losses: Parameters<typeof missedEvents>[0]) =>
	missedEvents(losses).map(({ event }) => event.ulid);

describe('the position of an event', () => {
	test('sorts ULIDs and timestamps together', () => {
		const withUlid = delivery(ulidOf(1)).model.event;
		const without = { ...withUlid, ulid: null, timestamp: '2026-11-18T11:30:00.000001Z' };
		if (withUlid === null) throw new Error('No event');
		expect(positionOf(withUlid, NOW) < positionOf({ ...withUlid, ...without }, NOW)).toBe(true);
	});

	test.each([0, 1, NOW, 2 ** 48 - 1])('returns the time %d', (time) => {
		expect(timeAt(positionAt(time))).toBe(time);
	});

	test('does not accept an invalid ULID', () => {
		const { event } = delivery('not a ulid').model;
		if (event === null) throw new Error('No event');
		expect(timeAt(positionOf(event, NOW))).toBe(Date.parse('2026-11-17T15:42:08.317Z'));
	});
});

describe('missedEvents', () => {
	test('returns each event once, in the order in which they happened', () => {
		const [a, b, c] = [ulidOf(3), ulidOf(2), ulidOf(1)];
		const rows = [delivery(c), delivery(a), delivery(b, 'failed'), delivery(a)];
		expect(ulids(read(rows))).toEqual([a, b, c]);
	});

	test('skips successful deliveries and those before the position', () => {
		const [old, ok, lost] = [ulidOf(21), ulidOf(2), ulidOf(1)];
		const rows = [delivery(old), delivery(ok), delivery(ok, 'succeeded'), delivery(lost)];
		expect(ulids(read(rows))).toEqual([lost]);
	});

	describe('with deliveries that n8n accepted while it started', () => {
		const accepted = (hoursAgo: number, body: string) => {
			const row = delivery(ulidOf(hoursAgo), 'succeeded');
			const completed_at = new Date(NOW - hoursAgo * HOUR).toISOString();
			return { ...row, model: { ...row.model, response_body: body, completed_at } };
		};
		const early = (hoursAgo: number) => accepted(hoursAgo, 'n8n is starting up. Please wait\n');
		const started = (hoursAgo: number) => accepted(hoursAgo, '{"message":"Workflow was started"}');

		test('returns them, in order, and does not wait for them', () => {
			const rows = [started(5), delivery(ulidOf(1)), early(2), early(3), started(4)];
			expect(ulids(read(rows))).toEqual([ulidOf(3), ulidOf(2), ulidOf(1)]);
		});

		test('skips them if another delivery of the event succeeded', () => {
			const again = delivery(ulidOf(2), 'succeeded');
			expect(ulids(read([early(2), again]))).toEqual([]);
			expect(ulids(read([again, early(2)]))).toEqual([]);
		});

		test('reads back to the given time, and nothing without one', async () => {
			let pages = 0;
			async function* newestFirst() {
				for (const hoursAgo of [1, 2, 3, 4, 5]) {
					pages += 1;
					yield await Promise.resolve([started(hoursAgo), early(hoursAgo + 0.5)]);
				}
			}
			const found: Array<string | null> = [];
			const since = new Date(NOW - 3.2 * HOUR).toISOString();
			for await (const rows of acceptedTooEarly(newestFirst(), since)) {
				found.push(...rows.map(({ model }) => model.ulid ?? ''));
			}
			expect(found).toEqual([1.5, 2.5, 3.5, 4.5].map((hours) => ulidOf(hours)));
			expect(pages).toBe(4);
			for await (const rows of acceptedTooEarly(newestFirst(), undefined))
				found.push(...rows.map(String));
			expect(pages).toBe(4);
		});
	});

	test('holds back events after one that Procore still retries', () => {
		const [a, open, c] = [ulidOf(3), ulidOf(2), ulidOf(1)];
		expect(ulids(read([delivery(c), delivery(open, 'retrying'), delivery(a)]))).toEqual([a]);
		expect(ulids(read([delivery(c), delivery(open, 'enqueued')]))).toEqual([]);
	});

	test('does not wait for an event that Procore should have settled a day ago', () => {
		const early = { ...START, floor: positionAt(NOW - 40 * HOUR) };
		const [stuck, lost] = [ulidOf(30), ulidOf(1)];
		expect(ulids(read([delivery(stuck, 'retrying'), delivery(lost)], early))).toEqual([lost]);
	});

	test('finds nothing and does not claim to be complete when the time is over', async () => {
		const query = { ...undeliveredQuery(START, PROJECT, NOW, Infinity), deadline: 0 };
		let pages = 0;
		async function* read() {
			for (;;) {
				pages += 1;
				yield await Promise.resolve([delivery(ulidOf(3, pages))]);
			}
		}
		const lost = new UndeliveredCollector(query);
		await lost.read(read());
		await lost.read(read());
		expect(pages).toBe(1);
		expect(lost.result()).toBe(UNREAD);
	});

	test('returns the oldest of a large number and says that there are more', () => {
		const all = Array.from({ length: 50 }, (_each, index) => ulidOf(10, index));
		const loss = read(
			[...all].reverse().map((each) => delivery(each)),
			START,
			10,
		);
		expect(ulids(loss)).toEqual(all.slice(0, 10));
		expect(loss.undelivered.isWhole).toBe(false);
	});
});

describe('the state of the recovery', () => {
	const rows = [1, 2, 3, 4].map((serial) => delivery(ulidOf(5, serial)));

	test('keeps its size, however many events are recovered', () => {
		const many = Array.from({ length: 20_000 }, (_each, index) => delivery(ulidOf(5, index)));
		const missed = missedEvents([read(many, START, 20_000)]);
		const staticData = {};
		rememberProgress(staticData, 'recovery', afterBatch(START, missed, NOW));
		expect(missed).toHaveLength(20_000);
		expect(JSON.stringify(staticData).length).toBeLessThan(400);
	});

	test("survives in n8n's static data", () => {
		const staticData = {};
		const start = { ...START, floor: positionAt(NOW - 24 * HOUR) };
		const state = afterBatch(start, missedEvents([read(rows)]), NOW);
		rememberProgress(staticData, 'recovery', state);
		expect(recallRecovery(JSON.parse(JSON.stringify(staticData)), '', NOW)).toEqual(state);
	});

	test('moves past what was handed over', () => {
		const missed = missedEvents([read(rows)]);
		const state = afterBatch(START, missed.slice(0, 2), NOW);
		expect(ulids(read(rows, state))).toEqual([ulidOf(5, 3), ulidOf(5, 4)]);
	});

	test('takes back the last batch for a day', () => {
		const missed = missedEvents([read(rows)]);
		const first = afterBatch(START, missed.slice(0, 2), NOW);
		const second = afterBatch(first, missed.slice(2), NOW);
		expect(ulids(read(rows, takeBackLastBatch(second, NOW + HOUR)))).toEqual([
			ulidOf(5, 3),
			ulidOf(5, 4),
		]);
		expect(takeBackLastBatch(second, NOW + 25 * HOUR)).toBe(second);
	});

	test('has one position for scopes that were read to the end, and another for one that was not', () => {
		const early = { ...START, floor: positionAt(NOW - 40 * HOUR) };
		const state = afterCheck(early, { scopes: [PROJECT, OTHER], losses: [read([])] }, [], NOW);
		expect(state.floor).toBe(positionAt(NOW - 24 * HOUR));
		expect([...state.marks]).toEqual([['project:8', early.floor]]);
	});

	test('moves past events that the filters drop', () => {
		const loss = read(rows);
		const found = missedEvents([loss]);
		const state = afterCheck(START, { scopes: [PROJECT], losses: [loss] }, found, NOW);
		expect(ulids(read(rows, state))).toEqual([]);
	});

	describe('with stored progress that is wrong', () => {
		const missing = recallRecovery({}, '', NOW);
		const recall = (recovery: object) => recallRecovery({ recovery: { ...recovery } }, '', NOW);

		test.each([
			['a time after now', positionAt(NOW + HOUR)],
			['a time in another millennium', '7ZZZZZZZZZ'],
			['text', 'zzz'],
			['text that sorts after every position', '~'],
			['a number', 42],
			[
				'a position in lower case',
				positionAt(NOW - 30 * HOUR)
					.toLowerCase()
					.replace(/^0/, 'o'),
			],
		])('starts over if the floor is %s', (_title, floor) => {
			expect(recall({ floor, marks: { 'project:7': positionAt(NOW) } })).toEqual(missing);
		});

		test.each([['~'], [''], [null], [positionAt(NOW + 1)]])(
			'reads a scope from the floor if its mark is %p',
			(mark) => {
				const floor = positionAt(NOW - 30 * HOUR);
				const before = positionAt(NOW - 29 * HOUR);
				const state = recall({
					floor,
					marks: { 'project:7': mark, 'project:8': before },
					lastBatch: { at: NOW, before: { 'project:7': mark, 'project:8': before } },
				});
				expect(undeliveredQuery(state, PROJECT, NOW, Infinity).after).toBe(floor);
				expect(undeliveredQuery(state, OTHER, NOW, Infinity).after).toBe(before);
				expect(takeBackLastBatch(state, NOW).marks.get('project:7')).toBe(floor);
			},
		);

		test('reads again what Procore might still have retried when the clock was ahead', () => {
			const state = recall({ floor: positionAt(NOW - HOUR) });
			expect(state.floor).toBe(positionAt(NOW - 24 * HOUR));
			const late = ulidOf(20);
			expect(ulids(read([delivery(late)], state))).toEqual([late]);
		});

		test('starts over if the time of creation is after now', () => {
			const since = new Date(NOW + HOUR).toISOString();
			expect(recallRecovery({}, since, NOW)).toEqual(missing);
		});
	});

	test('returns every event of a large number once, in order, over as many checks as it takes', () => {
		const all = Array.from({ length: 95 }, (_each, index) => ulidOf(10, index));
		const found: Array<string | null> = [];
		const staticData = {};
		rememberProgress(staticData, 'recovery', START);
		const reads: boolean[] = [];
		for (let checks = 1; checks <= 20; checks += 1) {
			const restored: IDataObject = JSON.parse(JSON.stringify(staticData));
			let state: RecoveryState = recallRecovery(restored, '', NOW);
			const loss = read(
				all.map((each) => delivery(each)),
				state,
				10,
			);
			reads.push(loss.undelivered.isWhole);
			const missed = missedEvents([loss]);
			for (let from = 0; from < missed.length; from += 4) {
				const batch = missed.slice(from, from + 4);
				found.push(...ulids(loss).slice(from, from + 4));
				state = afterBatch(state, batch, NOW);
			}
			const where = { scopes: [PROJECT], losses: [loss] };
			rememberProgress(staticData, 'recovery', afterCheck(state, where, missed, NOW));
			if (loss.undelivered.isWhole) break;
		}
		expect(found).toEqual(all);
		expect(reads).toEqual([...Array.from({ length: 9 }, () => false), true]);
	});

	test('repeats only the last batch if n8n ends between the checks of a large number', () => {
		const all = Array.from({ length: 25 }, (_each, index) => ulidOf(10, index));
		const rowsOf = (state: RecoveryState) =>
			read(
				all.map((each) => delivery(each)),
				state,
				10,
			);
		const first = rowsOf(START);
		const handedOver = afterBatch(START, missedEvents([first]), NOW);
		const where = { scopes: [PROJECT], losses: [first] };
		const ended = afterCheck(handedOver, where, missedEvents([first]), NOW);
		const restarted = takeBackLastBatch(ended, NOW + HOUR);
		expect(ulids(rowsOf(restarted))).toEqual(all.slice(0, 10));
		expect(ulids(rowsOf(ended))).toEqual(all.slice(10, 20));
	});

	test('begins a day before the hooks were created, or three days ago if that is unknown', () => {
		expect(recallRecovery({}, new Date(NOW).toISOString(), NOW).floor).toBe(
			positionAt(NOW - 24 * HOUR),
		);
		expect(recallRecovery({}, '', NOW).floor).toBe(positionAt(NOW - 72 * HOUR));
		expect(recallRecovery({ recovery: 'rubbish' }, '', NOW).marks.size).toBe(0);
	});
});
