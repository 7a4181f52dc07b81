import { settle } from '../api/concurrency';
import { messageOf } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook } from '../model/hook';
import type { Scope } from '../model/scope';

/**
 * Takes a hook away that could not be made as wanted: it would hold its namespace against the next try.
 *
 * @param failure what stood against it.
 * @param refuse makes the error of a message.
 * @returns what to throw: the failure, or where the hook could not be deleted either, an error that says so as well.
 */
export async function rollBackHook(
	api: Pick<WebhooksApi, 'deleteHook'>,
	scope: Scope,
	{ id, namespace }: Pick<Hook, 'id' | 'namespace'>,
	failure: unknown,
	refuse: (message: string) => Error,
): Promise<unknown> {
	const undoing = await settle(async () => await api.deleteHook(scope, id));
	if (undoing.ok) return failure;
	return refuse(
		`${messageOf(failure)} What was begun could not be undone either. ${messageOf(undoing.failure)} If hook ${id} is still in Procore, under the namespace "${namespace ?? ''}", try again or delete it there.`,
	);
}
