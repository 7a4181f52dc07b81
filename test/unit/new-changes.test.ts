import type { IDataObject } from 'n8n-workflow';

import { cursorOf, storeCursors } from '../../nodes/Procore/actions/record/change-cursors';
import {
	pickNewChanges,
	windowOf,
	type ItemChanges,
} from '../../nodes/Procore/actions/record/new-changes';
import type { OperationRun } from '../../nodes/Procore/actions/operation';
import type { ChangedRecord } from '../../nodes/Procore/record/changes';
import { isInside } from '../../nodes/Procore/record/time-span';

const LIST = 'RFIs project:902214';
const NOW = Date.parse('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Run = Pick<OperationRun, 'memory' | 'pickNew'> & { readonly memory: IDataObject };

/** A run of a node, whose list of returned keys is `returned`. */
function runOf(memory: IDataObject, returned: Set<string>, failsAfter = Infinity): Run {
	return {
		memory,
		pickNew: async (lists) =>
			await Promise.resolve(
				lists.map(({ candidates, limit }) => {
					const taken = [];
					let isWhole = true;
					for (const { key, value } of candidates) {
						if (returned.has(key)) continue;
						if (taken.length >= Math.min(limit, failsAfter)) {
							isWhole = false;
							break;
						}
						returned.add(key);
						taken.push(value);
					}
					return { taken, isWhole };
				}),
			),
	};
}

function record(id: string, updatedAt: number, more: Partial<ChangedRecord> = {}): ChangedRecord {
	return { id, createdAt: NOW - 1e9, updatedAt, isSettled: true, row: { id }, ...more };
}

function itemOf(records: readonly ChangedRecord[], limit = Infinity): ItemChanges {
	return { records, limit, cursor: { list: LIST, at: NOW - HOUR_MS } };
}

const idsOf = (output: readonly ChangedRecord[][]) =>
	output.map((records) => records.map(({ id }) => id));

describe('the window of a run', () => {
	const open = { since: undefined, until: undefined };

	test('is the last day in the first run and in a manual one, and reaches beyond the local clock', () => {
		const expected = { from: NOW - 24 * HOUR_MS, to: NOW + HOUR_MS };
		expect(windowOf(LIST, open, {}, NOW)).toEqual({
			span: expected,
			isNewAfter: expected.from - 1,
			cursor: { list: LIST, at: expected.from },
		});
		expect(windowOf(LIST, open, undefined, NOW)).toEqual({
			span: expected,
			isNewAfter: expected.from - 1,
		});
	});

	test('overlaps the last run, whose records are not new', () => {
		const memory: IDataObject = {};
		storeCursors(memory, new Map([[LIST, NOW - HOUR_MS]]));
		expect(windowOf(LIST, open, memory, NOW)).toEqual({
			span: { from: NOW - HOUR_MS - 10 * MINUTE_MS, to: NOW + HOUR_MS },
			isNewAfter: NOW - HOUR_MS,
			cursor: { list: LIST, at: NOW - HOUR_MS },
		});
	});

	test('is the given one, without regard to earlier runs', () => {
		const memory: IDataObject = {};
		storeCursors(memory, new Map([[LIST, NOW - HOUR_MS]]));
		expect(windowOf(LIST, { since: 1000, until: 5000 }, memory, NOW)).toEqual({
			span: { from: 1000, to: 5000 },
			isNewAfter: 999,
		});
	});
});

describe('changes that no earlier run has returned', () => {
	test('are returned once, and move the cursor to the last of them', async () => {
		const memory: IDataObject = {};
		const returned = new Set<string>();
		const records = [record('1', NOW - 3000), record('2', NOW - 2000)];
		const first = await pickNewChanges([itemOf(records)], runOf(memory, returned));
		expect(idsOf(first)).toEqual([['1', '2']]);
		expect(cursorOf(memory, LIST)).toBe(NOW - 2000);
		const again = [...records, record('1', NOW - 1000)];
		const second = await pickNewChanges([itemOf(again)], runOf(memory, returned));
		expect(second).toEqual([[record('1', NOW - 1000)]]);
	});

	test('leave the cursor where it is if there are none', async () => {
		const memory: IDataObject = {};
		await pickNewChanges([itemOf([])], runOf(memory, new Set()));
		expect(cursorOf(memory, LIST)).toBe(NOW - HOUR_MS);
	});

	test('beyond the limit are returned by the next run', async () => {
		const memory: IDataObject = {};
		const returned = new Set<string>();
		const records = ['1', '2', '3'].map((id) => record(id, NOW - 9000 + Number(id) * 1000));
		const first = await pickNewChanges([itemOf(records, 2)], runOf(memory, returned));
		expect(idsOf(first)).toEqual([['1', '2']]);
		expect(cursorOf(memory, LIST)).toBe(NOW - 7000);
		const second = await pickNewChanges([itemOf(records, 2)], runOf(memory, returned));
		expect(idsOf(second)).toEqual([['3']]);
	});

	test('that n8n could not record are behind the cursor', async () => {
		const memory: IDataObject = {};
		const records = ['1', '2', '3'].map((id) => record(id, NOW - 9000 + Number(id) * 1000));
		const output = await pickNewChanges([itemOf(records)], runOf(memory, new Set(), 1));
		expect(idsOf(output)).toEqual([['1']]);
		expect(cursorOf(memory, LIST)).toBe(NOW - 8000);
	});

	test('are left to the next run while they could change again within the same second', async () => {
		const memory: IDataObject = {};
		const records = [record('1', NOW - 3000), record('2', NOW - 1000, { isSettled: false })];
		const output = await pickNewChanges([itemOf(records)], runOf(memory, new Set()));
		expect(idsOf(output)).toEqual([['1']]);
		expect(cursorOf(memory, LIST)).toBe(NOW - 3000);
	});

	test('move the cursor by the clock of Procore, even if that is ahead of the local one', async () => {
		const memory: IDataObject = {};
		const records = [
			record('1', NOW + 30 * MINUTE_MS),
			record('2', NOW + 40 * MINUTE_MS, { isSettled: false }),
		];
		await pickNewChanges([itemOf(records)], runOf(memory, new Set()));
		expect(cursorOf(memory, LIST)).toBe(NOW + 30 * MINUTE_MS);
	});

	test('move a cursor that items share only as far as all of them have read', async () => {
		const memory: IDataObject = {};
		const records = [record('1', NOW - 3000), record('2', NOW - 2000)];
		const items = [itemOf(records, 1), itemOf(records)];
		const output = await pickNewChanges(items, runOf(memory, new Set()));
		expect(idsOf(output)).toEqual([['1'], ['2']]);
		expect(cursorOf(memory, LIST)).toBe(NOW - 3000);
	});

	test('include all in the window, settled or not, if the window is given', async () => {
		const memory: IDataObject = {};
		const records = [record('1', NOW - 3000), record('2', NOW, { isSettled: false })];
		const output = await pickNewChanges([{ records, limit: 5 }], runOf(memory, new Set()));
		expect(idsOf(output)).toEqual([['1', '2']]);
		expect(memory).toEqual({});
	});

	test('are all returned once by a run each minute, whose clock is off and whose list lags by up to eight minutes', async () => {
		const memory: IDataObject = {};
		const returned = new Set<string>();
		const skewMs = 90_000;
		const changes = Array.from({ length: 2000 }, (_, index) => ({
			id: String(index % 400),
			at: NOW + Math.floor((index * HOUR_MS) / 2000 / 1000) * 1000,
			lag: ((index * 37) % 480) * 1000,
		}));
		const output: string[] = [];
		for (let minute = 0; minute <= 70; minute += 1) {
			const procoreNow = NOW + minute * MINUTE_MS;
			const now = procoreNow - skewMs;
			const { span, cursor } = windowOf(LIST, { since: undefined, until: undefined }, memory, now);
			if (cursor === undefined) throw new Error('No cursor');
			// A record is in the list as it was changed last, some time ago.
			const states = new Map<string, number>();
			for (const { id, at, lag } of changes) if (at + lag <= procoreNow) states.set(id, at);
			const records = [...states]
				.filter(([, at]) => isInside(at, span))
				.sort(([, one], [, other]) => one - other)
				.map(([id, at]) => record(id, at));
			const item = { records, limit: Infinity, cursor };
			const [picked = []] = await pickNewChanges([item], runOf(memory, returned));
			output.push(...picked.map(({ id, updatedAt }) => `${id}@${updatedAt}`));
		}
		expect(new Set(output).size).toBe(output.length);
		// A record changes every twelve minutes, so no state is overwritten before a run.
		expect(output).toHaveLength(new Set(changes.map(({ id, at }) => `${id}@${at}`)).size);
		expect(JSON.stringify(memory).length).toBeLessThan(200);
	});
});

describe('the cursors of a node', () => {
	test('are not written if they are where they were', () => {
		const memory: IDataObject = Object.freeze({ changedUntil: { [LIST]: NOW } });
		expect(() => storeCursors(memory, new Map([[LIST, NOW]]))).not.toThrow();
		expect(() => storeCursors(memory, new Map([[LIST, NOW + 1]]))).toThrow(TypeError);
	});

	test('are dropped in the order in which they moved, if there are too many', () => {
		const memory: IDataObject = {};
		for (let index = 0; index < 3; index += 1) {
			const lists = Array.from({ length: 2000 }, (_, each) => `${index} ${each}`);
			storeCursors(memory, new Map(lists.map((list) => [list, NOW])));
		}
		expect(cursorOf(memory, '0 0')).toBeUndefined();
		expect(cursorOf(memory, '0 1000')).toBe(NOW);
		expect(cursorOf(memory, '2 1999')).toBe(NOW);
	});

	test('are ignored if somebody has written something else', () => {
		expect(cursorOf({ changedUntil: 'yesterday' }, LIST)).toBeUndefined();
		expect(cursorOf({ changedUntil: { [LIST]: 'yesterday' } }, LIST)).toBeUndefined();
	});
});
