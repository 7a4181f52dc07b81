import { NodeOperationError, type INode } from 'n8n-workflow';

/**
 * The error of something that a node will not do, or could not do for the reasons in its message. The level keeps n8n
 * from reporting it to its makers.
 *
 * @param message stands by itself: what was asked, what stands against it, what to do.
 * @param itemIndex of the item that is refused, counted from 0, where it is one.
 */
export function refusal(node: INode, message: string, itemIndex?: number): NodeOperationError {
	const error = new NodeOperationError(node, message, {
		level: 'warning',
		...(itemIndex === undefined ? {} : { itemIndex }),
	});
	// The class puts a stock sentence in place of any message that contains a known code, as ECONNREFUSED.
	error.message = message;
	return error;
}
