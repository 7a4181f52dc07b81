import type { TriggerOwner } from '../../api/webhooks-api';
import {
	DEFAULT_PAYLOAD_VERSION,
	payloadVersionOf,
	type PayloadVersion,
} from '../../model/payload-version';
import type { Scope } from '../../model/scope';
import type { OperationItem } from '../operation-item';

/** The parameters that the lists of resources and events depend on. */
export const EVENT_LIST_DEPENDENCIES = [
	'companyId.value',
	'scope',
	'projectId.value',
	'hookId.value',
	'namespace',
];

/**
 * Reads the selected hook for requests that add triggers.
 *
 * @throws NodeOperationError if no hook is selected.
 */
export function triggerOwner(item: OperationItem): TriggerOwner {
	return { id: item.hookId(), namespace: item.namespaceHint() };
}

/** Returns the payload version of a hook, for a message that suggests events; v2.0 if the hook cannot be read. */
export async function hookPayloadVersion(
	item: OperationItem,
	scope: Scope,
	{ id, namespace, payload_version }: TriggerOwner,
): Promise<PayloadVersion> {
	if (payload_version !== undefined) return payloadVersionOf(payload_version);
	try {
		const { model } = await item.procore.webhooks.getHook(scope, id, namespace ?? '');
		return payloadVersionOf(model.payload_version);
	} catch {
		return DEFAULT_PAYLOAD_VERSION;
	}
}
