import { extractId } from '../model/id';

/** Where Procore lives: the host that people log in to and the host of the REST API, without a trailing slash. */
export interface Hosts {
	readonly login: string;
	readonly api: string;
}

/**
 * Procore's environments, from its "Development Environments" and "Federal Zone" pages. The On-Demand sandbox is
 * reached as production, with its own company id; the monthly sandbox's browser host is not its API host.
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

/** `custom`: a gateway in front of Procore, with addresses that the credential names. */
type ProcoreEnvironment = keyof typeof PROCORE_HOSTS | 'custom';

/** The generations of Procore's webhook endpoints: the current and the deprecated one. */
type WebhooksApiVersion = 'v2.0' | 'v1.0';

/** What the nodes need to know of the credential; never the client secret or a token. */
export interface ProcoreAccount {
	readonly environment: ProcoreEnvironment;
	readonly apiUrl: string;
	/** Empty where the credential names no company. */
	readonly companyId: string;
	readonly clientId: string;
	readonly grantType: 'authorizationCode' | 'clientCredentials';
	readonly webhooksApiVersion: WebhooksApiVersion;
}

function isProcoreHost(environment: string): environment is keyof typeof PROCORE_HOSTS {
	return Object.hasOwn(PROCORE_HOSTS, environment);
}

/** Reads the decrypted credential `procoreOAuth2Api` into what the nodes need of it. */
export function readAccount(credential: Record<string, unknown>): ProcoreAccount {
	const field = (name: string) => String(credential[name] ?? '').trim();
	const environment = field('environment');
	return {
		environment: isProcoreHost(environment) ? environment : 'custom',
		apiUrl: isProcoreHost(environment)
			? PROCORE_HOSTS[environment].api
			: field('apiUrl').replace(/(?<!\/)\/+$/, ''),
		companyId: extractId(field('companyId'), 'company'),
		clientId: field('clientId'),
		grantType:
			field('grantType') === 'clientCredentials' ? 'clientCredentials' : 'authorizationCode',
		webhooksApiVersion: field('webhooksApiVersion') === 'v1.0' ? 'v1.0' : 'v2.0',
	};
}
