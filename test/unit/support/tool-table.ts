/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	FILE_FIELDS,
	PDF_ENDPOINTS,
	type FileField,
} from '../../../nodes/Procore/record/file-fields';
import { LINK_FIELDS, RECORD_PAGES } from '../../../nodes/Procore/record/links';
import { planRequest } from '../../../nodes/Procore/record/request';
import { listAt, requireText } from '../../harness/json';
import { repositoryRoot } from '../../harness/paths';

/** The page that contains the table, and the comments around it. */
export const GUIDE = join(repositoryRoot, 'docs', 'guide.md');
const [START, END] = ['<!-- tools:start -->', '<!-- tools:end -->'];

interface Resource {
	readonly name: string;
	/** The name of the tool in Procore. */
	readonly tool: string;
}

/** The resources of Procore's own list of webhook events, with their tools. */
export function resourcesOfTools(): Resource[] {
	const catalogue: unknown = JSON.parse(
		readFileSync(join(repositoryRoot, 'emulator', 'catalogue.json'), 'utf8'),
	);
	return listAt(catalogue).map((row) => ({
		name: requireText('A resource', row, 'name'),
		tool: requireText('A resource', row, 'tool'),
	}));
}

/** What reading the record takes or results in, for an event without related resources; empty if it simply works. */
function howReadingGoes(resourceName: string): '' | 'withV3' | 'error' {
	const ids = { recordId: '1', companyId: '2', projectId: '3', relatedResources: [] };
	const plan = planRequest({ resourceName, ...ids });
	if (plan.ok) return '';
	return plan.message.includes('V3.0') ? 'withV3' : 'error';
}

const ERROR = 'an error that says what else to do';

function withV3(returned: string): string {
	return `${returned}, with Payload Version V3.0 in the trigger`;
}

function whatGetReturns(name: string): string {
	const reading = howReadingGoes(name);
	if (reading === 'error') return ERROR;
	return reading === 'withV3' ? withV3('the record') : 'the record';
}

function fileWords({ path, isVersioned }: FileField): string {
	if (isVersioned) return 'the newest version of the file';
	return path === '' ? 'the file itself' : `\`${path}\``;
}

/** What Record: Get Files returns: it reads the record as Record: Get does, and fails like it. */
function whatGetFilesReturns(name: string): string {
	const reading = howReadingGoes(name);
	if (reading === 'error') return ERROR;
	const fields = Object.hasOwn(FILE_FIELDS, name) ? (FILE_FIELDS[name] ?? []) : [];
	const files = fields.map(fileWords);
	if (Object.hasOwn(PDF_ENDPOINTS, name)) files.push('the PDF of the record');
	if (files.length === 0) return '–';
	return reading === 'withV3' ? withV3(files.join(', ')) : files.join(', ');
}

/** Where the link of Add Names and Link leads to. */
function whereLinkLeads(name: string): string {
	if (Object.hasOwn(LINK_FIELDS, name)) return 'the record';
	const page = Object.hasOwn(RECORD_PAGES, name) ? RECORD_PAGES[name] : undefined;
	if (page === undefined) return 'the home page';
	return page.shows === 'record' ? 'the record' : 'the tool';
}

/** The rows of the table: for each tool, the events that have the same results. */
function rows(): string[][] {
	const groups = new Map<string, { cells: string[]; names: string[] }>();
	for (const { name, tool } of resourcesOfTools()) {
		const cells = [whatGetReturns(name), whatGetFilesReturns(name), whereLinkLeads(name)];
		const key = JSON.stringify([tool, ...cells]);
		const group = groups.get(key) ?? { cells: [tool, ...cells], names: [] };
		group.names.push(name);
		groups.set(key, group);
	}
	return [...groups.values()]
		.map(({ cells: [tool = '', ...others], names }) => [tool, names.join(', '), ...others])
		.sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
}

/** Returns the text of the guide with the table as it should be. Columns are not aligned. */
export function withTable(guide: string): string {
	const [before, after] = [guide.indexOf(START), guide.indexOf(END)];
	if (before === -1 || after < before) throw new Error(`${GUIDE} has no ${START} ... ${END}`);
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const head = ['Tool in Procore', 'Events', 'Record: Get', 'Record: Get Files', 'Link leads to'];
	const table = [line(head), line(head.map(() => '---')), ...rows().map(line)].join('\n');
	return `${guide.slice(0, before)}${START}\n\n${table}\n\n${guide.slice(after)}`;
}

/** Returns a text without what formatting changes in a table. */
export function unaligned(markdown: string): string {
	return markdown.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');
}
