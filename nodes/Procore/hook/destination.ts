/** Hosts that Procore cannot reach: this machine, private networks (RFC 1918, RFC 4193), link-local addresses. */
const NOT_PUBLIC = [
	/^localhost$/,
	/\.(localhost|local|internal|lan|home|test)$/,
	/^(0|10|127)\./,
	/^169\.254\./,
	/^172\.(1[6-9]|2\d|3[01])\./,
	/^192\.168\./,
	/^\[(::1?|f[cd][0-9a-f]{2}:.*|fe80:.*)\]$/,
];

function isPublicHttps(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	return (
		protocol === 'https:' &&
		(hostname.includes('.') || hostname.startsWith('[')) &&
		!NOT_PUBLIC.some((pattern) => pattern.test(hostname))
	);
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
