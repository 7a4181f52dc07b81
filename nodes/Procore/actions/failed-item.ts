import type { INodeExecutionData } from 'n8n-workflow';

import { ProcoreFailure } from '../api/failure';
import { isJsonObject, textOrNull } from '../model/json';

/** The status of the HTTP answer, and a word for the kind of failure; null if there is none. */
function detailsOf(error: Error): { httpCode: string | null; code: string | null } {
	const fields: unknown = error;
	const given = isJsonObject(fields) ? fields : {};
	return {
		httpCode: textOrNull(given.httpCode) || null,
		code:
			error instanceof ProcoreFailure ? error.outcome.kind : (textOrNull(given.code) ?? error.name),
	};
}

/**
 * The item that stands for one that failed, for a node that continues on fail.
 *
 * @param hasErrorOutput whether n8n has to sort it into the node's error output.
 */
export function failedItem(
	error: Error,
	itemIndex: number,
	hasErrorOutput: boolean,
): INodeExecutionData {
	const item: INodeExecutionData = {
		json: { error: error.message, details: detailsOf(error) },
		pairedItem: { item: itemIndex },
	};
	// n8n 1.x takes JSON with `details` for a success, and any n8n reduces the JSON of an item with an `error` of its own to
	// the message. Not enumerable, it is seen where n8n sorts the items, and is not in the copy that it makes then.
	if (hasErrorOutput) {
		Object.defineProperty(item, 'error', { value: error, writable: true, configurable: true });
	}
	return item;
}
