import type { Directory } from '../api/directory';
import { explainInvalidId, extractId, type IdKind } from '../model/id';

/** Candidates that a message lists. */
const MAX_CANDIDATES = 10;

/** A company or project whose name was compared. */
export interface Named {
	readonly id: string;
	/** All names of it, for example with and without the project number. */
	readonly names: readonly string[];
}

/** The result of a search: the only one that fits, or why there is none. */
export type Found =
	{ readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string };

/**
 * Whether a text is a name instead of an id. A name has letters; an id has a digit, and neither spaces nor most punctuation.
 */
export function isName(typed: string, kind: IdKind): boolean {
	const id = extractId(typed, kind);
	if (!/\p{L}{2}/u.test(id) || /[/\\?#]|\.\./.test(id)) return false;
	return explainInvalidId(id, '') !== undefined || !/\d/.test(id);
}

function normalize(name: string): string {
	return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Picks the only candidate with that name, else the only one whose name contains it. */
export function pickByName(typed: string, kind: IdKind, candidates: readonly Named[]): Found {
	const wanted = normalize(typed);
	const matching = (test: (name: string) => boolean) =>
		candidates.filter(({ names }) => names.some((name) => test(normalize(name))));
	const equal = matching((name) => name === wanted);
	const fitting = equal.length > 0 ? equal : matching((name) => name.includes(wanted));
	const [only, ...others] = fitting;
	if (only !== undefined && others.length === 0) return { ok: true, id: only.id };
	const listed = (fitting.length > 0 ? fitting : candidates).slice(0, MAX_CANDIDATES);
	const shown = listed.map(({ id, names }) => `${names[0] ?? ''} (ID ${id})`).join(', ');
	const reason =
		only === undefined
			? `No ${kind} is called "${typed}"`
			: `"${typed}" fits several ${kind === 'company' ? 'companies' : 'projects'}`;
	const candidatesText = listed.length === 0 ? '' : ` Candidates: ${shown}.`;
	return { ok: false, reason: `${reason}.${candidatesText} Enter the ID.` };
}

/** @throws ProcoreFailure if the companies cannot be listed. */
export async function findCompanyByName(directory: Directory, typed: string): Promise<Found> {
	const companies = await directory.companies();
	return pickByName(
		typed,
		'company',
		companies.map(({ model: { id, name } }) => ({ id, names: [name] })),
	);
}

/** Looks up an active project. Procore filters, so that it takes one request unless there is none. @throws ProcoreFailure */
export async function findProjectByName(
	directory: Directory,
	companyId: string,
	typed: string,
): Promise<Found> {
	const search = async (name?: string) => {
		const rows = await directory.allProjects(companyId, {
			view: 'normal',
			...(name === undefined ? {} : { name }),
		});
		return rows.map(({ model: { id, name: short, display_name } }) => ({
			id,
			names: [short, display_name],
		}));
	};
	const found = pickByName(typed, 'project', await search(typed));
	// The text can be the number and the name, which Procore's filter by name does not find.
	return found.ok ? found : pickByName(typed, 'project', await search());
}
