import type { JsonObject } from '../../nodes/Procore/model/json';
import {
	freshnessOf,
	latest,
	readUntilCurrent,
	type Cause,
} from '../../nodes/Procore/record/freshness';

const UPDATE: Cause = { event_type: 'update', timestamp: '2026-11-17T15:42:08.317904Z' };
const CREATE: Cause = { ...UPDATE, event_type: 'create' };
const OLD = { id: 1, updated_at: '2026-11-17T15:40:00Z' };
const NEW = { id: 1, updated_at: '2026-11-17T15:42:08Z' };

describe('the freshness of a record', () => {
	test.each<[string, JsonObject, Cause | undefined, string]>([
		['changed in the same second', NEW, UPDATE, 'current'],
		['changed later', { updated_at: '2026-11-18T00:00:00Z' }, UPDATE, 'current'],
		['in another time zone', { updated_at: '2026-11-17T07:42:08-08:00' }, UPDATE, 'current'],
		['committed a second before', { updated_at: '2026-11-17T15:42:07Z' }, UPDATE, 'current'],
		['changed some seconds before', { updated_at: '2026-11-17T15:42:06Z' }, UPDATE, 'outdated'],
		['changed minutes before', OLD, UPDATE, 'outdated'],
		['changed minutes before its create', OLD, CREATE, 'outdated'],
		['without updated_at', { id: 1 }, UPDATE, 'unverified'],
		['without updated_at, just created', { id: 1 }, CREATE, 'current'],
		['with a date that is none', { updated_at: 'soon' }, UPDATE, 'unverified'],
		['without an event', NEW, undefined, 'unverified'],
		['of an event without a time', NEW, { ...UPDATE, timestamp: '' }, 'unverified'],
	])('%s', (_, record, cause, freshness) => {
		expect(freshnessOf(record, cause)).toBe(freshness);
	});

	test('is judged by the latest of several events', () => {
		const later = { ...UPDATE, timestamp: '2026-11-17T15:42:08.317905Z' };
		const day = { ...UPDATE, timestamp: '2026-11-18T15:42:08.317905Z' };
		expect(latest([UPDATE, day, later])).toBe(day);
		expect(latest([])).toBeUndefined();
	});
});

describe('reading until the record includes the change', () => {
	/** A clock that only advances during sleep, and a Procore that shows the change after `lagMs`. */
	function scene(lagMs: number, before: JsonObject | undefined = OLD) {
		let now = 0;
		const reads: number[] = [];
		return {
			reads,
			read: async () => {
				reads.push(now);
				return await Promise.resolve(now >= lagMs ? NEW : before);
			},
			waiting: (waitMs: number, next: 'wait' | 'lookTwice' | 'giveUp' = 'wait') => ({
				waitMs,
				missing: () => next,
				now: () => now,
				sleep: async (milliseconds: number) => {
					now += milliseconds;
					await Promise.resolve();
				},
			}),
		};
	}

	test('reads a current record once', async () => {
		const { read, reads, waiting } = scene(0);
		expect(await readUntilCurrent(read, UPDATE, waiting(10_000))).toEqual({
			record: NEW,
			state: 'current',
		});
		expect(reads).toEqual([0]);
	});

	test('reads again after growing waits until the record includes the change', async () => {
		const { read, reads, waiting } = scene(3000);
		expect(await readUntilCurrent(read, UPDATE, waiting(10_000))).toMatchObject({
			state: 'current',
		});
		expect(reads).toEqual([0, 500, 1500, 3500]);
	});

	test('returns the last result when the time is up, read at that moment', async () => {
		const { read, reads, waiting } = scene(60_000);
		expect(await readUntilCurrent(read, UPDATE, waiting(10_000))).toEqual({
			record: OLD,
			state: 'outdated',
		});
		expect(reads).toEqual([0, 500, 1500, 3500, 7500, 10_000]);
	});

	test('waits for a record that was just created and does not exist yet', async () => {
		const { read, reads, waiting } = scene(3000);
		const late = async () => ((await read()) === OLD ? undefined : NEW);
		expect(await readUntilCurrent(late, CREATE, waiting(10_000))).toMatchObject({ record: NEW });
		expect(reads).toEqual([0, 500, 1500, 3500]);
		const never = async () => await Promise.resolve(undefined);
		expect(await readUntilCurrent(never, CREATE, waiting(10_000))).toEqual({
			record: null,
			state: 'missing',
		});
	});

	test.each([
		['looks once more for a missing record that is not new', 'lookTwice', [0, 1000]],
		['looks no more for a missing record of a hidden tool', 'giveUp', [0]],
	] as const)('%s', async (_, next, looks) => {
		const { read, reads, waiting } = scene(60_000);
		const none = async () => ((await read()) === OLD ? undefined : NEW);
		expect(await readUntilCurrent(none, UPDATE, waiting(10_000, next))).toEqual({
			record: null,
			state: 'missing',
		});
		expect(reads).toEqual(looks);
	});

	test('finds a record at the second read and then waits for its change', async () => {
		const { read, reads, waiting } = scene(3000);
		const late = async () => {
			const record = await read();
			return reads.length === 1 ? undefined : record;
		};
		expect(await readUntilCurrent(late, UPDATE, waiting(10_000, 'lookTwice'))).toEqual({
			record: NEW,
			state: 'current',
		});
		expect(reads[1]).toBe(1000);
	});

	test('reads once if there is nothing to wait for', async () => {
		const unwaited = scene(3000);
		expect(await readUntilCurrent(unwaited.read, UPDATE, unwaited.waiting(0))).toMatchObject({
			state: 'outdated',
		});
		const uncaused = scene(3000);
		await readUntilCurrent(uncaused.read, undefined, uncaused.waiting(10_000));
		const untimed = scene(3000, { id: 1 });
		expect(await readUntilCurrent(untimed.read, UPDATE, untimed.waiting(10_000))).toMatchObject({
			state: 'unverified',
		});
		expect([unwaited.reads, uncaused.reads, untimed.reads]).toEqual([[0], [0], [0]]);
	});
});
