import { Directory } from './directory';
import type { ProcoreAccount } from './environment';
import type { WebhooksApi } from './webhooks-api';
import type { RequestOptions } from './retry-policy';
import { Transport, type ApiContext } from './transport';
import { Users } from './users';
import { WebhooksV1 } from './v1';
import { WebhooksV2 } from './v2';

export { BRIEF_RETRIES, type RequestOptions } from './retry-policy';

/** Procore, as the account of the credential. */
export interface Procore {
	readonly account: ProcoreAccount;
	readonly webhooks: WebhooksApi;
	readonly directory: Directory;
	readonly users: Users;
	/** For the endpoints of Procore's tools, which hold the records; hooks, triggers and deliveries go through `webhooks`. */
	readonly transport: Transport;
}

/**
 * Reads the credential of the running node. Sends no request.
 *
 * @throws n8n's error if the node has no readable credential.
 */
export async function openProcore(context: ApiContext, options?: RequestOptions): Promise<Procore> {
	const transport = await Transport.open(context, options);
	const { account } = transport;
	return {
		account,
		webhooks:
			account.webhooksApiVersion === 'v1.0' ? new WebhooksV1(transport) : new WebhooksV2(transport),
		directory: new Directory(transport),
		users: new Users(transport),
		transport,
	};
}
