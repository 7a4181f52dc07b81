/** Procore's ids are digits, those of its newer services letters and dashes too. */
const ID = /^[\w-]{1,64}$/;

/**
 * Why a text cannot be an id. No other text may enter the path of a request: with `..` for the id of a trigger, the
 * call that deletes it would be the one that deletes its hook.
 *
 * @param displayName of the parameter that holds it.
 * @returns undefined where it may be one; whether there is such a thing, Procore tells.
 */
export function explainId(typed: string, displayName: string): string | undefined {
	return ID.test(typed)
		? undefined
		: `"${typed.slice(0, 64)}" in ${displayName} is no id of Procore's: enter letters, digits and dashes only.`;
}
