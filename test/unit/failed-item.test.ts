import { failedItem } from '../../nodes/Procore/actions/failed-item';
import { LOST, refused } from './support/node';

describe('the item of a failure', () => {
	test('keeps the HTTP status and whether Procore rejected the request', () => {
		expect(failedItem(refused(403, 'Forbidden'), 2, false)).toEqual({
			json: {
				error: expect.stringContaining('403'),
				details: { httpCode: '403', code: 'refused' },
			},
			pairedItem: { item: 2 },
		});
		expect(failedItem(LOST(), 0, false).json.details).toEqual({ httpCode: null, code: 'unknown' });
	});

	test('keeps the code of any other error, or its name', () => {
		const reset = Object.assign(new Error('broken'), { code: 'ECONNRESET' });
		expect(failedItem(reset, 0, false).json.details).toMatchObject({ code: 'ECONNRESET' });
		expect(failedItem(new TypeError('x'), 0, false).json.details).toMatchObject({
			code: 'TypeError',
		});
	});

	test('gives n8n the error for an error output and omits it from copies', () => {
		const error = refused(404, 'Not found');
		const item = failedItem(error, 0, true);
		expect(item.error).toBe(error);
		expect({ ...item }).not.toHaveProperty('error');
	});
});
