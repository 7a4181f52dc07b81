/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';

import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';
import { GUIDE, resourcesOfTools, unaligned, withTable } from './support/tool-table';

// Set by `npm run tools`.
if (process.env.WRITE_TOOL_TABLE === '1') {
	writeFileSync(GUIDE, withTable(readFileSync(GUIDE, 'utf8')));
}

describe('the table of tools in the guide', () => {
	const guide = readFileSync(GUIDE, 'utf8');

	test('is what the catalog says ("npm run tools" writes it)', () => {
		expect(unaligned(guide)).toBe(unaligned(withTable(guide)));
	});

	test('names every resource once', () => {
		expect(
			resourcesOfTools()
				.map(({ name }) => name)
				.sort(),
		).toEqual(Object.keys(ENDPOINTS).sort());
	});

	test.each([
		'| Photos | Images | the record | the file itself | the home page |',
		'| Correspondence | Generic Tool Items | the record | `attachments` | the record |',
		'| RFIs | RFIs | the record | `questions.attachments`, `questions.answers.attachments`, the PDF of the record | the record |',
	])('contains %s', (row) => {
		expect(unaligned(guide)).toContain(row);
	});
});
