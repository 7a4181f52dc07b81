import { sentTestItem } from '../../nodes/Procore/hook/test-event';

describe('the item that a node sends to its own test URL', () => {
	const item = { resource_name: 'RFIs', source: 'sample' };
	const body = { n8nProcoreTestEvent: item };

	test('is read while the editor listens', () => {
		expect(sentTestItem({ getMode: () => 'manual' }, body)).toEqual(item);
	});

	test('is not read in production, whatever secret it comes with', () => {
		expect(sentTestItem({ getMode: () => 'webhook' }, body)).toBeUndefined();
	});

	test.each([{}, { n8nProcoreTestEvent: null }, { n8nProcoreTestEvent: [item] }])(
		'is not read from %j',
		(other) => {
			expect(sentTestItem({ getMode: () => 'manual' }, other)).toBeUndefined();
		},
	);
});
