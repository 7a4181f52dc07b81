import { SeenEvents } from '../../nodes/Procore/event/seen';

describe('SeenEvents', () => {
	it('knows what it has seen, until it is taken back', () => {
		const seen = new SeenEvents();
		expect(seen.add('a')).toBe(true);
		expect(seen.add('a')).toBe(false);
		seen.remove('a');
		expect(seen.add('a')).toBe(true);
	});

	it('is bounded and drops the oldest', () => {
		const seen = new SeenEvents(3);
		for (const key of ['a', 'b', 'c', 'd']) seen.add(key);
		expect(seen.size).toBe(3);
		expect(seen.add('d')).toBe(false);
		expect(seen.add('a')).toBe(true);
	});
});
