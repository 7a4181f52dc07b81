import type { Hook } from '../../model/hook';
import { hooksUnderNamespace } from '../hook/fields';
import type { OperationItem } from '../operation';

/** What is known of a hook; of one that was named by its id, no more than that, which saves a request. */
export type KnownHook = Pick<Hook, 'id'> & Partial<Hook>;

/** The chosen hook, or all hooks of the scope under the namespace where none is chosen. */
export async function selectedHooks(item: OperationItem): Promise<KnownHook[]> {
	const id = item.id('hookId', 'Hook');
	if (id !== '') return [{ id }];
	const hooks = await hooksUnderNamespace(item);
	return hooks.map(({ model }) => model);
}
