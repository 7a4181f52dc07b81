/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';

import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';
import { LINK_FIELDS } from '../../nodes/Procore/record/links';
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

	test('says for each resource that Get and Get Files fail alike', () => {
		const lines = guide.split('\n').filter((line) => line.includes('an error that says what else'));
		expect(lines).not.toEqual([]);
		for (const line of lines) {
			const [, , , get, getFiles] = line.split('|').map((cell) => cell.trim());
			expect(getFiles).toBe(get);
		}
	});

	test.each(Object.keys(LINK_FIELDS))(
		'leads from %s to the record that contains its link',
		(name) => {
			const line = guide.split('\n').find((row) => row.split('|')[2]?.trim() === name);
			expect(line).toMatch(/\| the record +\|$/);
		},
	);

	test.each([
		'| RFIs | RFI Replies | an error that says what else to do | an error that says what else to do | the home page |',
		'| Photos | Images | the record | the file itself | the home page |',
		'| Correspondence | Generic Tool Items | the record | `attachments` | the record |',
		'| RFIs | RFIs | the record | `questions.attachments`, `questions.answers.attachments`, the PDF of the record | the record |',
		'| Models | BIM Models | the record | `current_revision.published_model` | the record |',
	])('contains %s', (row) => {
		expect(unaligned(guide)).toContain(row);
	});
});
