// Runs the end-to-end suite on every n8n that the README names: each has a folder in test/ with a package file and a
// lockfile. Each is installed once into the user's cache folder.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/**
 * The suites that apply: n8n 1.x writes its own messages for failed connection tests, requires more fields, and has a
 * different editor.
 */
const subjects = {
	n8n: '.',
	'n8n-2.39': '.',
	'n8n-1.123':
		'e2e/(trigger|restart|examples|recipes|ai-agent|record|activation-faults|action-(hooks|triggers|deliveries|directory))',
};

function versionIn(folder) {
	const file = join(root, 'test', folder, 'package.json');
	return JSON.parse(readFileSync(file, 'utf8')).dependencies.n8n;
}

function passes(folder, pattern) {
	try {
		execFileSync(
			process.execPath,
			[jest, '--selectProjects=e2e', `--testPathPatterns=${pattern}`],
			{
				cwd: root,
				env: { ...process.env, PROCORE_N8N: folder },
				stdio: 'inherit',
			},
		);
		return true;
	} catch {
		return false;
	}
}

const results = Object.entries(subjects).map(([folder, pattern]) => ({
	n8n: versionIn(folder),
	suites: pattern,
	passed: passes(folder, pattern),
}));
console.table(results);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
