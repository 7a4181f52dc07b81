// Draws which folder of the package imports which into docs/architecture.md. With --check, it only reports whether
// the drawing there is up to date.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs', 'architecture.md');
const [start, end] = ['<!-- graph:start -->', '<!-- graph:end -->'];

/** The folders as a Mermaid flowchart, independent of the order of imports in a file. */
function draw() {
	const output = execFileSync(
		process.execPath,
		[
			join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
			...['--config', 'lint/dependency-cruiser.cjs'],
			...['--include-only', '^(nodes|credentials)/'],
			...['--collapse', '^(nodes/Procore/[^/]+|credentials)'],
			...['--output-type', 'mermaid'],
			...['nodes', 'credentials'],
		],
		{ cwd: root, encoding: 'utf8' },
	);
	const lines = output.split('\n').filter((line) => line !== '');
	const isArrow = (line) => line.includes('-->');
	const arrows = lines.filter(isArrow).sort();
	return [...lines.filter((line) => !isArrow(line)), ...arrows].join('\n');
}

const text = readFileSync(page, 'utf8');
const [before, after] = [text.indexOf(start), text.indexOf(end)];
if (before === -1 || after < before) throw new Error(`${page} has no ${start} ... ${end}`);

const drawing = `${start}\n\n\`\`\`mermaid\n${draw()}\n\`\`\`\n\n`;
const updated = text.slice(0, before) + drawing + text.slice(after);
if (updated === text) {
	console.log('The graph in docs/architecture.md is up to date.');
} else if (process.argv.includes('--check')) {
	console.error('The graph in docs/architecture.md is out of date: run "npm run graph".');
	process.exitCode = 1;
} else {
	writeFileSync(page, updated);
	console.log('Wrote the graph into docs/architecture.md.');
}
