import type { ProcoreAccount } from './environment';

/**
 * The domains of Procore's environments. Which of their hosts serves files can change at any time (Procore, "Working with
 * Secure File Access").
 */
const OWN_DOMAINS: Readonly<Record<ProcoreAccount['environment'], string | undefined>> = {
	production: '.procore.com',
	sandbox: '.procore.com',
	monthlySandbox: '.procore.com',
	federal: '.procoregov.com',
	custom: undefined,
};

/** Whether an address belongs to Procore, whose hosts require the token for files; for a gateway, only its own origin. */
export function isOwnHost(address: string, account: ProcoreAccount): boolean {
	const { origin, protocol, hostname } = new URL(address);
	if (origin === new URL(account.apiUrl).origin) return true;
	const domain = OWN_DOMAINS[account.environment];
	if (domain === undefined || protocol !== 'https:') return false;
	return hostname.endsWith(domain);
}

/**
 * Whether a request for a file can carry the token: only to Procore's own hosts. A redirect to another of its hosts requires
 * the token as well, according to the same guide [FILE-ADDRESS]; but once a redirect has led elsewhere, no further request
 * carries it, not even back to Procore, because another company chose that address. Storage needs none [FILE-STORAGE].
 *
 * @param path the addresses of the requests so far, the first one being the address of the file.
 */
export function mayCarryToken(
	address: string,
	path: readonly string[],
	account: ProcoreAccount,
): boolean {
	return [...path, address].every((each) => isOwnHost(each, account));
}

/**
 * Resolves the target of a redirect.
 *
 * @returns undefined if it is not an address that can be downloaded, or leads from https to http.
 */
export function redirectTarget(location: string | undefined, from: string): string | undefined {
	if (location === undefined || location === '' || !URL.canParse(location, from)) return undefined;
	const target = new URL(location, from);
	const isSafe = target.protocol === 'https:' || target.protocol === new URL(from).protocol;
	return isSafe && /^https?:$/.test(target.protocol) ? target.href : undefined;
}
