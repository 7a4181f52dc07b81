/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { N8nInstall } from './n8n-install';
import { startN8nProcess } from './n8n-process';
import { N8nRest, N8nRestError, type Owner } from './n8n-rest';
import { freePorts, isPortFree } from './ports';
import type { ServerProcess } from './server-process';
import { waitFor } from './wait';

export interface StartN8nOptions {
	install: N8nInstall;
	/**
	 * The folder of the built node package to load; its published files are copied. Null if they are already in place.
	 */
	packageRoot: string | null;
	/** n8n's folder for its database and packages. A temporary one by default. */
	userFolder?: string;
	/** A preferred port; another one is used if it is taken. A free port by default. */
	port?: number;
	/** Settings that override the default ones. */
	env?: Record<string, string>;
	/** A file to which n8n's output is appended. */
	logFile?: string;
	/** Receives one line of progress at a time. Silent by default. */
	log?: (line: string) => void;
}

/** A running n8n with an owner account. */
export interface N8nInstance {
	/** For example `http://127.0.0.1:43210`; also the base of webhook URLs. */
	readonly url: string;
	/** The URL of the sign-in page. */
	readonly editorUrl: string;
	readonly owner: Owner;
	/** Signed in as the owner. */
	readonly rest: N8nRest;
	readonly userFolder: string;
	readonly pid: number;
	/** When its process was started last, in milliseconds since 1970. */
	readonly startedAt: number;
	/** Stops it gracefully (SIGTERM) and waits until it has ended. */
	stop(): Promise<void>;
	/** Kills it (SIGKILL). */
	kill(): Promise<void>;
	/**
	 * Starts it again with the same folder and port, and stops it first if necessary.
	 *
	 * @param env settings to change from now on
	 */
	restart(env?: Record<string, string>): Promise<void>;
	/** The stdout and stderr of all runs so far. */
	logs(): string;
	/** Stops it and deletes its folder if that is a temporary one. */
	dispose(): Promise<void>;
}

/** The account of every instance started here. It protects nothing: n8n only listens on loopback. */
export const demoOwner: Owner = { email: 'owner@example.com', password: 'Procore4n8n' };

const PORT_ATTEMPTS = 5;

/**
 * An n8n that was killed while it created an execution ends at its next start, when it recovers that execution. The start
 * after that skips the recovery, so a supervisor only has to start n8n again (n8n 2.41, `performStartupRecovery`).
 */
function hasFailedToRecover(error: unknown): boolean {
	return error instanceof Error && error.message.includes('performStartupRecovery');
}

/**
 * Starts n8n with the package loaded as an installed community package, on free loopback ports and without any
 * external traffic, and creates its owner account.
 *
 * @throws with the end of n8n's output if it ends before it is ready
 */
export async function startN8n(options: StartN8nOptions): Promise<N8nInstance> {
	const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-')));
	const previousLogs: string[] = [];
	let env = options.env ?? {};
	let server: ServerProcess | undefined;
	let port = options.port;
	let startedAt = 0;

	/** Starts n8n once; undefined if a port was taken in the meantime. */
	const launch = async (atPort: number): Promise<ServerProcess | undefined> => {
		const { install, packageRoot, logFile } = options;
		startedAt = Date.now();
		const launched = await startN8nProcess({
			install,
			command: 'start',
			port: atPort,
			// After the first start they are in place, and another process might be using them.
			packageRoot: server === undefined ? packageRoot : null,
			userFolder,
			env,
			logFile,
		});
		if (!('portTaken' in launched)) return launched;
		previousLogs.push(launched.portTaken);
		return undefined;
	};

	const start = async () => {
		for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
			// After the first start the port is part of every webhook URL and must not change.
			if (server === undefined && (port === undefined || !(await isPortFree(port)))) {
				[port = 0] = await freePorts(1);
			}
			const launched = await launch(port ?? 0);
			if (launched !== undefined) {
				server = launched;
				return;
			}
			options.log?.(`Port ${port} was taken in the meantime; trying again ...`);
			if (server === undefined) port = undefined;
		}
		throw new Error(`n8n found its ports in use ${PORT_ATTEMPTS} times`);
	};

	const removeFolder = async () => {
		if (options.userFolder === undefined) await rm(userFolder, { recursive: true, force: true });
	};
	const bringUp = async (): Promise<N8nInstance> => {
		await start();
		const url = `http://127.0.0.1:${port}`;
		const rest = new N8nRest(url, demoOwner);
		await signIn(rest);
		return {
			url,
			editorUrl: `${url}/home/workflows`,
			owner: demoOwner,
			rest,
			userFolder,
			get pid() {
				return server?.pid ?? 0;
			},
			get startedAt() {
				return startedAt;
			},
			stop: async () => await server?.stop(),
			kill: async () => await server?.kill(),
			async restart(changes = {}) {
				env = { ...env, ...changes };
				if (server?.isRunning()) await server.stop();
				previousLogs.push(server?.logs() ?? '');
				await start().catch(async (error: unknown) => {
					if (!hasFailedToRecover(error)) throw error;
					await start();
				});
				await signIn(rest);
			},
			logs: () => [...previousLogs, server?.logs() ?? ''].join(''),
			async dispose() {
				await server?.stop();
				await removeFolder();
			},
		};
	};
	return await bringUp().catch(async (error: unknown) => {
		await server?.kill();
		await removeFolder();
		throw error;
	});
}

/** Creates the owner's account, or signs in if it exists. */
async function signIn(rest: N8nRest): Promise<void> {
	await waitFor(
		'n8n to take the owner account',
		async () => {
			try {
				await rest.setupOwner();
				return true;
			} catch (error) {
				if (!(error instanceof N8nRestError)) return undefined;
				// The interface can answer 404 for a moment after n8n reports that it is ready.
				if (error.status === 404) return undefined;
				await rest.login();
				return true;
			}
		},
		60_000,
		200,
	);
}
