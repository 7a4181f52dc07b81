/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { requireText } from './json';
import { repositoryRoot } from './paths';
import { runCommand } from './processes.cjs';

/** A substitute for npm's registry when nothing should leave the loopback address; for systems with a POSIX shell. */
export interface NpmRegistry {
	/** The only version of the package that it has. */
	readonly version: string;
	/** Environment variables for an n8n that should install the package from it. */
	readonly env: Record<string, string>;
	remove(): Promise<void>;
}

/** Nothing listens at the port of tcpmux. */
const DEAD_PROXY = 'http://127.0.0.1:1';

/**
 * Packs the checkout like `npm publish` and offers it to an n8n under the package's name. n8n accepts a registry
 * other than npm's only with a license, but it runs whichever `npm` is first on PATH: here, one that knows this
 * package and passes everything except registry requests to the real npm. Requests that n8n itself sends over HTTPS
 * fail at a proxy that does not exist; n8n then asks npm.
 *
 * @throws if npm cannot pack the checkout
 */
export async function startNpmRegistry(): Promise<NpmRegistry> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-registry-'));
	const { stdout } = await runCommand(
		'npm',
		['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`],
		{ cwd: repositoryRoot },
	);
	const packed: unknown = JSON.parse(stdout);
	const name = requireText("npm's answer", packed, 0, 'name');
	const version = requireText("npm's answer", packed, 0, 'version');
	const tarball = requireText("npm's answer", packed, 0, 'filename');
	const npm = join(folder, 'npm');
	await writeFile(
		npm,
		[
			'#!/bin/sh',
			'case "$1 $2" in',
			`'view ${name}@latest') echo '"${version}"' ;;`,
			`'pack ${name}@latest') cp '${folder}/${tarball}' . && echo '${tarball}' ;;`,
			`'outdated --json') echo '{}' ;;`,
			`view* | pack*) echo "npm error code E404: $2" >&2; exit 1 ;;`,
			// Without the folder of this file, which is the first.
			'*) PATH="${PATH#*:}"; exec npm "$@" ;;',
			'esac',
			'',
		].join('\n'),
	);
	await chmod(npm, 0o755);
	return {
		version,
		env: { PATH: `${folder}${delimiter}${process.env.PATH}`, ...withoutOutside() },
		remove: async () => await rm(folder, { recursive: true }),
	};
}

/** In both spellings, because programs prefer one or the other. */
function withoutOutside(): Record<string, string> {
	const settings = {
		http_proxy: DEAD_PROXY,
		https_proxy: DEAD_PROXY,
		no_proxy: '127.0.0.1,localhost',
	};
	return Object.fromEntries(
		Object.entries(settings).flatMap(([key, value]) => [
			[key, value],
			[key.toUpperCase(), value],
		]),
	);
}
