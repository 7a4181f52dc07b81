/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import './global-setup';

/** Stops the n8n that the end-to-end suites share. */
export default async function globalTeardown(): Promise<void> {
	await globalThis.sharedN8n?.dispose();
}
