/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { join } from 'node:path';

import { listAt, textAt } from '../test/harness/json';
import type { N8nInstall } from '../test/harness/n8n-install';
import { repositoryRoot } from '../test/harness/paths';
import { runCommand } from '../test/harness/processes.cjs';
import { spread, type Spread } from './statistics';

export interface PackageCost {
	/** In bytes. */
	readonly packed: number;
	readonly unpacked: number;
	readonly files: number;
	/**
	 * Milliseconds that an n8n which has loaded its own code needs to load this package, in a fresh process each time.
	 */
	readonly load: Spread;
}

/** What n8n does with a package when it starts: load each class and create an instance. */
const LOAD = `
	require('n8n-workflow');
	const { n8n } = require(process.argv[1] + '/package.json');
	const start = process.hrtime.bigint();
	for (const path of [...n8n.credentials, ...n8n.nodes]) {
		const name = path.split('/').pop().split('.')[0];
		new (require(process.argv[1] + '/' + path)[name])();
	}
	console.log(Number(process.hrtime.bigint() - start) / 1e6);
`;

/** Packs the compiled package and loads it in `runs` fresh processes. */
export async function measurePackage(install: N8nInstall, runs: number): Promise<PackageCost> {
	const pack = await runCommand('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: repositoryRoot,
	});
	const [packed] = listAt(JSON.parse(pack.stdout));
	const load: number[] = [];
	for (let run = 0; run < runs; run += 1) {
		const { stdout } = await runCommand(install.node, ['--eval', LOAD, repositoryRoot], {
			cwd: repositoryRoot,
			env: { ...process.env, NODE_PATH: join(install.folder, 'node_modules') },
		});
		load.push(Number(stdout));
	}
	return {
		packed: Number(textAt(packed, 'size')),
		unpacked: Number(textAt(packed, 'unpackedSize')),
		files: Number(textAt(packed, 'entryCount')),
		load: spread(load),
	};
}
