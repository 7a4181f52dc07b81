import type { IExecuteFunctions, IWebhookFunctions, NodeExecutionHint } from 'n8n-workflow';

import { namespaceOf } from './activation';
import { nodeKey } from './node-key';
import { processState } from './process-state';

/**
 * Notes the namespace of the node's production hooks when a test event arrives. n8n tells the production URL, from which
 * it is generated, only to a webhook, also during a test (n8n-core 2.41, webhook-context.ts).
 */
export function noteNamespace(context: IWebhookFunctions): void {
	const url = context.getNodeWebhookUrl('default');
	const given = String(context.getNodeParameter('namespace', '')).trim();
	processState(nodeKey(context)).namespace =
		url === undefined || given !== '' ? '' : namespaceOf(context, { namespace: '' }, url, false);
}

/** Tells, beside the output of a test, which namespace was generated for the node; undefined if this process does not know. */
export function namespaceHint(context: IExecuteFunctions): NodeExecutionHint | undefined {
	if (context.getMode() !== 'manual') return undefined;
	const { namespace } = processState(nodeKey(context));
	if (namespace === '') return undefined;
	return {
		message: `While this workflow is published, Procore keeps the hook of this trigger in the namespace ${namespace}.`,
		location: 'outputPane',
	};
}
