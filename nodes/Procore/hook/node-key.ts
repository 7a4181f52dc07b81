import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

type NodeContext = IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions;

/** Returns the key under which a process keeps the state of a node. It doesn't change when the node is renamed. */
export function nodeKey(context: Pick<NodeContext, 'getNode' | 'getWorkflow'>): string {
	return `${context.getWorkflow().id}:${context.getNode().id}`;
}

/**
 * Whether n8n works on the hook that listens for a test event instead of the production hook. When it deletes a hook, the
 * mode is `internal` for both, but the workflow is inactive only for a test.
 */
export function isTestHook(context: Pick<IHookFunctions, 'getMode' | 'getWorkflow'>): boolean {
	return context.getMode() === 'manual' || !context.getWorkflow().active;
}

/** Returns {@link nodeKey} for the production hook and another key for the test hook, so that neither cancels the other. */
export function hookKey(context: IHookFunctions): string {
	return isTestHook(context) ? `${nodeKey(context)}:test` : nodeKey(context);
}
