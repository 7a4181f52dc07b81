/** Procore's ids are digits, those of its newer services letters and dashes too. */
const ID = /^[\w-]{1,64}$/;

/**
 * Why a text cannot be an id. No other text may enter the path of a request: with `..` for the id of a trigger, the
 * call that deletes it would be the one that deletes its hook.
 *
 * @param displayName of the parameter that holds it.
 * @returns undefined if it can be one; whether there is such a thing, Procore tells.
 */
export function explainInvalidId(typed: string, displayName: string): string | undefined {
	return ID.test(typed)
		? undefined
		: `"${typed.slice(0, 64)}" in ${displayName} is not a valid Procore ID: use only letters, digits and dashes.`;
}

/**
 * Where the addresses of Procore's web pages have the ids: `/4501177/company/home`, `/902214/project/home`, and in newer
 * tools `/companies/4501177/projects/902214/`. Each pattern needs linear time, whatever is pasted.
 */
export const ID_IN_URL = {
	company: [/\/companies\/(\d{1,64})(?!\d)/, /\/(\d{1,64})\/company(?![\w-])/],
	project: [/\/projects\/(\d{1,64})(?!\d)/, /\/(\d{1,64})\/project(?![\w-])/],
} as const;

/** What a page of Procore's has the id of in its address. */
export type IdKind = keyof typeof ID_IN_URL;

/**
 * The id in what somebody pasted: trimmed, and taken out of an address of a Procore page.
 *
 * @returns any other text as it is, trimmed: {@link explainInvalidId} tells whether it can be an id.
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
 * The pattern by which n8n's editor accepts a whole text as an id or, of a company or project, as the address of one of its
 * pages. Its last part matches whatever follows an id: one that could fail there would need quadratic time.
 */
export function idPattern(kind?: IdKind, mayBeEmpty = false): string {
	const ids = `\\s*[\\w-]{${mayBeEmpty ? 0 : 1},64}\\s*`;
	const addresses = kind === undefined ? [] : ID_IN_URL[kind];
	return `(?:${[ids, ...addresses.map(({ source }) => `[\\s\\S]*${source}[\\s\\S]*`)].join('|')})`;
}
