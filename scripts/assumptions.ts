/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { assumptionsPage } from '../test/contract/assumptions-page';
import { usesIn } from '../test/contract/markers';
import { repositoryRoot } from '../test/harness/paths';

const PAGE = join(repositoryRoot, 'docs', 'assumptions.md');

/** Writes docs/assumptions.md. With --check, only reports whether it is up to date. */
async function main(): Promise<void> {
	const options = await resolveConfig(PAGE);
	const page = await format(assumptionsPage(usesIn(repositoryRoot)), {
		...options,
		parser: 'markdown',
	});
	const written = await readFile(PAGE, 'utf8').catch(() => '');
	if (written === page) {
		process.stdout.write('docs/assumptions.md is up to date.\n');
	} else if (process.argv.includes('--check')) {
		process.stderr.write('docs/assumptions.md is out of date: run "npm run assumptions".\n');
		process.exitCode = 1;
	} else {
		await writeFile(PAGE, page);
		process.stdout.write('Wrote docs/assumptions.md.\n');
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
