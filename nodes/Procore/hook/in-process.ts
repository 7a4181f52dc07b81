/** What a process knows of a trigger node and nothing stores: gone with the process. */
export interface NodeKnowledge {
	/** Where a node in service receives, and at which n8n; n8n tells the URL to everything but a poll. */
	address: { readonly url: string; readonly instance: string } | undefined;
	/** How often the node was activated or deactivated here. */
	changes: number;
	/** Whether what a killed n8n may have left of a test was looked for. */
	isSwept: boolean;
	/** Milliseconds since 1970: until then the node's test hook may be in use, here in this process. */
	listensUntil: number;
}

const MAX_NODES = 10_000;
const knowledge = new Map<string, NodeKnowledge>();

/** What this process knows of a node, to be read and changed. @param key as `nodeKey` gives it. */
export function knowledgeOf(key: string): NodeKnowledge {
	const known = knowledge.get(key);
	if (known) return known;
	if (knowledge.size >= MAX_NODES) knowledge.clear();
	const made: NodeKnowledge = { address: undefined, changes: 0, isSwept: false, listensUntil: 0 };
	knowledge.set(key, made);
	return made;
}
