import type { INodePropertyOptions } from 'n8n-workflow';

import type { Directory } from '../api/directory';
import { extractId } from '../model/id';
import type { Project } from '../model/directory';
import { text } from '../model/json';
import type { Read } from '../model/read';

type Row = Read<Project>;

/** The end of a label that tells equal names apart. */
const ID_AT_END = / \(ID (\d{1,64})\)$/;

function isPart(part: string, ...words: string[]): boolean {
	return words.some((word) => word.toLowerCase().includes(part.toLowerCase()));
}

/** A project as Procore's own pages show it: its number, then its name. */
function shownName({ model, raw }: Row): string {
	const number = text(raw.project_number);
	if (number === '' || model.display_name.includes(number)) return model.display_name;
	return `${number} - ${model.name}`;
}

/**
 * Labels projects for a list of choices.
 *
 * @param isWhole whether the rows are all there are. If not, one without a number carries its id, since the search or the page
 * may have left out another of the same name; if so, equal names do.
 */
export function projectChoices(rows: readonly Row[], isWhole = true): INodePropertyOptions[] {
	const counts = new Map<string, number>();
	for (const row of rows) counts.set(shownName(row), (counts.get(shownName(row)) ?? 0) + 1);
	return rows.map((row) => {
		const name = shownName(row);
		const isAmbiguous =
			(counts.get(name) ?? 0) > 1 || (!isWhole && text(row.raw.project_number) === '');
		return { name: isAmbiguous ? `${name} (ID ${row.model.id})` : name, value: row.model.id };
	});
}

/** What to look for; text that is left out is not looked for. */
interface Plan {
	readonly id?: string;
	readonly number?: string;
	readonly name?: string;
}

/** Reads what somebody typed: a name, a number, an id, an address of Procore's, or a whole label of the list. */
function planSearch(typed: string): Plan {
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

/** The number of the page, then the ids of what the first page showed besides its rows by name. */
function readToken(token: string | undefined): { page: number; shown: string[] } {
	const [page = '1', ...shown] = (token ?? '1').split(',');
	return { page: Number(page), shown };
}

/**
 * Finds active projects by name, number or id, a page at a time: Procore filters, in requests side by side, and what it
 * gives is compared with what was typed. A project found by its id comes first, then those by number, then those by name.
 *
 * @param typed empty for all projects.
 * @param token of the page before; undefined for the first one.
 */
export async function findProjects(
	directory: Directory,
	companyId: string,
	typed: string,
	token: string | undefined,
): Promise<SearchPage> {
	const { page, shown } = readToken(token);
	const plan: Plan = typed === '' ? { name: '' } : planSearch(typed);
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
	const { id, number, name } = plan;
	const isFirst = page === 1;
	const [byId, byNumber, byName] = await Promise.all([
		isFirst && id !== undefined ? directory.findProject(companyId, id) : undefined,
		isFirst && number !== undefined && number !== '' ? readPage({ number }) : undefined,
		name === undefined ? undefined : readPage(name === '' ? {} : { name }, page),
	]);
	const isWanted = (row: Row) =>
		row.model.id === id ||
		isPart(typed, shownName(row), row.model.name, text(row.raw.project_number));
	const first = [...(byId ? [byId] : []), ...(byNumber?.projects ?? []).filter(isWanted)];
	const rows = new Map<string, Row>();
	for (const row of [...first, ...(byName?.projects ?? []).filter(isWanted)]) {
		if (!shown.includes(row.model.id) && !rows.has(row.model.id)) rows.set(row.model.id, row);
	}
	const isLast = byName?.isLast ?? true;
	const next = [page + 1, ...shown, ...new Set(first.map(({ model }) => model.id))];
	return {
		results: projectChoices([...rows.values()], typed === '' && isFirst && isLast),
		...(isLast ? {} : { paginationToken: next.join(',') }),
	};
}
