/** Procore's ids are digits. Newer services also use letters and dashes [ID-FORMS]. */
const ID = /^[\w-]{1,64}$/;

/**
 * Explains why a text cannot be an id. Must be checked before a text enters the path of a request: with `..` as the id of a
 * trigger, the request to delete the trigger would delete its hook.
 *
 * @param label of the parameter that contains it.
 * @returns undefined if it can be an id.
 */
export function explainInvalidId(typed: string, label: string): string | undefined {
	return ID.test(typed)
		? undefined
		: `"${typed.slice(0, 64)}" is not a valid Procore ID for ${label}. Use only letters, digits and dashes.`;
}

/**
 * Matches the ids in the URLs of Procore's pages: `/4501177/company/home`, `/902214/project/home`, and in newer tools
 * `/companies/4501177/projects/902214/`. Each pattern needs linear time for any text.
 */
export const ID_IN_URL = {
	company: [
		/\/companies\/(\d{1,64})(?!\d)/,
		/\/(\d{1,64})\/company(?![\w-])/,
		// `app.procore.com/4501177`. A longer path can begin with the id of a project.
		/\.com\/(\d{1,64})\/?(?![\w/-])/,
	],
	project: [/\/projects\/(\d{1,64})(?!\d)/, /\/(\d{1,64})\/project(?![\w-])/],
} as const;

/** What the URL of a Procore page contains the id of. */
export type IdKind = keyof typeof ID_IN_URL;

/**
 * Extracts the id from the URL of a Procore page.
 *
 * @returns any other text unchanged except for trimming; {@link explainInvalidId} tells whether it can be an id.
 */
export function extractId(typed: string, kind: IdKind): string {
	const trimmed = typed.trim();
	for (const pattern of ID_IN_URL[kind]) {
		const id = pattern.exec(trimmed)?.[1];
		if (id !== undefined) return id;
	}
	return trimmed;
}

/**
 * Returns the pattern with which n8n's editor accepts a text as an id or as the URL of a company or project page. The end of
 * the pattern matches any text after the id; otherwise it would need quadratic time.
 */
export function idPattern(kind?: IdKind, mayBeEmpty = false): string {
	const ids = `\\s*[\\w-]{${mayBeEmpty ? 0 : 1},64}\\s*`;
	const addresses = kind === undefined ? [] : ID_IN_URL[kind];
	return `(?:${[ids, ...addresses.map(({ source }) => `[\\s\\S]*${source}[\\s\\S]*`)].join('|')})`;
}
