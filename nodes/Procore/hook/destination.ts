/** Hosts that Procore cannot reach: this machine, private networks (RFC 1918, 4193 and 6598) and link-local addresses. */
const NOT_PUBLIC = [
	/(^|\.)(localhost|local|internal|lan|home|home\.arpa|test)$/,
	/^(0|10|127)(\.\d+){3}$/,
	/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}$/,
	/^169\.254(\.\d+){2}$/,
	/^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
	/^192\.168(\.\d+){2}$/,
	/^\[(::1?|::ffff:.*|f[cd][0-9a-f]{2}:.*|fe80:.*)\]$/,
];

function isPublicHttps(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	const host = hostname.replace(/\.$/, '');
	return (
		protocol === 'https:' &&
		(host.includes('.') || host.startsWith('[')) &&
		!NOT_PUBLIC.some((pattern) => pattern.test(host))
	);
}

/**
 * Explains why Procore cannot deliver to a destination URL that a user entered.
 *
 * @param isProcoreItself false for a gateway, which might reach private addresses.
 * @returns undefined if it can.
 */
export function explainDestination(url: string, isProcoreItself: boolean): string | undefined {
	if (isPublicHttps(url) || (!isProcoreItself && /^https?:/i.test(url) && URL.canParse(url))) {
		return undefined;
	}
	return url === ''
		? 'Destination URL is empty. Enter a public https URL.'
		: `Procore cannot deliver to "${url}". Enter a public https URL in Destination URL.`;
}

/**
 * Explains why Procore cannot deliver to a webhook URL of this n8n. Procore only delivers to public https URLs
 * [DESTINATION-HTTPS] [DESTINATION-PORT-QUERY].
 *
 * @returns undefined if it can.
 */
export function explainUnreachable(url: string): string | undefined {
	if (isPublicHttps(url)) return undefined;
	return `Procore cannot reach this n8n at ${url}: it only delivers to public https URLs. Set n8n's environment variable WEBHOOK_URL to its public https URL and restart n8n.`;
}
