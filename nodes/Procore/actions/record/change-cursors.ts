import type { IDataObject } from 'n8n-workflow';

import { jsonObject } from '../../model/json';

const KEY = 'changedUntil';

/** The number of lists whose position a node keeps: about a thousand projects with a few resources. */
const MAX_CURSORS = 5000;

/**
 * Returns up to which change a node has returned a list, in milliseconds since 1970; undefined if it never did. The value
 * only saves reading the same changes again: n8n's deduplication knows which of them were returned.
 *
 * @param memory the node's static data.
 * @param list a key of the list.
 */
export function cursorOf(memory: IDataObject, list: string): number | undefined {
	const cursor = jsonObject(memory[KEY])[list];
	return typeof cursor === 'number' ? cursor : undefined;
}

/**
 * Stores the positions of lists. Drops those that were stored first if there are too many. Writes nothing if nothing has
 * changed, because n8n then saves the static data of all nodes of the workflow.
 */
export function storeCursors(memory: IDataObject, cursors: ReadonlyMap<string, number>): void {
	const moved = [...cursors].filter(([list, cursor]) => cursorOf(memory, list) !== cursor);
	if (moved.length === 0) return;
	const all = new Map(Object.entries(jsonObject(memory[KEY])));
	for (const [list, cursor] of moved) {
		all.delete(list);
		all.set(list, cursor);
	}
	memory[KEY] = Object.fromEntries([...all].slice(-MAX_CURSORS));
}
