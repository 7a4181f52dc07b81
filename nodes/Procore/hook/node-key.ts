import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

type NodeContext = IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions;

/** Tells a node from every other one of this n8n, also after it was renamed: for what a process keeps by node. */
export function nodeKey(context: Pick<NodeContext, 'getNode' | 'getWorkflow'>): string {
	return `${context.getWorkflow().id}:${context.getNode().id}`;
}

/**
 * Whether n8n works on the hook that listens for a test event, not on the production hook. At its deletion n8n names the
 * mode `internal` for both: there it tells by the workflow, which is inactive for a test alone.
 */
export function isTestHook(context: Pick<IHookFunctions, 'getMode' | 'getWorkflow'>): boolean {
	return context.getMode() === 'manual' || !context.getWorkflow().active;
}

/** {@link nodeKey}, with the test hook of a node apart from its production hook: work on the one never stops the other. */
export function hookKey(context: IHookFunctions): string {
	return isTestHook(context) ? `${nodeKey(context)}:test` : nodeKey(context);
}
