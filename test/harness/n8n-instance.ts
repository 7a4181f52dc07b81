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
	/** The folder of the node package to load, built; its published files are copied. Null: they are in place. */
	packageRoot: string | null;
	/** n8n's folder for its database and packages. A temporary one by default. */
	userFolder?: string;
	/** Another port is taken when this one is in use. A free one by default. */
	port?: number;
	/** Settings besides the ones made here; they win. */
	env?: Record<string, string>;
	/** A file to which n8n's output is added. */
	logFile?: string;
	/** Takes one line of progress at a time. Silent by default. */
	log?: (line: string) => void;
}

/** A running n8n whose owner account exists. */
export interface N8nInstance {
	/** As `http://127.0.0.1:43210`, the base of webhook URLs too. */
	readonly url: string;
	/** Where a person signs in. */
	readonly editorUrl: string;
	readonly owner: Owner;
	/** Signed in as the owner. */
	readonly rest: N8nRest;
	readonly userFolder: string;
	readonly pid: number;
	/** Stops it in order (SIGTERM) and waits for the end. */
	stop(): Promise<void>;
	/** Ends it without warning (SIGKILL). */
	kill(): Promise<void>;
	/**
	 * Starts it again on the same folder and port, stopping it first if need be.
	 *
	 * @param env settings to change from now on
	 */
	restart(env?: Record<string, string>): Promise<void>;
	/** What all runs so far have written to stdout and stderr. */
	logs(): string;
	/** Stops it and deletes its folder, if that is a temporary one. */
	dispose(): Promise<void>;
}

/** The account of every instance that is started here. It guards nothing: n8n listens on loopback only. */
export const demoOwner: Owner = { email: 'owner@example.com', password: 'Procore4n8n' };

const PORT_ATTEMPTS = 5;

/**
 * Starts n8n with the package loaded as an installed community package, on free ports of the loopback
 * address and without any traffic to the outside, and makes its owner account.
 *
 * @throws with the end of n8n's output when it ends before it is ready
 */
export async function startN8n(options: StartN8nOptions): Promise<N8nInstance> {
	const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-')));
	const previousLogs: string[] = [];
	let env = options.env ?? {};
	let server: ServerProcess | undefined;
	let port = options.port;

	/** One start; undefined when a port was taken in the meantime. */
	const launch = async (atPort: number): Promise<ServerProcess | undefined> => {
		const { install, packageRoot, logFile } = options;
		const launched = await startN8nProcess({
			install,
			command: 'start',
			port: atPort,
			// After the first start they are there, and another process may be using them.
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
			// After the first start the port is part of every webhook URL and stays.
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
			stop: async () => await server?.stop(),
			kill: async () => await server?.kill(),
			async restart(changes = {}) {
				env = { ...env, ...changes };
				if (server?.isRunning()) await server.stop();
				previousLogs.push(server?.logs() ?? '');
				await start();
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

/** Makes the owner's account, or signs in where it exists. */
async function signIn(rest: N8nRest): Promise<void> {
	await waitFor(
		'n8n to take the owner account',
		async () => {
			try {
				await rest.setupOwner();
				return true;
			} catch (error) {
				if (!(error instanceof N8nRestError)) return undefined;
				// The interface may answer 404 for a moment after n8n says that it is ready.
				if (error.status === 404) return undefined;
				await rest.login();
				return true;
			}
		},
		60_000,
		200,
	);
}
