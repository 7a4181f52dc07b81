import type { INodeExecutionData } from 'n8n-workflow';

import { ProcoreFailure } from '../api/failure';
import { isJsonObject, textOrNull } from '../model/json';

/** Returns the HTTP status and a code for the kind of failure; null if there is none. */
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
 * Creates the output item for an input item that failed, for a node that continues on fail.
 *
 * @param hasErrorOutput whether n8n must route it to the node's error output.
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
	// n8n 1.x routes JSON with `details` to the success output, and every n8n reduces the JSON of an item with an `error`
	// property to the message. As a non-enumerable property, it is visible to the routing but not copied afterwards.
	if (hasErrorOutput) {
		Object.defineProperty(item, 'error', { value: error, writable: true, configurable: true });
	}
	return item;
}
