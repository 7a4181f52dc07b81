import { parseJson } from '../../nodes/Procore/model/json';
import { currentRevision, rowsOf, shownRecord, unwrap } from '../../nodes/Procore/record/body';

describe('the body of a record', () => {
	test('is the record itself in v1.x', () => {
		expect(shownRecord({ id: 1, subject: 'x' })).toEqual({ id: 1, subject: 'x' });
	});

	test('is unwrapped in v2.x', () => {
		expect(shownRecord({ data: { id: '1', title: 'x' } })).toEqual({ id: '1', title: 'x' });
	});

	test('keeps a field of the record named data', () => {
		const record = { id: 1, data: { a: 1 } };
		expect(shownRecord(record)).toEqual(record);
	});

	test.each([[[]], ['text'], [null], [{ data: null }], [{ data: [] }]])(
		'contains no record if it is %j',
		(body) => {
			expect(shownRecord(body)?.id).toBeUndefined();
		},
	);
});

describe('the rows of a list', () => {
	test('are found by id, as a number or as text, with every digit', () => {
		const rows = unwrap(
			parseJson('{"data":[{"id":598134325900999001},{"id":"598134325900999001"},{"id":7}]}') ??
				null,
		);
		expect(rowsOf(rows, 'id', '598134325900999001')).toHaveLength(2);
		expect(rowsOf(rows, 'id', '598134325900999000')).toEqual([]);
		expect(rowsOf(rows, 'id', '7')).toEqual([{ id: 7 }]);
		expect(rowsOf(null, 'id', '7')).toEqual([]);
	});

	test('are found inside the rows if they are part of them', () => {
		const rows = [
			{ id: 7, change_items: [{ id: 1 }, { id: 2, event_id: 7 }] },
			{ id: 2 },
			{ id: 9, change_items: 'none' },
		];
		expect(rowsOf(rows, 'id', '2', 'change_items')).toEqual([{ id: 2, event_id: 7 }]);
	});

	test('of revisions are found by what they revise, and the current one counts', () => {
		const rows = rowsOf(
			[
				{ id: 1, drawing_id: 9, current: false },
				{ id: 2, drawing_id: 9, current: true },
				{ id: 3, drawing_id: 8, current: true },
			],
			'drawing_id',
			'9',
		);
		expect(currentRevision(rows)).toMatchObject({ id: 2 });
		expect(currentRevision([{ id: 4 }])).toEqual({ id: 4 });
		expect(currentRevision([{ id: 4 }, { id: 5 }])).toBeUndefined();
	});
});
