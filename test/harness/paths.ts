/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of the checkout. */
export const repositoryRoot = join(__dirname, '..', '..');

/** The folder for installations that all checkouts of a user share. */
export function cacheFolder(): string {
	const base = process.env.XDG_CACHE_HOME;
	return join(
		base !== undefined && base !== '' ? base : join(homedir(), '.cache'),
		'n8n-nodes-procore',
	);
}

/**
 * The Node that runs n8n, which needs version 24 or later: the development package `node`, otherwise the Node that
 * runs this code.
 *
 * @throws if neither is recent enough
 */
export function nodeForN8n(): string {
	const packaged = join(repositoryRoot, 'node_modules', 'node', 'bin', 'node');
	if (existsSync(packaged)) return packaged;
	if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
	throw new Error(
		`n8n needs Node 24 or later, this is ${process.versions.node}. Run: node scripts/setup.mjs`,
	);
}
