/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePorts } from './ports';
import { runCommand } from './processes.cjs';
import { startServerProcess, tail, type ServerProcess } from './server-process';
import { installPackages } from './system-packages';
import { waitFor } from './wait';

/** A server with data, on a free loopback port and in a temporary folder. */
export interface DatabaseServer {
	readonly port: number;
	/** Stops it gracefully and starts it again with the same data and port. */
	restart(): Promise<void>;
	/** Stops it and deletes its data. */
	dispose(): Promise<void>;
}

interface Identity {
	uid: number;
	gid: number;
}

const READY_WITHIN = 60_000;

/** The user that runs both servers' commands; PostgreSQL refuses to run as root. */
async function unprivileged(): Promise<Identity | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	for (const user of ['postgres', 'nobody']) {
		try {
			const id = async (what: string) => Number((await runCommand('id', [what, user])).stdout);
			return { uid: await id('-u'), gid: await id('-g') };
		} catch {
			// This user does not exist on the system.
		}
	}
	throw new Error(
		'PostgreSQL does not run as root, and there is neither a user postgres nor nobody',
	);
}

/** Folders with commands: those of PATH, and those where Debian keeps PostgreSQL's servers, latest first. */
async function commandFolders(): Promise<string[]> {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? await readdir(debian) : [];
	return [
		...(process.env.PATH ?? '').split(delimiter),
		...versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(debian, version, 'bin')),
	];
}

async function findCommand(name: string): Promise<string | undefined> {
	const folders = await commandFolders();
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Finds commands, or installs the system package that contains them if that needs no password.
 *
 * @throws with the command to run if neither works
 */
async function ensureCommands(
	names: string[],
	systemPackage: string,
	log: (line: string) => void,
): Promise<string[]> {
	for (const install of [false, true]) {
		if (install) {
			log(`Installing ${systemPackage} from the system packages ...`);
			await installPackages(systemPackage).catch((error: unknown) => {
				throw new Error(
					`${names.join(' and ')} not found, and not installed (${String(error).split('\n')[0]}). Type: sudo apt-get install --yes ${systemPackage}`,
				);
			});
		}
		const paths = await Promise.all(names.map(findCommand));
		const found = paths.filter((path) => path !== undefined);
		if (found.length === names.length) return found;
	}
	throw new Error(
		`The package ${systemPackage} has no ${names.join(', ')}. Put them on the PATH and try again.`,
	);
}

interface Start {
	command: string;
	argsAt: (port: number, folder: string) => string[];
	readyLine: RegExp;
	folder: string;
	as: Identity | undefined;
}

async function startDatabase(start: Start): Promise<DatabaseServer> {
	const { command, folder, as, readyLine } = start;
	const [port = 0] = await freePorts(1);
	const launch = async (): Promise<ServerProcess> => {
		const server = startServerProcess({
			node: process.execPath,
			args: [
				join(__dirname, 'program.cjs'),
				...(as === undefined ? ['-', '-'] : [String(as.uid), String(as.gid)]),
				command,
				...start.argsAt(port, folder),
			],
			cwd: folder,
			env: process.env,
		});
		await waitFor(
			`${command} to be ready`,
			async () => {
				if (readyLine.test(server.logs())) return true;
				if (server.isRunning()) return undefined;
				throw new Error(`${command} ended (${await server.ended}):\n${tail(server.logs())}`);
			},
			READY_WITHIN,
			50,
		);
		return server;
	};
	let server = await launch();
	return {
		port,
		async restart() {
			await server.stop();
			server = await launch();
		},
		async dispose() {
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function dataFolder(name: string, as: Identity | undefined): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `n8n-nodes-procore-${name}-`));
	if (as !== undefined) await chown(folder, as.uid, as.gid);
	return folder;
}

/** The user that {@link startPostgres} creates; it needs no password. */
export const POSTGRES_USER = 'n8n';

/** Starts a PostgreSQL with an empty database `postgres`. */
export async function startPostgres(log: (line: string) => void): Promise<DatabaseServer> {
	const [command = '', initdb = ''] = await ensureCommands(
		['postgres', 'initdb'],
		'postgresql',
		log,
	);
	const as = await unprivileged();
	const folder = await dataFolder('postgres', as);
	await runCommand(
		initdb,
		[
			...['--pgdata', folder, '--username', POSTGRES_USER, '--auth', 'trust'],
			...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
		],
		{ cwd: folder, ...as },
	);
	return await startDatabase({
		command,
		folder,
		as,
		argsAt: (port) => [
			...['-D', folder, '-p', String(port)],
			...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
		],
		readyLine: /ready to accept connections/,
	});
}

/** Starts a Redis that persists every change, as one that holds a queue should. */
export async function startRedis(log: (line: string) => void): Promise<DatabaseServer> {
	const [command = ''] = await ensureCommands(['redis-server'], 'redis-server', log);
	const as = await unprivileged();
	const folder = await dataFolder('redis', as);
	return await startDatabase({
		command,
		folder,
		as,
		argsAt: (port) => [
			...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
			...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
		],
		readyLine: /Ready to accept connections/,
	});
}
