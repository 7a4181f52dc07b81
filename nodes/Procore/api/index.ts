import { Directory } from './directory';
import type { ProcoreAccount } from './environment';
import type { WebhooksApi } from './generation';
import type { Conduct } from './patience';
import { Transport, type ApiContext } from './transport';
import { WebhooksV1 } from './v1';
import { WebhooksV2 } from './v2';

export { BRIEF, type Conduct } from './patience';

/** Everything that the nodes can ask of Procore, for the account of their credential. */
export interface Procore {
	readonly account: ProcoreAccount;
	readonly webhooks: WebhooksApi;
	readonly directory: Directory;
	/** For reads of a tool's own endpoints; hooks, triggers and deliveries go through `webhooks`. */
	readonly transport: Transport;
}

/**
 * Opens Procore with the credential of the node that runs. Sends nothing yet.
 *
 * @throws what n8n throws where the node has no credential that it can read.
 */
export async function openProcore(context: ApiContext, conduct?: Conduct): Promise<Procore> {
	const transport = await Transport.open(context, conduct);
	const { account } = transport;
	return {
		account,
		webhooks:
			account.webhooksApiVersion === 'v1.0' ? new WebhooksV1(transport) : new WebhooksV2(transport),
		directory: new Directory(transport),
		transport,
	};
}
