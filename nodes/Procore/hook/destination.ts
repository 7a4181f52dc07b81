/** Hosts that Procore cannot reach: this machine, private networks (RFC 1918, 4193, 6598), link-local addresses. */
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
 * Why Procore would never deliver to a destination that somebody typed.
 *
 * @param isProcoreItself false for a gateway or the like, which may reach more than Procore does.
 * @returns undefined where nothing speaks against it.
 */
export function explainDestination(url: string, isProcoreItself: boolean): string | undefined {
	if (isPublicHttps(url) || (!isProcoreItself && /^https?:/i.test(url) && URL.canParse(url))) {
		return undefined;
	}
	return url === ''
		? 'No destination is given: enter the public https address in Destination URL.'
		: `Procore cannot deliver to "${url}": enter a public https address in Destination URL.`;
}

/**
 * Why Procore would never deliver to a webhook URL of this n8n: it takes public https addresses only.
 *
 * @returns undefined where nothing speaks against the URL.
 */
export function explainUnreachable(url: string): string | undefined {
	if (isPublicHttps(url)) return undefined;
	return `Procore cannot reach this n8n at ${url}: it delivers to public https addresses only. Set the environment variable WEBHOOK_URL of n8n to its public https address and start n8n again.`;
}
