import { jsonObject, type JsonValue } from '../model/json';
import { isObjectOrList } from './body-check';
import type { ProcoreAccount } from './environment';
import type { Transport } from './transport';

/**
 * The web hosts of Procore's environments, from its "Procore Sandboxes" and "Client Credentials" pages. The Federal Zone's
 * is not documented, and a gateway has none [WEB-HOST].
 */
const WEB_HOSTS: Readonly<Partial<Record<ProcoreAccount['environment'], string>>> = {
	production: 'https://app.procore.com',
	sandbox: 'https://sandbox.procore.com',
	monthlySandbox: 'https://api-sandbox-monthly.procore.com',
};

/**
 * Reads the web host of a company, which depends on its region, such as `https://us02.procore.com`. If Procore does not
 * tell, the one of the environment applies [WEB-HOST].
 *
 * @returns an unchecked value; undefined if no web host is known.
 * @throws ProcoreFailure unless Procore responds, or refuses the account.
 */
export async function readWebHost(
	transport: Transport,
	companyId: string,
): Promise<JsonValue | undefined> {
	const { status, body } = await transport.request({
		method: 'GET',
		path: '/rest/v1.0/company_base_url',
		companyId,
		purpose: `look up the web address of company ${companyId}`,
		repeatable: true,
		accept: [400, 403, 404],
		expects: isObjectOrList,
	});
	const { web_base_url } = jsonObject(status < 300 ? body : {});
	return web_base_url ?? WEB_HOSTS[transport.account.environment];
}
