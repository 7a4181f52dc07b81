// Runs before every npm script, on whatever Node the machine has and before any dependency exists: installs the
// development packages when the lockfile says so, and the Node 24 that the rest runs on.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-for');
const nodeBinary = join(root, 'node_modules', 'node', 'bin', 'node');
const lockfile = readFileSync(join(root, 'package-lock.json'));
const wanted = createHash('sha256').update(lockfile).digest('hex');

const npm = (...args) =>
	execFileSync('npm', args, {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
		shell: process.platform === 'win32',
	});

const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (installed !== wanted || !existsSync(nodeBinary)) {
	console.error('Installing the development packages (about two minutes the first time) ...');
	npm('ci', '--loglevel=error');
	// The package `node` fetches its binary in an install script, the only one that is let run.
	npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
	execFileSync(nodeBinary, ['--version'], { stdio: 'ignore' });
	writeFileSync(stamp, wanted);
}
