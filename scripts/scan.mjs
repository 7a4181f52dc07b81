// Runs n8n's published scanner for community packages offline, as it would check a release: on the sources, and on
// the files of the package that npm would publish. A release also needs a provenance statement, which only the
// publishing workflow can provide.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

// The patterns that the scanner uses for the unpacked tarball; it does not export them.
const PACKAGE_FILE_PATTERNS = ['**/*.js', 'package.json'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-procore-scan-'));

async function judge(what, where, patterns) {
	const verdict = await analyzePackage(where, patterns);
	const { message, details } = verdict;
	// It also passes a folder without files, and says so in the message.
	const passed = verdict.passed && message === undefined;
	console.log(`${passed ? 'passed' : 'FAILED'}: ${what}`);
	if (!passed) console.log([message, details].filter(Boolean).join('\n'));
	return passed;
}

function unpackPackage() {
	execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', tarball], { cwd: folder });
	return join(folder, 'package');
}

try {
	const verdicts = [
		await judge('the sources', root, SOURCE_FILE_PATTERNS),
		await judge('the published package', unpackPackage(), PACKAGE_FILE_PATTERNS),
	];
	process.exitCode = verdicts.every(Boolean) ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
