import { NameCache } from '../../nodes/Procore/record/name-cache';

const TEN_MINUTES = 600_000;

describe('the names that a process keeps', () => {
	let time = 0;
	let reads = 0;
	const read = async () => {
		reads += 1;
		return await Promise.resolve(`read ${reads}`);
	};

	beforeEach(() => {
		time = 0;
		reads = 0;
	});

	test('are read again after ten minutes', async () => {
		const cache = new NameCache<string>(() => time);
		expect(await cache.forRun('account')(['1'], read)).toBe('read 1');
		time = TEN_MINUTES - 1;
		expect(await cache.forRun('account')(['1'], read)).toBe('read 1');
		time = TEN_MINUTES;
		expect(await cache.forRun('account')(['1'], read)).toBe('read 2');
	});

	test('are read once in a run, however long it takes', async () => {
		const cache = new NameCache<string>(() => time);
		const run = cache.forRun('account');
		expect(await run(['1'], read)).toBe('read 1');
		time = 2 * TEN_MINUTES;
		expect(await run(['1'], read)).toBe('read 1');
	});

	test('belong to one account', async () => {
		const cache = new NameCache<string>(() => time);
		expect(await cache.forRun('one')(['1'], read)).toBe('read 1');
		expect(await cache.forRun('other')(['1'], read)).toBe('read 2');
	});
});
