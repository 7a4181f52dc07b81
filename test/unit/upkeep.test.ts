import { Upkeep } from '../../nodes/Procore/hook/upkeep';

/** An upkeep with so many requests left for checks, and six times as many in all. */
function upkeepWith(left: number, requestsPerCheck = 2, guaranteed = 0): Upkeep {
	return new Upkeep(
		{
			transport: {
				upkeepLeft: (_companyId, share) => Math.floor(left * share * 6),
				hourlyShare: (_companyId, share) => left * share * 6,
			},
			webhooks: { requestsPerCheck },
		},
		'9',
		guaranteed,
	);
}

describe('Upkeep', () => {
	test('runs a check while there are requests for it', async () => {
		expect(await upkeepWith(2).run('check', async () => await Promise.resolve('done'))).toBe(
			'done',
		);
		expect(
			await upkeepWith(1).run('check', async () => await Promise.resolve('done')),
		).toBeUndefined();
		expect(
			await upkeepWith(3, 4).run('check', async () => await Promise.resolve('done')),
		).toBeUndefined();
	});

	test('gives a set-up a larger part of the limit than a check', () => {
		const upkeep = upkeepWith(1.6);
		expect(upkeep.hasRoomFor('check')).toBe(false);
		expect(upkeep.hasRoomFor('setUp')).toBe(true);
	});

	test('leaves something for the comparison of records if hooks have used up their part', () => {
		const upkeep = upkeepWith(1);
		expect(upkeep.hasRoomFor('check')).toBe(false);
		expect(upkeep.hasRoomFor('reconcile')).toBe(true);
		expect(upkeepWith(0).hasRoomFor('reconcile')).toBe(false);
	});

	test('runs the guaranteed number of tasks with what ordinary ones leave of a fifth', async () => {
		const upkeep = upkeepWith(1.7, 2, 2);
		const run = async () => await upkeep.run('check', async () => await Promise.resolve('done'));
		expect([await run(), await run(), await run()]).toEqual(['done', 'done', undefined]);
		const usedUp = upkeepWith(1.6, 2, 2);
		expect(usedUp.hasRoomFor('check')).toBe(false);
	});

	test('counts what running work might still send, and frees it when that ends or fails', async () => {
		const upkeep = upkeepWith(3);
		let fail: (reason: Error) => void = () => undefined;
		const running = upkeep.run(
			'check',
			async () => await new Promise((_resolve, reject) => (fail = reject)),
		);
		expect(upkeep.hasRoomFor('check')).toBe(false);
		fail(new Error('down'));
		await expect(running).rejects.toThrow('down');
		expect(upkeep.hasRoomFor('check')).toBe(true);
	});

	test.each([
		[1, 120, 1],
		[60, 120, 1],
		[61, 120, 2],
		[500, 120, 9],
	])('checks %s hooks once with %s requests an hour in %s hours', (hooks, requests, hours) => {
		expect(upkeepWith(requests).hoursForRound(hooks)).toBe(hours);
	});
});
