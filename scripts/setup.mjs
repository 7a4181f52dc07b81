// Runs before every npm script, on any supported Node and before any dependency exists: installs the development
// packages if the lockfile has changed, and the Node 24 that runs the rest.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const windows = process.platform === 'win32';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-for');
const nodeBinary = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const lockfile = readFileSync(join(root, 'package-lock.json'));
const wanted = createHash('sha256').update(lockfile).digest('hex');

function fail(message) {
	console.error(message);
	process.exit(1);
}

function run(command, ...args) {
	try {
		execFileSync(command, args, {
			cwd: root,
			stdio: ['ignore', 'inherit', 'inherit'],
			shell: windows,
		});
	} catch {
		fail(`\nCould not install the development packages: "${[command, ...args].join(' ')}" failed.`);
	}
}

if (Number.parseInt(process.versions.node, 10) < 20) {
	fail(`Node 20 or later is required; this is ${process.versions.node}.`);
}

const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : '';
if (installed !== wanted || !existsSync(nodeBinary)) {
	console.error('Installing the development packages (takes some minutes the first time) ...');
	run('npm', 'ci', '--loglevel=error');
	// The package `node` downloads its binary in an install script, the only one that is allowed to run.
	run('npm', 'rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
	run(nodeBinary, '--eval', '0');
	writeFileSync(stamp, wanted);
}
