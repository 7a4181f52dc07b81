import { settle } from '../api/concurrency';
import type { WebhooksApi } from '../api/webhooks-api';
import { describeScope, type Scope } from '../model/scope';

/** What to enter if Procore lists the hooks of a company only by namespace. */
export const COMPANY_NAMESPACE_NEEDED =
	'Webhooks API v2.0 lists the hooks of a company for one namespace at a time. Enter the namespace of the hook in Namespace.';

/** Counts the hooks of a scope in every namespace; undefined if this API version or the account cannot list them. */
async function countHooks(api: WebhooksApi, scope: Scope): Promise<number | undefined> {
	if (scope.kind === 'company' && api.needsCompanyNamespace) return undefined;
	const listed = await settle(async () => await api.listHooks(scope, ''));
	return listed.ok ? listed.value.length : undefined;
}

/**
 * Explains that a scope has no hook in a namespace, and how many it has in others, since "no hook" would otherwise read as
 * "no failed delivery". Sends at most one request.
 *
 * @param namespace empty for every namespace.
 */
export async function explainNoHook(
	api: WebhooksApi,
	scope: Scope,
	namespace: string,
): Promise<string> {
	const where = describeScope(scope);
	if (namespace === '') return `There is no hook in ${where} yet.`;
	const nothing = `There is no hook in the namespace "${namespace}" in ${where}`;
	const others = await countHooks(api, scope);
	if (others === undefined) {
		return scope.kind === 'company'
			? `${nothing}. ${COMPANY_NAMESPACE_NEEDED}`
			: `${nothing}. Clear Namespace to search every namespace.`;
	}
	if (others === 0) return `${nothing}, and none in any other namespace.`;
	const found = others === 1 ? '1 hook is in another namespace' : `${others} hooks are in others`;
	return `${nothing}, but ${found}. Clear Namespace to include every namespace.`;
}
