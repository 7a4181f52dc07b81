import { SAMPLE_RECORDS } from '../../emulator/sample-files';
import { byId, COMPANY, PROJECT, useN8n } from './harness';

describe('An emulator with sample files', () => {
	const n8n = useN8n({ sampleFiles: true });

	test.each([
		['RFIs', ['C4 detail.pdf', 'Anchor bolts.jpg', 'Answer.pdf']],
		['Images', ['IMG_0412.jpg']],
		['Project Files', ['Specs.pdf']],
		['Drawings', ['A-101 Ground Floor.pdf']],
	])(
		'lets Get Files return something for the record of %s that is there, and for a new one',
		async (resourceName, names) => {
			const resourceId = '7001';
			await n8n.control.change({
				...{ companyId: COMPANY, projectId: PROJECT },
				...{ resourceName, resourceId, eventType: 'create' },
			});
			for (const recordId of [SAMPLE_RECORDS[resourceName] ?? '', resourceId]) {
				const { items, error } = await n8n.run({
					...{ resource: 'record', operation: 'getFiles', resourceName, recordId },
					...{ companyId: byId(COMPANY), projectId: byId(PROJECT) },
				});
				expect(error).toBeUndefined();
				expect(items.map(({ json }) => [json.file_name, json.skipped])).toEqual(
					names.map((name) => [name, null]),
				);
				expect(items.every(({ binary }) => binary?.data !== undefined)).toBe(true);
			}
		},
	);
});
