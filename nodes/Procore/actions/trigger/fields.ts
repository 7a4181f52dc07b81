import type { TriggerOwner } from '../../api/generation';
import { settle } from '../../api/concurrency';
import { PAYLOAD_VERSIONS, type PayloadVersion, type Scope } from '../../api/model';
import type { OperationItem } from '../operation';

/** @throws NodeOperationError where no hook is chosen, or Procore has no such namespace. */
export function triggerOwner(item: OperationItem): TriggerOwner {
	return { id: item.hookId(), namespace: item.searchedNamespace() };
}

/** The payload version of a hook, for a message about what it can hear; v2.0 where the hook cannot be read. */
export async function payloadVersionOf(
	item: OperationItem,
	scope: Scope,
	{ id, namespace }: TriggerOwner,
): Promise<PayloadVersion> {
	const read = await settle(
		async () => await item.procore.webhooks.getHook(scope, id, namespace ?? ''),
	);
	const version = read.ok ? read.value.model.payload_version : 'v2.0';
	return PAYLOAD_VERSIONS.find((known) => known === version) ?? 'v2.0';
}
