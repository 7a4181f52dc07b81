import { writeOnce } from '../../nodes/Procore/hook/write-once';
import { LOST, refused } from './support/node';

describe('writeOnce', () => {
	/** A write with the given outcomes, and a read that finds nothing until the given number of reads. */
	function setUp(outcomes: Array<() => string>, foundAfter = Infinity) {
		let reads = 0;
		const write = jest.fn(async () => await Promise.resolve().then(outcomes.shift() ?? LOST_WRITE));
		const read = jest.fn(async () => {
			reads += 1;
			return await Promise.resolve(reads >= foundAfter ? 'found' : undefined);
		});
		return { write, read };
	}

	const LOST_WRITE = (): string => {
		throw LOST();
	};
	const REFUSED_WRITE = (): string => {
		throw refused(409, 'taken');
	};

	test('returns the answer without a read', async () => {
		const { write, read } = setUp([() => 'written']);
		expect(await writeOnce(write, read)).toMatchObject({ value: 'written', isAnswered: true });
		expect(read).not.toHaveBeenCalled();
	});

	test('does not send the write again if the first one took effect', async () => {
		const { write, read } = setUp([LOST_WRITE], 1);
		const { value, isAnswered, wasLost } = await writeOnce(write, read);
		expect([value, isAnswered, wasLost]).toEqual(['found', false, true]);
		expect(write).toHaveBeenCalledTimes(1);
	});

	test('sends the write again if the first one had no effect', async () => {
		const { write, read } = setUp([LOST_WRITE, () => 'written']);
		expect(await writeOnce(write, read)).toMatchObject({ value: 'written', wasLost: true });
		expect(write).toHaveBeenCalledTimes(2);
	});

	test('fails after three lost answers', async () => {
		const { write, read } = setUp([]);
		await expect(writeOnce(write, read)).rejects.toThrow('did not respond');
		expect(write).toHaveBeenCalledTimes(3);
	});

	test('throws a refusal without a read', async () => {
		const { write, read } = setUp([REFUSED_WRITE]);
		await expect(writeOnce(write, read)).rejects.toThrow('taken');
		expect(read).not.toHaveBeenCalled();
	});

	test('reads what is there if a refusal means that another process was first', async () => {
		const { write, read } = setUp([REFUSED_WRITE], 1);
		const { value, wasLost } = await writeOnce(write, read, () => true);
		expect([value, wasLost]).toEqual(['found', false]);
	});

	test('throws such a refusal if nothing is there', async () => {
		const { write, read } = setUp([REFUSED_WRITE]);
		await expect(writeOnce(write, read, () => true)).rejects.toThrow('taken');
		expect(write).toHaveBeenCalledTimes(1);
	});
});
