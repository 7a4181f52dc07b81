import { RateBudget, requestedWait, rateBudget } from '../../nodes/Procore/api/rate-budget';

const NOW = Date.parse('2026-11-17T15:42:00Z');

function httpDate(time: number): string {
	return new Date(time).toUTCString();
}

beforeEach(() => {
	jest.useFakeTimers({ now: NOW });
});

afterEach(() => {
	jest.useRealTimers();
});

describe('requestedWait', () => {
	const reset = (secondsFromNow: number) => String(NOW / 1000 + secondsFromNow);

	test.each<[string, Record<string, string>, number | undefined]>([
		['nothing', {}, undefined],
		['Retry-After in seconds', { 'retry-after': '30' }, 30_000],
		['Retry-After as a date', { 'retry-after': httpDate(NOW + 30_000) }, 30_000],
		['the reset', { 'x-rate-limit-reset': reset(7) }, 7000],
		['both: the reset is later', { 'retry-after': '3', 'x-rate-limit-reset': reset(7) }, 7000],
		['both: Retry-After is later', { 'retry-after': '9', 'x-rate-limit-reset': reset(7) }, 9000],
		['a reset that has passed', { 'x-rate-limit-reset': reset(-100) }, 0],
		['a date that has passed', { 'retry-after': httpDate(NOW - 60_000) }, 0],
		['words', { 'retry-after': 'soon', 'x-rate-limit-reset': 'later' }, undefined],
		['empty headers', { 'retry-after': '', 'x-rate-limit-reset': '' }, undefined],
		['zero', { 'retry-after': '0' }, 0],
	])('reads %s', (_case, headers, expected) => {
		const wait = requestedWait(headers);
		if (expected === undefined) expect(wait).toBeUndefined();
		// A little longer than Procore's whole seconds, never much.
		else expect(wait).toBeGreaterThanOrEqual(expected);
		if (expected !== undefined) expect(wait).toBeLessThanOrEqual(expected + 1000);
	});

	test("uses Procore's clock if ours is wrong", () => {
		const theirNow = NOW + 600_000;
		const headers = {
			date: httpDate(theirNow),
			'x-rate-limit-reset': String(theirNow / 1000 + 5),
		};
		expect(requestedWait(headers)).toBeLessThan(6500);
		expect(requestedWait(headers)).toBeGreaterThanOrEqual(5000);
	});
});

describe('RateBudget', () => {
	/** Milliseconds until the budget allows a request. */
	async function waited(budget: RateBudget, maxWaitMs = 60_000): Promise<number> {
		const before = Date.now();
		const taken = budget.take(maxWaitMs);
		await jest.runAllTimersAsync();
		await taken;
		return Date.now() - before;
	}

	const answer = (remaining: number, resetInSeconds: number, limit = 25) => ({
		date: httpDate(Date.now()),
		'x-rate-limit-limit': String(limit),
		'x-rate-limit-remaining': String(remaining),
		'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + resetInSeconds),
	});

	test('allows every request while nothing is known', async () => {
		const budget = new RateBudget();
		for (let request = 0; request < 50; request += 1) expect(await waited(budget)).toBe(0);
	});

	test('waits for the reset if no request is left', async () => {
		const budget = new RateBudget();
		await budget.take(60_000);
		budget.release(answer(0, 4));
		const wait = await waited(budget);
		expect(wait).toBeGreaterThanOrEqual(4000);
		expect(wait).toBeLessThan(6000);
	});

	test("determines Procore's clock more precisely than its whole seconds", async () => {
		const budget = new RateBudget();
		const answered = async (secondsLeft: number) => {
			await budget.take(60_000);
			budget.release(answer(0, secondsLeft));
		};
		await answered(1);
		// 900 ms later, `Date` still has the previous second: without the earlier response, the wait would be 900 ms
		// longer.
		jest.setSystemTime(NOW + 10_900);
		const before = Date.now();
		const reset = { ...answer(0, 0), 'x-rate-limit-reset': String(NOW / 1000 + 12) };
		await budget.take(60_000);
		budget.release(reset);
		expect(await waited(budget)).toBeLessThan(NOW + 12_000 - before + 500);
	});

	test('starts over after a clock was set', async () => {
		const budget = new RateBudget();
		await budget.take(60_000);
		budget.release({ date: httpDate(NOW + 3_600_000) });
		await budget.take(60_000);
		budget.release(answer(0, 4));
		expect(await waited(budget)).toBeGreaterThanOrEqual(4000);
	});

	test('allows as many requests as are left, then waits, then continues', async () => {
		const budget = new RateBudget();
		await budget.take(60_000);
		budget.release(answer(2, 10));
		expect(await waited(budget)).toBe(0);
		expect(await waited(budget)).toBe(0);
		expect(await waited(budget)).toBeGreaterThanOrEqual(10_000);
		for (let request = 0; request < 10; request += 1) expect(await waited(budget)).toBe(0);
	});

	test('counts the requests in progress', async () => {
		const budget = new RateBudget();
		for (let lane = 0; lane < 5; lane += 1) await budget.take(60_000);
		// Procore counted one request; it will count the four in progress.
		budget.release(answer(4, 10));
		expect(await waited(budget)).toBeGreaterThanOrEqual(10_000);
	});

	test('is not misled by a response that arrives after a newer one', async () => {
		const budget = new RateBudget();
		for (let lane = 0; lane < 3; lane += 1) await budget.take(60_000);
		budget.release(answer(1, 10));
		budget.release(answer(3, 10));
		budget.release(answer(2, 10));
		expect(await waited(budget)).toBe(0);
		expect(await waited(budget)).toBeGreaterThanOrEqual(10_000);
	});

	test('ignores a late response about a window that has ended', async () => {
		const budget = new RateBudget();
		for (let lane = 0; lane < 3; lane += 1) await budget.take(60_000);
		const late = answer(25, 1);
		budget.release(answer(0, 1));
		jest.setSystemTime(NOW + 5000);
		budget.release(answer(1, 10));
		budget.release(late);
		expect(await waited(budget)).toBe(0);
		expect(await waited(budget)).toBeGreaterThanOrEqual(10_000);
	});

	test('only ends the request of a dropped connection', async () => {
		const budget = new RateBudget();
		await budget.take(60_000);
		budget.release();
		expect(await waited(budget)).toBe(0);
	});

	test('holds back every request during a pause', async () => {
		const budget = new RateBudget();
		budget.pause(3000);
		const before = Date.now();
		const taken = Promise.all([budget.take(60_000), budget.take(60_000)]);
		await jest.runAllTimersAsync();
		await taken;
		expect(Date.now() - before).toBe(3000);
		expect(await waited(budget)).toBe(0);
	});

	test('does not end a longer pause with a shorter one', async () => {
		const budget = new RateBudget();
		budget.pause(5000);
		budget.pause(100);
		expect(await waited(budget)).toBe(5000);
	});

	test('does not wait for an hour: it sends the request, and Procore says how long to wait', async () => {
		const budget = new RateBudget();
		await budget.take(60_000);
		budget.release(answer(0, 3000));
		expect(await waited(budget)).toBe(0);
	});

	test('never waits longer than allowed', async () => {
		const budget = new RateBudget();
		budget.pause(50_000);
		const before = Date.now();
		const taken = budget.take(60_000);
		await jest.advanceTimersByTimeAsync(49_000);
		budget.pause(50_000);
		await jest.runAllTimersAsync();
		await taken;
		expect(Date.now() - before).toBeLessThanOrEqual(60_000);
	});
});

describe('rateBudget', () => {
	test('returns one budget per account', () => {
		expect(rateBudget('a')).toBe(rateBudget('a'));
		expect(rateBudget('a')).not.toBe(rateBudget('b'));
	});
});

describe('RateBudget.upkeepLeft', () => {
	const answer = (limit: number, remaining: number, resetInSeconds: number) => ({
		date: httpDate(Date.now()),
		'x-rate-limit-limit': String(limit),
		'x-rate-limit-remaining': String(remaining),
		'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + resetInSeconds),
	});
	const budgetThatSaw = async (headers: Record<string, string>) => {
		const budget = new RateBudget();
		await budget.take(0);
		budget.release(headers);
		return budget;
	};

	test('is unlimited until a response has shown a limit', async () => {
		expect(new RateBudget().upkeepLeft(1 / 5)).toBe(Infinity);
		expect((await budgetThatSaw({})).upkeepLeft(1 / 5)).toBe(Infinity);
	});

	test("is a share of Procore's default while only the burst limit is known", async () => {
		const budget = await budgetThatSaw(answer(25, 20, 8));
		expect(budget.upkeepLeft(1 / 5)).toBe(114);
		expect(budget.upkeepLeft(1 / 2)).toBe(285);
		expect(budget.hourlyShare(1 / 5)).toBe(120);
	});

	test('is a share of the hourly limit once it is known', async () => {
		const budget = await budgetThatSaw(answer(3600, 3000, 1800));
		expect(budget.upkeepLeft(1 / 5)).toBe(684);
		budget.release(answer(25, 20, 8));
		expect(budget.upkeepLeft(1 / 5)).toBe(684);
		expect(budget.upkeepLeft(1 / 2)).toBe(1710);
	});

	test('is no more than the requests that are left in the hour', async () => {
		const budget = await budgetThatSaw(answer(600, 3, 1800));
		expect(budget.upkeepLeft(1 / 5)).toBe(3);
		jest.setSystemTime(NOW + 1_900_000);
		expect(budget.upkeepLeft(1 / 5)).toBe(114);
	});

	test('shrinks with each request, and recovers before the next hourly check, even if that is early', async () => {
		const budget = await budgetThatSaw(answer(600, 500, 1800));
		for (let request = 0; request < 100; request += 1) budget.countUpkeep();
		expect(budget.upkeepLeft(1 / 5)).toBe(14);
		for (let request = 0; request < 50; request += 1) budget.countUpkeep();
		expect(budget.upkeepLeft(1 / 5)).toBe(0);
		jest.setSystemTime(NOW + 3_599_000);
		expect(budget.upkeepLeft(1 / 5)).toBe(114);
	});
});
