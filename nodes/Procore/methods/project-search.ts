import type { INodePropertyOptions } from 'n8n-workflow';

import type { Directory } from '../api/directory';
import { extractId } from '../model/id';
import type { Project } from '../model/directory';
import { text } from '../model/json';
import type { Read } from '../model/read';

type Row = Read<Project>;

/** The end of a label that distinguishes projects with the same name. */
const ID_AT_END = / \(ID (\d{1,64})\)$/;

function isPart(part: string, ...texts: string[]): boolean {
	return texts.some((text) => text.toLowerCase().includes(part.toLowerCase()));
}

/** Returns the project number and the name, as in Procore's own pages. */
function labelOf({ model, raw }: Row): string {
	const number = text(raw.project_number);
	if (number === '' || model.display_name.includes(number)) return model.display_name;
	return `${number} - ${model.name}`;
}

/**
 * Converts projects to options. Adds the id to names that occur more than once.
 *
 * @param isWhole whether these are all projects. If not, adds the id to every project without a number, because another one
 *   can have the same name.
 */
export function projectOptions(rows: readonly Row[], isWhole = true): INodePropertyOptions[] {
	const counts = new Map<string, number>();
	for (const row of rows) counts.set(labelOf(row), (counts.get(labelOf(row)) ?? 0) + 1);
	return rows.map((row) => {
		const name = labelOf(row);
		const isAmbiguous =
			(counts.get(name) ?? 0) > 1 || (!isWhole && text(row.raw.project_number) === '');
		return { name: isAmbiguous ? `${name} (ID ${row.model.id})` : name, value: row.model.id };
	});
}

/** What to search for. */
interface SearchTerms {
	readonly id?: string;
	readonly number?: string;
	readonly name?: string;
}

/** Reads the search text: a name, a number, an id, a Procore URL, or a label from the list. */
function parseSearch(typed: string): SearchTerms {
	const id = ID_AT_END.exec(typed)?.[1];
	if (id !== undefined) return { id };
	const named = extractId(typed, 'project');
	if (named !== typed) return { id: named };
	const dash = typed.indexOf(' - ');
	const parts =
		dash === -1
			? { number: typed, name: typed }
			: { number: typed.slice(0, dash).trim(), name: typed.slice(dash + 3).trim() };
	return { ...parts, ...(/^\d+$/.test(typed) ? { id: typed } : {}) };
}

interface SearchPage {
	readonly results: INodePropertyOptions[];
	readonly paginationToken?: string;
}

/** Reads a pagination token: the page number, then the ids that the first page contained in addition to its rows by name. */
function readToken(token: string | undefined): { page: number; shown: string[] } {
	const [page = '1', ...shown] = (token ?? '1').split(',');
	return { page: Number(page), shown };
}

/**
 * Finds active projects by name, number or id, page by page. Procore filters, with one request for each kind, and the results
 * are filtered again. A match by id comes first, then matches by number, then matches by name.
 *
 * @param typed empty for all projects.
 * @param token of the previous page; undefined for the first page.
 */
export async function findProjects(
	directory: Directory,
	companyId: string,
	typed: string,
	token: string | undefined,
): Promise<SearchPage> {
	const { page, shown } = readToken(token);
	const terms: SearchTerms = typed === '' ? { name: '' } : parseSearch(typed);
	const readPage = async (search: { name?: string; number?: string }, firstPage = 1) => {
		for await (const read of directory.projects(companyId, {
			...search,
			firstPage,
			view: 'normal',
		})) {
			return read;
		}
		return { projects: [], isLast: true };
	};
	const { id, number, name } = terms;
	const isFirst = page === 1;
	const [byId, byNumber, byName] = await Promise.all([
		isFirst && id !== undefined ? directory.findProject(companyId, id) : undefined,
		isFirst && number !== undefined && number !== '' ? readPage({ number }) : undefined,
		name === undefined ? undefined : readPage(name === '' ? {} : { name }, page),
	]);
	const isWanted = (row: Row) =>
		row.model.id === id ||
		isPart(typed, labelOf(row), row.model.name, text(row.raw.project_number));
	const first = [...(byId ? [byId] : []), ...(byNumber?.projects ?? []).filter(isWanted)];
	const rows = new Map<string, Row>();
	for (const row of [...first, ...(byName?.projects ?? []).filter(isWanted)]) {
		if (!shown.includes(row.model.id) && !rows.has(row.model.id)) rows.set(row.model.id, row);
	}
	const isLast = byName?.isLast ?? true;
	const next = [page + 1, ...shown, ...new Set(first.map(({ model }) => model.id))];
	return {
		results: projectOptions([...rows.values()], typed === '' && isFirst && isLast),
		...(isLast ? {} : { paginationToken: next.join(',') }),
	};
}
