/** What a live check needs besides an account: a public address that reaches it, a record to change, a second grant. */
export const NEEDS = {
	receiver: 'a public address',
	change: 'a record to change',
	serviceAccount: 'a service account',
	login: 'a login in the browser',
	v1: 'Webhooks API v1.0',
} as const;
export type Need = keyof typeof NEEDS;

/** What fulfills a need in the env file; empty if nothing there does. */
export const SETTINGS: Readonly<Record<Need, string>> = {
	receiver: 'PROCORE_PUBLIC_URL',
	change: 'PROCORE_CHANGE_PATH',
	serviceAccount: 'PROCORE_GRANTS',
	login: 'PROCORE_GRANTS',
	v1: '',
};

/** Where an assumption comes from. `clients`: what public integrations report. */
export type Source = `${'guess' | 'documented' | 'clients'}${string}`;

/** How a run against a real account can tell, or why it cannot. */
export type LiveCheck =
	| { readonly possible: true; readonly how: string; readonly needs: readonly Need[] }
	| { readonly possible: false; readonly why: string };

/**
 * Something about Procore that the product or the emulator depends on. Where the code depends on it is not repeated here:
 * its comments contain the id in brackets.
 */
export interface Assumption {
	readonly id: string;
	readonly assumes: string;
	readonly source: Source;
	/** What happens in the product if Procore behaves differently. */
	readonly ifWrong: string;
	readonly check: LiveCheck;
}

/** The live check can tell. */
export function can(how: string, ...needs: readonly Need[]): LiveCheck {
	return { possible: true, how, needs };
}

/** The live check cannot tell. */
export function cannot(why: string): LiveCheck {
	return { possible: false, why };
}

/** Keeps the ids of a list as literal types. */
export function listed<const Id extends string>(
	assumptions: ReadonlyArray<Assumption & { readonly id: Id }>,
): ReadonlyArray<Assumption & { readonly id: Id }> {
	return assumptions;
}
