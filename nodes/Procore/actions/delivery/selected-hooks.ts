import type { Hook } from '../../model/hook';
import { hooksToInspect } from '../hook/hook-parameters';
import type { OperationItem } from '../operation-item';

/** A hook. If it was selected by its id, only the id is known, which saves a request. */
export type SelectedHook = Pick<Hook, 'id'> & Partial<Hook>;

/** Returns the selected hook, or all hooks of the scope in the namespace if none is selected. @throws if there are none in it. */
export async function selectedHooks(item: OperationItem): Promise<SelectedHook[]> {
	const id = item.id('hookId', 'Hook');
	if (id !== '') return [{ id }];
	const hooks = await hooksToInspect(item);
	return hooks.map(({ model }) => model);
}
