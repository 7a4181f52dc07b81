/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSUMPTIONS, assumption, isAssumptionId } from '../../contract/assumptions';
import { assumptionsPage } from '../../contract/assumptions-page';
import {
	commentsOf,
	idsIn,
	isUnmarkedDoubt,
	readmeRows,
	remarksIn,
	usesIn,
} from '../../contract/markers';
import { repositoryRoot } from '../../harness/paths';

const comments = remarksIn(repositoryRoot);
const rows = readmeRows(repositoryRoot);

function place({ file, line }: { file: string; line: number }): string {
	return `${file}:${line}`;
}

describe('the list of assumptions', () => {
	test('has each id once', () => {
		const ids = ASSUMPTIONS.map(({ id }) => id);
		expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
		expect(ids.length).toBeGreaterThan(100);
	});

	test('says of each one what it is, where it comes from, and what happens if it is wrong', () => {
		for (const { id, assumes, source, ifWrong } of ASSUMPTIONS) {
			expect([id, assumes]).toEqual([id, expect.stringMatching(/^\S.+\.$/)]);
			expect([id, ifWrong]).toEqual([id, expect.stringMatching(/^\S.+\.$/)]);
			expect([id, source]).toEqual([id, expect.stringMatching(/^(?:guess|documented \(|clients)/)]);
			expect(assumption(id).assumes).toBe(assumes);
		}
	});

	test('has no id that no comment and no row of the README of the emulator names', () => {
		const uses = usesIn(repositoryRoot);
		expect(ASSUMPTIONS.map(({ id }) => id).filter((id) => !uses.has(id))).toEqual([]);
	});

	test('has none that matters to the product and that no comment of the product names', () => {
		const uses = usesIn(repositoryRoot);
		const isInProduct = (file: string) => /^(?:nodes|credentials)\//.test(file);
		const unused = ASSUMPTIONS.filter(
			({ id, ifWrong }) => !/^Nothing\b/.test(ifWrong) && !uses.get(id)?.some(isInProduct),
		);
		expect(unused.map(({ id }) => id)).toEqual([]);
	});
});

describe('docs/assumptions.md', () => {
	/** The lines, without the widths of the columns, which the formatter sets. */
	const linesOf = (page: string) =>
		page.split('\n').map((line) => line.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim());

	test('is what "npm run assumptions" writes', () => {
		const written = linesOf(readFileSync(join(repositoryRoot, 'docs', 'assumptions.md'), 'utf8'));
		const wanted = linesOf(assumptionsPage(usesIn(repositoryRoot)));
		expect(wanted.filter((line) => !written.includes(line))).toEqual([]);
		expect(written.filter((line) => !wanted.includes(line))).toEqual([]);
	});
});

describe('the comments of the package and of the emulator', () => {
	test('name only assumptions that are in the list', () => {
		const unknown = [...comments, ...rows].flatMap((remark) =>
			idsIn(remark)
				.filter((id) => !isAssumptionId(id))
				.map((id) => `${place(remark)} ${id}`),
		);
		expect(unknown).toEqual([]);
	});

	test('name an assumption wherever they tell what Procore documents, or does not', () => {
		expect(comments.length).toBeGreaterThan(500);
		expect(comments.filter(isUnmarkedDoubt).map(place)).toEqual([]);
	});

	test('and the README of the emulator names one for each behavior', () => {
		expect(rows.length).toBeGreaterThan(50);
		expect(rows.filter((row) => idsIn(row).length === 0).map(place)).toEqual([]);
	});
});

describe('the search for comments', () => {
	const SOURCE = [
		'/** The order is not',
		' * documented. */',
		'const order = 1; // a guess',
		'',
		'// Procore publishes',
		'// no number [BULK-LIMIT].',
		'const text = "not a comment, but documented";',
	].join('\n');

	test('joins the lines of a comment and skips code', () => {
		expect(commentsOf('a.ts', SOURCE).map(({ line, text }) => [line, text])).toEqual([
			[1, 'The order is not documented.'],
			[3, 'a guess'],
			[5, 'Procore publishes no number [BULK-LIMIT].'],
		]);
	});

	test('finds a doubt without an id, and none with one', () => {
		const found = commentsOf('a.ts', SOURCE).filter(isUnmarkedDoubt);
		expect(found.map(({ line }) => line)).toEqual([1, 3]);
	});

	test.each([
		'Documented for v1.0 only.',
		"Procore's pages do not document it.",
		'Assumes that the list is complete.',
		'It is unknown when it is set.',
		'It is not known whether Procore sends it twice.',
		'Nobody knows what makes Procore send it.',
		'Null if Procore does not tell.',
	])('takes "%s" for a doubt about Procore, unless it names an assumption', (text) => {
		const remark = { file: 'a.ts', line: 1, text };
		expect(isUnmarkedDoubt(remark)).toBe(true);
		expect(isUnmarkedDoubt({ ...remark, text: `${text} [BULK-LIMIT]` })).toBe(false);
	});

	test.each([
		'Undefined if the id is unknown. Procore sends it.',
		'The safety check runs when the outcome of a request is unknown.',
		'The label of Document Uploads.',
		'Reads it first if that is not known yet.',
	])('does not take "%s" for one', (text) => {
		expect(isUnmarkedDoubt({ file: 'a.ts', line: 1, text })).toBe(false);
	});
});
