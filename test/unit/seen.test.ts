import { SeenEvents } from '../../nodes/Procore/dedupe/seen';

describe('SeenEvents', () => {
	it('knows what it has seen, until it is taken back', () => {
		const seen = new SeenEvents();
		expect(seen.add('a')).toBe(true);
		expect(seen.add('a')).toBe(false);
		seen.remove('a');
		expect(seen.add('a')).toBe(true);
	});

	it('is bounded, and knows at least the later half of it', () => {
		const seen = new SeenEvents(100);
		const keys = Array.from({ length: 1000 }, (_, index) => `key ${index}`);
		for (const [index, key] of keys.entries()) {
			seen.add(key);
			expect(seen.size).toBeLessThanOrEqual(100);
			const later = keys.slice(Math.max(0, index - 49), index + 1);
			expect(later.filter((recent) => !seen.has(recent))).toEqual([]);
		}
		expect(seen.add('key 0')).toBe(true);
	});
});
