import { settle } from '../../api/concurrency';
import type { TriggerOwner } from '../../api/webhooks-api';
import { payloadVersionOf, type PayloadVersion } from '../../model/payload-version';
import type { Scope } from '../../model/scope';
import type { OperationItem } from '../operation';

/**
 * The chosen hook, as a call that adds triggers to it needs it.
 *
 * @throws NodeOperationError if no hook is chosen.
 */
export function triggerOwner(item: OperationItem): TriggerOwner {
	return { id: item.hookId(), namespace: item.namespaceHint() };
}

/** The payload version of a hook, for a message about what it can hear; v2.0 where the hook cannot be read. */
export async function hookPayloadVersion(
	item: OperationItem,
	scope: Scope,
	{ id, namespace, payload_version }: TriggerOwner,
): Promise<PayloadVersion> {
	if (payload_version !== undefined) return payloadVersionOf(payload_version);
	const read = await settle(
		async () => await item.procore.webhooks.getHook(scope, id, namespace ?? ''),
	);
	return payloadVersionOf(read.ok ? read.value.model.payload_version : undefined);
}
