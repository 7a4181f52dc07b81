import type { Hook, HookStatus } from '../../model/hook';
import type { Read } from '../../model/read';
import { explainDestination } from '../../hook/destination';
import type { HookTarget } from '../../hook/upsert';
import type { OperationItem } from '../operation';

/** What Procore shows in place of an Authorization value: stars, and its last characters. */
const MASKED = /^\*{4,}/;

/** @throws NodeOperationError where Procore could not deliver to it. */
export function destinationUrl(item: OperationItem, parameter = 'destinationUrl'): string {
	const url = item.text(parameter);
	const reason = explainDestination(url, item.procore.account.environment !== 'custom');
	if (reason !== undefined) throw item.refuse(reason);
	return url;
}

/** @throws NodeOperationError where it is the masked value that Procore shows: the secret itself would be lost. */
export function authorization(
	item: OperationItem,
	parameter: string,
): { readonly authorization?: string } {
	const field = item.field('authorization', parameter);
	if (MASKED.test(field.authorization ?? '')) {
		throw item.refuse(
			'Authorization holds the masked value that Procore shows, not the secret itself: enter the whole value, or leave the field out to keep what Procore has.',
		);
	}
	return field;
}

/** @throws NodeOperationError where a hook of the app's Webhooks API version cannot have this status. */
export function hookStatus(
	item: OperationItem,
	parameter: string,
): { readonly status?: HookStatus } {
	const status = item.oneOf(parameter, 'Status', ['active', 'disabled']);
	if (status === undefined) return {};
	// Every hook of v1.0 is active: to ask for it is to ask for nothing.
	if (item.procore.webhooks.hasHookStatus) return { status };
	if (status === 'active') return {};
	throw item.refuse(
		'Hooks of Webhooks API v1.0 have no status, so this one cannot be disabled: delete it instead, or choose Webhooks API Version v2.0 in the credential.',
	);
}

/**
 * The hooks of the scope under the namespace, under every one where none is given.
 *
 * @throws NodeOperationError where Procore lists them under one namespace at a time, or has no such namespace.
 */
export async function hooksUnderNamespace(item: OperationItem): Promise<Array<Read<Hook>>> {
	const { webhooks } = item.procore;
	const scope = item.scope();
	const namespace = item.searchedNamespace();
	if (namespace === '' && scope.kind === 'company' && webhooks.needsCompanyNamespace) {
		throw item.refuse(
			'Procore lists the hooks of a company under one namespace at a time: enter it in Namespace.',
		);
	}
	return await webhooks.listHooks(scope, namespace);
}

/** The hook that Create, and Create or Update, ask for, checked before anything is sent. */
export function hookTarget(item: OperationItem): HookTarget {
	const payloadVersion = item.payloadVersion('additionalFields.payloadVersion');
	return {
		namespace: item.namespace(),
		destination_url: destinationUrl(item),
		...authorization(item, 'additionalFields.authorization'),
		...hookStatus(item, 'additionalFields.hookStatus'),
		...(payloadVersion === undefined ? {} : { payload_version: payloadVersion }),
	};
}
