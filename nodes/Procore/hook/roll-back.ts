import { messageOf } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import type { Hook } from '../model/hook';
import type { Scope } from '../model/scope';
import { listFailures, type ScopeFailure } from './per-scope';

/** The hook that a roll-back is about, as messages name it. */
type NamedHook = Pick<Hook, 'id' | 'namespace'>;

/**
 * Rolls back work that failed.
 *
 * @param failure what the work threw.
 * @param advice what to do if the roll-back fails as well.
 * @param refuse creates an error from a message.
 * @returns what to throw: the failure; if the roll-back fails, an error with both messages and the advice.
 */
export async function rollBackAfter(
	failure: unknown,
	rollBack: () => Promise<unknown>,
	advice: string,
	refuse: (message: string) => Error,
): Promise<unknown> {
	try {
		await rollBack();
		return failure;
	} catch (second) {
		return refuse(`${messageOf(failure)} The rollback failed too. ${messageOf(second)} ${advice}`);
	}
}

/** Tells what to do about a hook that was created and could not be deleted. */
export function adviceOnCreated({ id, namespace }: NamedHook): string {
	return `If hook ${id} is still in Procore, in the namespace "${namespace ?? ''}", try again or delete it there.`;
}

/** Tells what to do about a hook that was changed and could not be restored. */
export function adviceOnAdopted({ id, namespace }: NamedHook): string {
	return `Hook ${id}, in the namespace "${namespace ?? ''}", might not have its earlier settings and subscriptions. Try again, or check it in Procore.`;
}

/**
 * Deletes a hook that was created and could not be set up, since it would keep its namespace taken.
 *
 * @param failure why it could not be set up.
 * @param refuse creates an error from a message.
 * @returns what to throw: the failure; if the hook cannot be deleted, an error that says so too.
 */
export async function rollBackHook(
	api: Pick<WebhooksApi, 'deleteHook'>,
	scope: Scope,
	hook: NamedHook,
	failure: unknown,
	refuse: (message: string) => Error,
): Promise<unknown> {
	const rollBack = async () => await api.deleteHook(scope, hook.id);
	return await rollBackAfter(failure, rollBack, adviceOnCreated(hook), refuse);
}

/**
 * Tells which changes of a failed activation are left.
 *
 * @param left what could not be rolled back.
 */
export function explainRollBack(
	left: readonly ScopeFailure[],
	{ namespace }: { readonly namespace: string },
): string {
	return left.length === 0
		? 'changes were rolled back.'
		: `the rollback failed in ${left.length}. Publish the workflow again, or delete their hooks "${namespace}" in Procore. ${listFailures(left)}`;
}
