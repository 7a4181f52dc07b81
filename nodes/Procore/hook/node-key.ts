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
