import { settle, settleAll } from '../../nodes/Procore/api/concurrency';

describe('settleAll', () => {
	test('keeps the order of the items, whichever finishes first', async () => {
		const steps = [5, 1, 3, 0, 2];
		const results = await settleAll(steps, 3, async (count, index) => {
			for (let step = 0; step < count; step += 1) await Promise.resolve();
			return `${index}:${count}`;
		});
		expect(results).toEqual(
			['0:5', '1:1', '2:3', '3:0', '4:2'].map((value) => ({ ok: true, value })),
		);
	});

	test.each([
		[1, 1],
		[3, 3],
		[50, 20],
	])('works on at most %d items at once', async (limit, expected) => {
		let running = 0;
		let most = 0;
		await settleAll(Array.from({ length: 20 }), limit, async () => {
			running += 1;
			most = Math.max(most, running);
			for (let step = 0; step < 10; step += 1) await Promise.resolve();
			running -= 1;
		});
		expect(most).toBe(expected);
	});

	test('continues with the other items after a failure', async () => {
		const broken = new Error('broken');
		const results = await settleAll([1, 2, 3], 2, async (item) => {
			await Promise.resolve();
			if (item === 2) throw broken;
			return item;
		});
		expect(results).toEqual([
			{ ok: true, value: 1 },
			{ ok: false, failure: broken },
			{ ok: true, value: 3 },
		]);
	});

	test('returns nothing for no items', async () => {
		expect(await settleAll([], 5, async () => await Promise.resolve(1))).toEqual([]);
	});
});

describe('settle', () => {
	test('returns a failure as a value, even one that is thrown synchronously', async () => {
		const broken = new Error('broken');
		expect(await settle(async () => await Promise.reject(broken))).toEqual({
			ok: false,
			failure: broken,
		});
		expect(
			await settle(() => {
				throw broken;
			}),
		).toEqual({ ok: false, failure: broken });
		expect(await settle(async () => await Promise.resolve(1))).toEqual({ ok: true, value: 1 });
	});
});
