/** What a process knows of a trigger node and nothing stores: gone with the process. */
export interface ProcessState {
	/** Where a node in service receives, and at which n8n; n8n tells the URL to everything but a poll. */
	address: { readonly url: string; readonly instance: string } | undefined;
	/** How often the node was activated or deactivated here. */
	changes: number;
	/** Whether what a killed n8n may have left of a test was looked for. */
	areLeftoversRemoved: boolean;
	/** Milliseconds since 1970: until then the node's test hook may be in use, here in this process. */
	listensUntil: number;
}

const MAX_NODES = 10_000;
const states = new Map<string, ProcessState>();

/** What this process knows of a node, to be read and changed. @param key as `nodeKey` gives it. */
export function processState(key: string): ProcessState {
	const known = states.get(key);
	if (known) return known;
	if (states.size >= MAX_NODES) states.clear();
	const made: ProcessState = {
		address: undefined,
		changes: 0,
		areLeftoversRemoved: false,
		listensUntil: 0,
	};
	states.set(key, made);
	return made;
}
