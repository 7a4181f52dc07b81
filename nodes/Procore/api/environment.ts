import { explainInvalidId, extractId } from '../model/id';

/** The URLs of the login host and of the REST API, without a trailing slash. */
export interface Hosts {
	readonly login: string;
	readonly api: string;
}

/**
 * Procore's environments, from its "Development Environments" and "Federal Zone" pages. An On-Demand sandbox uses the
 * production hosts with its own company id. The monthly sandbox has different hosts for the browser and the API.
 */
export const PROCORE_HOSTS = {
	production: { login: 'https://login.procore.com', api: 'https://api.procore.com' },
	sandbox: { login: 'https://login-sandbox.procore.com', api: 'https://sandbox.procore.com' },
	monthlySandbox: {
		login: 'https://login-sandbox-monthly.procore.com',
		api: 'https://api-monthly.procore.com',
	},
	federal: { login: 'https://login.procoregov.com', api: 'https://api.procoregov.com' },
} as const satisfies Record<string, Hosts>;

/** `custom`: a gateway in front of Procore, whose URLs are in the credential. */
type ProcoreEnvironment = keyof typeof PROCORE_HOSTS | 'custom';

/** The versions of Procore's Webhooks API: the current and the deprecated one. */
type WebhooksApiVersion = 'v2.0' | 'v1.0';

/** The parts of the credential that the nodes use; never the client secret or a token. */
export interface ProcoreAccount {
	readonly environment: ProcoreEnvironment;
	readonly apiUrl: string;
	/** Empty if the credential sets no company. */
	readonly companyId: string;
	readonly clientId: string;
	readonly grantType: 'authorizationCode' | 'clientCredentials';
	readonly webhooksApiVersion: WebhooksApiVersion;
}

function isProcoreHost(environment: string): environment is keyof typeof PROCORE_HOSTS {
	return Object.hasOwn(PROCORE_HOSTS, environment);
}

/** How {@link completeUrl} changes a URL: patterns, and what replaces them. The credential has the same steps as an expression. */
export const URL_COMPLETION = [
	[/(?<!\/)\/+$/, ''],
	[/^(?=localhost\b|127\.)/i, 'http://'],
	[/^(?![a-z]+:\/\/|$)/i, 'https://'],
] as const;

/** Trims a URL and adds the scheme if it is missing: https, or http for this machine. */
export function completeUrl(typed: string): string {
	return URL_COMPLETION.reduce(
		(url, [pattern, replacement]) => url.replace(pattern, replacement),
		typed.trim(),
	);
}

/** Reads the decrypted credential `procoreOAuth2Api`. */
export function readAccount(credential: Record<string, unknown>): ProcoreAccount {
	const field = (name: string) => String(credential[name] ?? '').trim();
	const environment = field('environment');
	return {
		environment: isProcoreHost(environment) ? environment : 'custom',
		apiUrl: isProcoreHost(environment)
			? PROCORE_HOSTS[environment].api
			: completeUrl(field('apiUrl')),
		companyId: extractId(field('companyId'), 'company'),
		clientId: field('clientId'),
		grantType:
			field('grantType') === 'clientCredentials' ? 'clientCredentials' : 'authorizationCode',
		webhooksApiVersion: field('webhooksApiVersion') === 'v1.0' ? 'v1.0' : 'v2.0',
	};
}

/** Distinguishes the credential's field from the node's Company in messages. */
const COMPANY_ID_LABEL = 'Company ID of the credential';

/** Explains why no request can be sent with an account; undefined if one can. */
export function explainAccount({ companyId, apiUrl }: ProcoreAccount): string | undefined {
	const reason = companyId === '' ? undefined : explainInvalidId(companyId, COMPANY_ID_LABEL);
	if (reason !== undefined || URL.canParse(apiUrl)) return reason;
	const found = apiUrl === '' ? 'empty' : `"${apiUrl}", which is not a URL`;
	return `API URL of the credential is ${found}. Enter the base URL of Procore's REST API, such as https://api.procore.example, or select another Environment.`;
}

/**
 * Returns a key of what has a rate limit of its own: with client credentials, each company that an account works in; else the
 * user of the account [RATE-PER-COMPANY].
 */
export function limitedAccount(
	{ apiUrl, clientId, grantType }: ProcoreAccount,
	companyId: string | null,
): string {
	const company = grantType === 'clientCredentials' ? ` ${companyId ?? ''}` : '';
	return `${apiUrl} ${clientId}${company}`;
}
