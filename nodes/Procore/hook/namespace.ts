import { createHash } from 'crypto';

/** What Procore takes: lower-case letters, digits and dashes. Its older page forbids digits, its current one does not. */
const NAMESPACE_RULE = 'lower-case letters a to z, digits and dashes';

const LEGAL = /^[a-z0-9-]+$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const GENERATED_PREFIX = 'procore-trigger-';
const GENERATED_LETTERS = 20;

/** Whether Procore takes a namespace as it is; see {@link NAMESPACE_RULE}. */
export function isLegalNamespace(namespace: string): boolean {
	return LEGAL.test(namespace);
}

/** The nearest legal form of what was typed: `My Hook_1` gives `my-hook-1`; empty where nothing legal is left. */
export function suggestNamespace(typed: string): string {
	return typed
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '');
}

/** One sentence for a namespace that Procore would refuse, with the rule and a legal form of it. */
export function explainNamespace(typed: string): string {
	const suggestion = suggestNamespace(typed);
	const instead = suggestion === '' ? '' : ` "${suggestion}" would do.`;
	return `The namespace "${typed}" is not allowed: Procore takes ${NAMESPACE_RULE} only.${instead}`;
}

/**
 * The namespace of a trigger node that was given none: the same every time for the same node, another one for every
 * other node, instance and mode. Letters and dashes only, so that it is legal under both of Procore's published rules.
 *
 * @param webhookUrl differs per instance, per node and between test and production, and survives renames.
 * @param workflowId tells copies apart that share a webhook URL, as after an import.
 */
export function generateNamespace(webhookUrl: string, workflowId: string): string {
	const digest = createHash('sha256').update(`${webhookUrl}\n${workflowId}`).digest();
	const letters = [...digest.subarray(0, GENERATED_LETTERS)].map((byte) => LETTERS[byte % 26]);
	return GENERATED_PREFIX + letters.join('');
}

/**
 * The part of a node's webhook URL that its production and its test URL have in common: the address of n8n, and the end
 * of the path, which names the node. What stands between, `webhook` or `webhook-test`, can be configured.
 */
function nodeAddress(webhookUrl: string): string {
	const { origin, pathname } = new URL(webhookUrl);
	return `${origin} ${pathname.split('/').slice(-2).join('/')}`;
}

/**
 * {@link generateNamespace} for the hook that listens for a test event. It comes out the same from the production URL, so
 * that an activation finds what a killed n8n has left of a test.
 *
 * @param webhookUrl the node's production or test URL.
 */
export function generateTestNamespace(webhookUrl: string, workflowId: string): string {
	return generateNamespace(`test ${nodeAddress(webhookUrl)}`, workflowId);
}

/** Whether two webhook URLs are those of one node: its production and its test URL, or the same one twice. */
export function isSameNode(webhookUrl: string, other: string): boolean {
	return (
		URL.canParse(webhookUrl) &&
		URL.canParse(other) &&
		nodeAddress(webhookUrl) === nodeAddress(other)
	);
}
