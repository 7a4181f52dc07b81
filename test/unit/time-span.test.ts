import { divide, isInside, rangeOf } from '../../nodes/Procore/record/time-span';

const at = (text: string) => Date.parse(text);
const SPAN = { from: at('2026-11-20T08:00:00Z'), to: at('2026-11-20T12:00:00Z') };

describe('a span of time', () => {
	test('is widened to whole seconds for the filter', () => {
		expect(rangeOf(SPAN)).toBe('2026-11-20T08:00:00Z...2026-11-20T12:00:00Z');
		expect(
			rangeOf({ from: at('2026-11-20T08:00:00.900Z'), to: at('2026-11-20T12:00:00.100Z') }),
		).toBe('2026-11-20T08:00:00Z...2026-11-20T12:00:01Z');
	});

	test('contains both ends, and a time that was rounded down to the second of its start', () => {
		const span = { from: at('2026-11-20T08:00:00.900Z'), to: at('2026-11-20T12:00:00Z') };
		expect(isInside(at('2026-11-20T08:00:00Z'), span)).toBe(true);
		expect(isInside(at('2026-11-20T12:00:00Z'), span)).toBe(true);
		expect(isInside(at('2026-11-20T07:59:59Z'), span)).toBe(false);
		expect(isInside(at('2026-11-20T12:00:01Z'), span)).toBe(false);
		expect(isInside(NaN, span)).toBe(false);
	});

	test('is divided at whole seconds that neighbors share', () => {
		const parts = divide(SPAN, 4, SPAN.to);
		expect(parts.map(({ from }) => from)).toEqual(
			['08', '09', '10', '11'].map((hour) => at(`2026-11-20T${hour}:00:00Z`)),
		);
		for (const [index, { to }] of parts.entries()) {
			expect(to).toBe(parts[index + 1]?.from ?? SPAN.to);
		}
	});

	test('is divided before the present, although it reaches further', () => {
		const now = at('2026-11-20T08:00:40Z');
		const parts = divide(SPAN, 4, now);
		expect(parts.map(({ from }) => (from - SPAN.from) / 1000)).toEqual([0, 10, 20, 30]);
		expect(parts.at(-1)?.to).toBe(SPAN.to);
	});

	test('is divided at least once, however it lies to the present, until it is a second long', () => {
		for (const now of [SPAN.from - 90_000, SPAN.from, SPAN.from + 500, SPAN.from + 2001]) {
			expect(divide(SPAN, 2, now).length).toBe(2);
		}
		const second = { from: SPAN.from, to: SPAN.from + 1000 };
		expect(divide(second, 64, SPAN.to)).toEqual([second]);
		const instant = { from: SPAN.from, to: SPAN.from };
		expect(divide(instant, 64, SPAN.to)).toEqual([instant]);
	});
});
