import { listFailures } from '../../nodes/Procore/hook/per-scope';

function failures(count: number) {
	return Array.from({ length: count }, (_, index) => ({
		scope: { kind: 'project', companyId: '4501177', projectId: `${902000 + index}` } as const,
		failure: new Error('Ran out of time.'),
	}));
}

describe('the failures in a message', () => {
	test('are all named if they are few', () => {
		expect(listFailures(failures(2))).toBe(
			'project 902000: Ran out of time. project 902001: Ran out of time.',
		);
	});

	test('are summarized by count when there are hundreds', () => {
		const message = listFailures(failures(492));
		expect(message).toMatch(/project 902009: Ran out of time\. And 482 more\.$/);
		expect(message.length).toBeLessThan(500);
	});
});
