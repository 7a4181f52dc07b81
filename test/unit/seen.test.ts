import { SeenEvents } from '../../nodes/Procore/dedupe/seen';

describe('SeenEvents', () => {
	test('recognizes what it has seen until it is removed', () => {
		const seen = new SeenEvents();
		expect(seen.add('a')).toBe(true);
		expect(seen.add('a')).toBe(false);
		seen.remove('a');
		expect(seen.add('a')).toBe(true);
	});

	test('is bounded and recognizes at least the newer half', () => {
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

	describe('with the response to a delivery', () => {
		/** A response that n8n or Procore can end. */
		class Response {
			statusCode = 200;
			writableEnded = false;
			private closed: () => void = () => undefined;
			once(_event: 'close', listener: () => void) {
				this.closed = listener;
			}
			end(statusCode: number) {
				this.statusCode = statusCode;
				this.writableEnded = true;
			}
			close() {
				this.closed();
			}
		}

		const deliver = (seen: SeenEvents) => {
			const response = new Response();
			return { response, isFirst: seen.receive('a', response) };
		};

		test('recognizes a second delivery as a duplicate', () => {
			const seen = new SeenEvents();
			const first = deliver(seen);
			first.response.end(200);
			first.response.close();
			expect([first.isFirst, deliver(seen).isFirst]).toEqual([true, false]);
		});

		test('recognizes a duplicate while n8n has not answered the delivery that Procore gave up', () => {
			const seen = new SeenEvents();
			const first = deliver(seen);
			first.response.close();
			expect(deliver(seen).isFirst).toBe(false);
			first.response.end(200);
			expect(deliver(seen).isFirst).toBe(false);
		});

		test.each(['before', 'after'])(
			'accepts the next delivery if n8n failed %s Procore closed the connection',
			(when) => {
				const seen = new SeenEvents();
				const { response } = deliver(seen);
				if (when === 'after') response.close();
				response.end(500);
				if (when === 'before') response.close();
				expect(deliver(seen).isFirst).toBe(true);
			},
		);
	});
});
