/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { parseObject, requireText } from './json';
import { isAlive, withLockFolder } from './lock-folder';
import { cacheFolder, nodeForN8n, repositoryRoot } from './paths';
import { runCommand, startProcess } from './processes.cjs';
import { tail } from './server-process';

/** An n8n that is ready to start. */
export interface N8nInstall {
	/** The folder of the installation. */
	readonly folder: string;
	/** The Node executable that runs it. */
	readonly node: string;
	/** The script to run. */
	readonly script: string;
	/** For example `2.41.1`. */
	readonly version: string;
}

export interface EnsureN8nOptions {
	/** Receives one line of progress at a time. Silent by default. */
	log?: (line: string) => void;
	/** The folder with the package.json and package-lock.json of the n8n. */
	packageFolder?: string;
}

/** The variable that selects another folder in test/ with the package file of an n8n, for the compatibility run. */
const N8N_PACKAGE = 'PROCORE_N8N';

/** The package file of the n8n that the demo and the end-to-end tests share. */
const sharedN8nPackage = join(repositoryRoot, 'test', process.env[N8N_PACKAGE] ?? 'n8n');

/** Native modules that n8n needs to start, and how to check that each one works. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

const PROGRESS_INTERVAL = 15_000;

/**
 * Installs n8n into the user's cache folder if it is not there already. The folder is named after the lockfile and
 * the Node version, appears only when it is complete, and serves all checkouts.
 *
 * @throws with the end of npm's output if npm fails
 */
export async function ensureN8n(options: EnsureN8nOptions = {}): Promise<N8nInstall> {
	const log = options.log ?? (() => undefined);
	const packageFolder = options.packageFolder ?? sharedN8nPackage;
	const node = nodeForN8n();
	const name = `n8n-${await installKey(packageFolder, node)}`;
	const folder = join(cacheFolder(), name);
	if (!existsSync(folder)) {
		await mkdir(cacheFolder(), { recursive: true });
		await withLockFolder(
			`${folder}.lock`,
			async () => {
				if (existsSync(folder)) return;
				await removeLeftovers(name);
				await install({ packageFolder, node, folder, log });
			},
			(holder) =>
				log(`Process ${holder} is installing the same n8n; waiting for it (see ${folder}.log) ...`),
		);
	}
	const manifest = parseObject(
		await readFile(join(folder, 'node_modules', 'n8n', 'package.json'), 'utf8'),
	);
	return {
		folder,
		node,
		script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		version: requireText("n8n's package.json", manifest, 'version'),
	};
}

async function installKey(packageFolder: string, node: string): Promise<string> {
	const { stdout } = await runCommand(node, ['--print', 'process.versions.node.split(".")[0]']);
	return createHash('sha256')
		.update(await readFile(join(packageFolder, 'package-lock.json')))
		.update(`node ${stdout.trim()} ${process.platform} ${process.arch}`)
		.digest('hex')
		.slice(0, 12);
}

/** Removes what interrupted installations left behind. */
async function removeLeftovers(name: string): Promise<void> {
	for (const entry of await readdir(cacheFolder())) {
		const pid = new RegExp(`^${name}\\.(\\d+)\\.tmp$`).exec(entry)?.[1];
		if (pid !== undefined && !isAlive(Number(pid))) {
			await rm(join(cacheFolder(), entry), { recursive: true, force: true });
		}
	}
}

interface InstallTask {
	packageFolder: string;
	node: string;
	folder: string;
	log: (line: string) => void;
}

async function install({ packageFolder, node, folder, log }: InstallTask): Promise<void> {
	const building = `${folder}.${process.pid}.tmp`;
	const npmLog = `${folder}.log`;
	const startedAt = Date.now();
	log('Installing n8n (once per machine; some minutes and about 3 GB) ...');
	await rm(npmLog, { force: true });
	await mkdir(building, { recursive: true });
	let done = false;
	const progress = setInterval(() => {
		void sizeOf(building).then((size) => {
			if (!done) log(`  ${elapsed(startedAt)}${size}`);
		});
	}, PROGRESS_INTERVAL);
	try {
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(join(packageFolder, file), join(building, file));
		}
		const npm = async (...args: string[]) => await runNpm(args, { cwd: building, node, npmLog });
		// Only the native modules that n8n needs to start are built: others, such as that of the Kafka node, need
		// libraries that many machines lack.
		await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
		for (const native of NATIVE_MODULES) {
			if (await loads(native, building, node)) continue;
			log(`  ${elapsed(startedAt)}, building ${native} ...`);
			await npm('rebuild', native, '--ignore-scripts=false', '--foreground-scripts');
			if (!(await loads(native, building, node))) {
				throw new Error(`${native} does not load after it was built. ${npmOutput(npmLog)}`);
			}
		}
		await rename(building, folder).catch((error: unknown) => {
			// Another process might have been faster if both took over the lock of a third that died.
			if (!existsSync(folder)) throw error;
		});
		log(`Installed n8n into ${folder} in ${elapsed(startedAt)}.`);
	} finally {
		done = true;
		clearInterval(progress);
		await rm(building, { recursive: true, force: true });
	}
}

async function runNpm(
	args: string[],
	{ cwd, node, npmLog }: { cwd: string; node: string; npmLog: string },
): Promise<void> {
	const output = await open(npmLog, 'a');
	try {
		const child = startProcess('npm', args, {
			cwd,
			env: npmEnvironment(node),
			stdio: ['ignore', output.fd, output.fd],
			shell: process.platform === 'win32',
		});
		const stopNpm = () => child.kill('SIGTERM');
		process.once('exit', stopNpm);
		const ended = await new Promise<string | undefined>((resolve) => {
			child.once('error', (error) => resolve(error.message));
			child.once('exit', (code, signal) =>
				resolve(code === 0 ? undefined : `exit code ${code ?? signal}`),
			);
		});
		process.removeListener('exit', stopNpm);
		if (ended !== undefined) {
			throw new Error(`npm ${args.join(' ')} failed (${ended}). ${npmOutput(npmLog)}`);
		}
	} finally {
		await output.close();
	}
}

function npmOutput(npmLog: string): string {
	return `The end of ${npmLog}:\n${tail(readFileSync(npmLog, 'utf8'))}`;
}

/**
 * The environment for npm: the required Node first on PATH, without the variables that the calling npm has set for
 * its own package, and with that Node's headers for native modules.
 */
function npmEnvironment(node: string): NodeJS.ProcessEnv {
	const env: NodeJS.ProcessEnv = {};
	for (const [key, value] of Object.entries(process.env)) {
		if (/^npm_(lifecycle|package|config_(local|global)_prefix)|^INIT_CWD$|^NODE_ENV$/.test(key)) {
			continue;
		}
		env[key] = value;
	}
	env.PATH = [dirname(node), process.env.PATH].join(delimiter);
	const headers = headersOf(node);
	if (headers !== undefined) env.npm_config_nodedir = headers;
	return env;
}

function headersOf(node: string): string | undefined {
	const packages = join(dirname(node), '..', 'node_modules');
	return [
		`node-${process.platform}-${process.arch}`,
		`node-bin-${process.platform}-${process.arch}`,
	]
		.map((name) => join(packages, name))
		.find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')));
}

async function loads(name: string, folder: string, node: string): Promise<boolean> {
	try {
		await runCommand(node, ['--eval', `require(${JSON.stringify(name)})`], { cwd: folder });
		return true;
	} catch {
		return false;
	}
}

function elapsed(startedAt: number): string {
	const seconds = Math.round((Date.now() - startedAt) / 1_000);
	return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

async function sizeOf(folder: string): Promise<string> {
	try {
		// While files come and go, du can exit with an error although it has counted the rest.
		const { stdout } = await runCommand('du', ['-sk', folder]).catch((error: unknown) => ({
			stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : '',
		}));
		const kilobytes = Number.parseInt(stdout, 10);
		if (Number.isNaN(kilobytes)) return '';
		// npm requests every package by name before it fetches the first.
		if (kilobytes < 50_000) return ', looking the packages up';
		return `, ${(kilobytes / 1024 / 1024).toFixed(1)} GB so far`;
	} catch {
		return '';
	}
}
