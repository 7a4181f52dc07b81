import { createHash } from 'crypto';

/** Procore's older documentation forbids digits, the current one allows them [NAMESPACE-CHARACTERS]. */
const LEGAL = /^[a-z0-9-]+$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const GENERATED_PREFIX = 'procore-trigger-';
const GENERATED_LETTERS = 20;

/** Whether Procore accepts a namespace. */
export function isLegalNamespace(namespace: string): boolean {
	return LEGAL.test(namespace);
}

/** Whether a Procore Trigger generated a namespace. */
export function isGeneratedNamespace(namespace: string): boolean {
	return namespace.startsWith(GENERATED_PREFIX);
}

/** Suggests a valid namespace: `my-hook-1` for `My Hook_1`. Returns an empty text if no valid character is left. */
export function suggestNamespace(typed: string): string {
	return typed
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '');
}

/** Explains why a namespace is invalid, with a suggestion. */
export function explainNamespace(typed: string): string {
	const suggestion = suggestNamespace(typed);
	const example = suggestion === '' ? '' : `, for example "${suggestion}"`;
	return `"${typed}" is not a valid namespace. Procore allows only lowercase letters, digits and dashes${example}.`;
}

/**
 * Generates the namespace of a trigger node. It is always the same for a node, and different for every other node, instance
 * and mode. It contains only letters and dashes, so both versions of Procore's documentation allow it
 * [NAMESPACE-CHARACTERS] [NAMESPACE-LENGTH].
 *
 * @param webhookUrl differs per instance, per node and between test and production, and doesn't change with a rename.
 * @param workflowId distinguishes copies with the same webhook URL, for example after an import.
 */
export function generateNamespace(webhookUrl: string, workflowId: string): string {
	const digest = createHash('sha256').update(`${webhookUrl}\n${workflowId}`).digest();
	const letters = [...digest.subarray(0, GENERATED_LETTERS)].map((byte) => LETTERS[byte % 26]);
	return GENERATED_PREFIX + letters.join('');
}

/**
 * Returns what a node's production and test URL have in common: n8n's origin, and the end of the path, which names the
 * node. The part between them, `webhook` or `webhook-test`, is configurable.
 */
function nodeAddress(webhookUrl: string): string {
	const { origin, pathname } = new URL(webhookUrl);
	return `${origin} ${pathname.split('/').slice(-2).join('/')}`;
}

/**
 * Generates the namespace of the hook that listens for a test event. It is the same for the production URL, so that an
 * activation finds the test hook that a killed n8n has left behind.
 *
 * @param webhookUrl the node's production or test URL.
 */
export function generateTestNamespace(webhookUrl: string, workflowId: string): string {
	return generateNamespace(`test ${nodeAddress(webhookUrl)}`, workflowId);
}

/** Whether two webhook URLs belong to the same node: its production and test URL, or the same URL. */
export function isSameNode(webhookUrl: string, other: string): boolean {
	return (
		URL.canParse(webhookUrl) &&
		URL.canParse(other) &&
		nodeAddress(webhookUrl) === nodeAddress(other)
	);
}
