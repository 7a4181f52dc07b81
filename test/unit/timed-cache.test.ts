import { TimedCache } from '../../nodes/Procore/api/timed-cache';
import { settle } from '../../nodes/Procore/api/concurrency';

describe('a cache with a time limit', () => {
	let time = 0;
	const reads: string[] = [];
	const read = (key: string) => async () => {
		reads.push(key);
		return await Promise.resolve(`${key} at ${time}`);
	};
	const cacheOf = (capacity = 10) => new TimedCache<string>(600, capacity, () => time);

	beforeEach(() => {
		time = 0;
		reads.length = 0;
	});

	test('reads a value once until its time is up', async () => {
		const cache = cacheOf();
		expect(await cache.get('a', read('a'))).toBe('a at 0');
		time = 599;
		expect(await cache.get('a', read('a'))).toBe('a at 0');
		time = 600;
		expect(await cache.get('a', read('a'))).toBe('a at 600');
		expect(reads).toEqual(['a', 'a']);
	});

	test('shares a read among those who ask meanwhile', async () => {
		const cache = cacheOf();
		const values = await Promise.all([1, 2, 3].map(async () => await cache.get('a', read('a'))));
		expect(new Set(values)).toEqual(new Set(['a at 0']));
		expect(reads).toEqual(['a']);
	});

	test('keeps values apart by their key', async () => {
		const cache = cacheOf();
		expect(await cache.get('a', read('a'))).toBe('a at 0');
		expect(await cache.get('b', read('b'))).toBe('b at 0');
	});

	test('does not keep a failure, which all who wait for it get', async () => {
		const cache = cacheOf();
		const fail = async () => await Promise.reject(new Error('down'));
		const results = await Promise.all(
			[1, 2].map(async () => await settle(async () => await cache.get('a', fail))),
		);
		expect(results.map(({ ok }) => ok)).toEqual([false, false]);
		expect(await cache.get('a', read('a'))).toBe('a at 0');
	});

	test('does not drop a newer value because an older read fails', async () => {
		const cache = cacheOf();
		let fail: (failure: Error) => void = () => undefined;
		const slow = new Promise<string>((_resolve, reject) => {
			fail = reject;
		});
		const first = settle(async () => await cache.get('a', async () => await slow));
		time = 600;
		expect(await cache.get('a', read('a'))).toBe('a at 600');
		fail(new Error('down'));
		expect((await first).ok).toBe(false);
		expect(await cache.get('a', read('a'))).toBe('a at 600');
		expect(reads).toEqual(['a']);
	});

	test('never keeps more values than it may', async () => {
		const cache = cacheOf(2);
		for (const key of ['a', 'b', 'c', 'c']) await cache.get(key, read(key));
		expect(reads).toEqual(['a', 'b', 'c']);
		await cache.get('a', read('a'));
		expect(reads).toEqual(['a', 'b', 'c', 'a']);
	});

	test('renews a value without dropping the others when it is full', async () => {
		const cache = cacheOf(2);
		await cache.get('a', read('a'));
		time = 500;
		await cache.get('b', read('b'));
		time = 700;
		await cache.get('a', read('a'));
		await cache.get('b', read('b'));
		expect(reads).toEqual(['a', 'b', 'a']);
	});
});
