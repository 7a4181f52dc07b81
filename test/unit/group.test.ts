import fc from 'fast-check';

import { EventGroups, type Member, type Turn } from '../../nodes/Procore/receive/group';

/** The status of a response, or undefined if the connection closed without one. */
type Answer = number | undefined;

/** An event as its sender sees it. */
class Event {
	turn: Turn<string, Answer> | undefined;

	private readonly member: Member<string, Answer>;

	constructor(
		groups: EventGroups<string, Answer>,
		readonly name: string,
		readonly bytes = 600,
	) {
		this.member = groups.join(name, bytes);
		void this.member.turn.then((turn) => (this.turn = turn));
	}

	end(answer?: number): void {
		this.member.end(answer);
	}

	/** The events that start together with this one; empty if it starts nothing. */
	get started(): readonly string[] {
		return this.turn?.kind === 'start' ? this.turn.values : [];
	}
}

/** Lets everything happen that does not need time to pass. */
const settled = async () => await jest.advanceTimersByTimeAsync(0);

beforeEach(() => {
	jest.useFakeTimers();
});
afterEach(() => {
	jest.useRealTimers();
});

function arrive(groups: EventGroups<string, Answer>, names: readonly string[], bytes?: number) {
	return names.map((name) => new Event(groups, name, bytes));
}

function numbered(count: number): string[] {
	return Array.from({ length: count }, (_each, index) => `event ${index}`);
}

/** Events that arrive while an execution with another event is being handed over. */
async function arriveBehindFirst(names: readonly string[], bytes?: number) {
	const groups = new EventGroups<string, Answer>();
	const [first] = arrive(groups, ['first']);
	if (first === undefined) throw new Error('The first event has not arrived');
	const events = arrive(groups, names, bytes);
	await settled();
	return { groups, first, events };
}

const startsOf = (events: readonly Event[]) =>
	events.map(({ started }) => started).filter(({ length }) => length > 0);

describe('EventGroups', () => {
	test('starts an event at once if nothing is being handed over', async () => {
		const groups = new EventGroups<string, Answer>();
		const [first] = arrive(groups, ['first']);
		await settled();
		expect(first?.turn).toEqual({ kind: 'start', values: ['first'] });
		first?.end(200);
		expect(groups.isIdle).toBe(true);
		const [second] = arrive(groups, ['second']);
		await settled();
		expect(second?.turn).toEqual({ kind: 'start', values: ['second'] });
	});

	test('starts the events that arrive meanwhile together, in order of arrival, once the first is answered', async () => {
		const { groups, first, events } = await arriveBehindFirst(['b', 'a', 'c']);
		expect(events.map(({ turn }) => turn)).toEqual([undefined, undefined, undefined]);
		first.end(200);
		await settled();
		expect(startsOf(events)).toEqual([['b', 'a', 'c']]);
		events[0]?.end(200);
		await settled();
		expect(events.slice(1).map(({ turn }) => turn)).toEqual([
			{ kind: 'answered', answer: 200 },
			{ kind: 'answered', answer: 200 },
		]);
		expect(groups.isIdle).toBe(true);
	});

	test.each([500, 503, undefined])(
		'passes the response %s on to the whole group, and starts the next one',
		async (answer) => {
			const { groups, first, events } = await arriveBehindFirst(['a', 'b']);
			first.end(200);
			await settled();
			const [next] = arrive(groups, ['next']);
			events[0]?.end(answer);
			await settled();
			expect(events[1]?.turn).toEqual({ kind: 'answered', answer });
			expect(next?.started).toEqual(['next']);
		},
	);

	test('starts the next group although the first request ends without an answer', async () => {
		const { first, events } = await arriveBehindFirst(['a', 'b']);
		first.end(undefined);
		await settled();
		expect(startsOf(events)).toEqual([['a', 'b']]);
	});

	test('ignores that a request ends a second time', async () => {
		const { groups, first, events } = await arriveBehindFirst(['a', 'b']);
		first.end(200);
		first.end(500);
		const [later] = arrive(groups, ['later']);
		await settled();
		expect(later?.turn).toBeUndefined();
		events[0]?.end(200);
		events[0]?.end(500);
		await settled();
		expect(events[1]?.turn).toEqual({ kind: 'answered', answer: 200 });
	});

	test('starts at most 100 events together and leaves the 101st to the next group', async () => {
		const names = numbered(101);
		const { first, events } = await arriveBehindFirst(names);
		first.end(200);
		await settled();
		expect(startsOf(events)).toEqual([names.slice(0, 100)]);
		events[0]?.end(200);
		await settled();
		expect(startsOf(events)).toEqual([names.slice(0, 100), ['event 100']]);
	});

	test('starts at most a megabyte together, and a larger event alone', async () => {
		const { groups, first, events } = await arriveBehindFirst(numbered(3), 400_000);
		events.push(...arrive(groups, ['huge'], 5_000_000), ...arrive(groups, ['small']));
		first.end(200);
		for (const event of events) {
			await settled();
			event.end(200);
		}
		await settled();
		expect(startsOf(events)).toEqual([['event 0', 'event 1'], ['event 2'], ['huge'], ['small']]);
	});

	test('starts an event alone that has waited four seconds, without waiting for it', async () => {
		const { groups, first, events } = await arriveBehindFirst(['a', 'b']);
		await jest.advanceTimersByTimeAsync(3000);
		const [later] = arrive(groups, ['later']);
		await jest.advanceTimersByTimeAsync(999);
		expect(startsOf(events)).toEqual([]);
		await jest.advanceTimersByTimeAsync(1);
		expect(startsOf(events)).toEqual([['a'], ['b']]);
		events[0]?.end(500);
		await settled();
		expect([events[1]?.started, later?.turn]).toEqual([['b'], undefined]);
		first.end(200);
		await settled();
		expect(later?.started).toEqual(['later']);
	});

	test('does not start an event again that has waited four seconds for the answer to its group', async () => {
		const { first, events } = await arriveBehindFirst(['a', 'b']);
		first.end(200);
		await jest.advanceTimersByTimeAsync(10_000);
		expect(startsOf(events)).toEqual([['a', 'b']]);
		expect(events[1]?.turn).toBeUndefined();
	});

	test('lets an event start the group whose sender still waits', async () => {
		const { first, events } = await arriveBehindFirst(['gone', 'a', 'b']);
		events[0]?.end(undefined);
		first.end(200);
		await settled();
		expect(events.map(({ started }) => started)).toEqual([[], ['gone', 'a', 'b'], []]);
		events[1]?.end(200);
		await settled();
		expect(events[2]?.turn).toEqual({ kind: 'answered', answer: 200 });
	});

	test('starts a group whose senders have all gone, and does not wait for it', async () => {
		const { groups, first, events } = await arriveBehindFirst(['gone', 'also gone']);
		for (const event of events) event.end(undefined);
		first.end(200);
		await settled();
		expect(startsOf(events)).toEqual([['gone', 'also gone']]);
		expect(groups.isIdle).toBe(true);
	});

	test('starts every event once, in order, within its limits and in time, whatever happens', async () => {
		const limits = { events: 5, bytes: 1000, waitMs: 4000 };
		const step = fc.oneof(
			{ weight: 5, arbitrary: fc.record({ arrives: fc.integer({ min: 1, max: 1500 }) }) },
			{ weight: 3, arbitrary: fc.record({ ends: fc.nat(), answer: fc.constantFrom(200, 500) }) },
			{ weight: 1, arbitrary: fc.record({ ends: fc.nat(), answer: fc.constant(undefined) }) },
			{ weight: 2, arbitrary: fc.record({ passes: fc.integer({ min: 1, max: 5000 }) }) },
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
				const groups = new EventGroups<string, Answer>(limits);
				const events: Event[] = [];
				const answers = new Map<Event, Answer>();
				const waitedMs = new Map<Event, number>();
				const answer = (event: Event | undefined, status: Answer) => {
					if (event === undefined || answers.has(event)) return;
					answers.set(event, status);
					event.end(status);
				};
				for (const each of steps) {
					if ('arrives' in each) {
						events.push(new Event(groups, String(events.length), each.arrives));
					} else if ('passes' in each) {
						for (const event of events.filter(({ turn }) => turn === undefined)) {
							waitedMs.set(event, (waitedMs.get(event) ?? 0) + each.passes);
						}
						await jest.advanceTimersByTimeAsync(each.passes);
					} else if (each.answer === undefined) {
						answer(events[each.ends % Math.max(1, events.length)], undefined);
					} else {
						const starting = events.filter(
							(event) => event.turn?.kind === 'start' && !answers.has(event),
						);
						answer(starting[each.ends % Math.max(1, starting.length)], each.answer);
					}
					await settled();
					const started = new Set(startsOf(events).flat());
					for (const event of events.filter(({ name }) => !started.has(name))) {
						expect(waitedMs.get(event) ?? 0).toBeLessThan(limits.waitMs);
					}
				}
				for (let round = 0; round <= events.length; round += 1) {
					for (const event of events) if (event.turn?.kind === 'start') answer(event, 200);
					await settled();
				}

				expect(groups.isIdle).toBe(true);
				const starts = startsOf(events);
				expect(
					starts
						.flat()
						.map(Number)
						.sort((a, b) => a - b),
				).toEqual(events.map((_event, index) => index));
				for (const group of starts) {
					expect(group.map(Number)).toEqual(group.map(Number).sort((a, b) => a - b));
					const bytes = group.reduce((sum, name) => sum + (events[Number(name)]?.bytes ?? 0), 0);
					expect(group.length === 1 || bytes <= limits.bytes).toBe(true);
					expect(group.length).toBeLessThanOrEqual(limits.events);
				}
				for (const event of events.filter(({ turn }) => turn?.kind === 'answered')) {
					const starter = events.find(({ started }) => started.includes(event.name));
					expect(event.turn).toEqual({
						kind: 'answered',
						answer: starter === undefined ? 'none' : answers.get(starter),
					});
				}
			}),
		);
	});
});
