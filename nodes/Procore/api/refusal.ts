import { NodeOperationError, type INode } from 'n8n-workflow';

/**
 * Creates an error that the user can fix. Its level keeps n8n from reporting it to its error tracker.
 *
 * @param message is complete: what failed, why, what to do.
 * @param itemIndex of the input item that caused it, counted from 0.
 */
export function refusal(node: INode, message: string, itemIndex?: number): NodeOperationError {
	const error = new NodeOperationError(node, message, {
		level: 'warning',
		...(itemIndex === undefined ? {} : { itemIndex }),
	});
	// NodeOperationError replaces a message that contains a known code, such as ECONNREFUSED, with a generic sentence.
	error.message = message;
	return error;
}
