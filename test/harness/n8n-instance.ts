/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import axios from 'axios';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { listAt, parseObject, requireText, textAt } from './json';
import type { N8nInstall } from './n8n-install';
import { N8nRest, N8nRestError, type Owner } from './n8n-rest';
import { freePorts, isPortFree } from './ports';
import { startServerProcess, tail, type ServerProcess } from './server-process';
import { waitFor } from './wait';

export interface StartN8nOptions {
	install: N8nInstall;
	/** The folder of the node package to load, built; its published files are copied at each start. */
	packageRoot: string;
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

const READY_TIMEOUT = 180_000;
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
		const [brokerPort = 0] = await freePorts(1);
		await placePackage(options.packageRoot, userFolder);
		const launched = startServerProcess({
			node: options.install.node,
			args: [options.install.script, 'start'],
			cwd: userFolder,
			env: {
				...environment(userFolder, atPort, brokerPort),
				...withoutOutsideTraffic(options.install),
				...env,
			},
			logFile: options.logFile,
		});
		const ended = await Promise.race([launched.ended, untilReady(atPort, launched)]);
		if (ended === undefined) return launched;
		previousLogs.push(launched.logs());
		await launched.kill();
		if (/EADDRINUSE|already in use/.test(launched.logs())) return undefined;
		throw new Error(`n8n did not start (${ended}). The end of its log:\n${tail(launched.logs())}`);
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
	try {
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
	} catch (error) {
		await server?.kill();
		await removeFolder();
		throw error;
	}
}

/**
 * Puts the files that npm would publish where n8n keeps installed community packages. They are copied,
 * not linked: a link would let the nodes find the checkout's own n8n-workflow rather than n8n's.
 */
async function placePackage(packageRoot: string, userFolder: string): Promise<void> {
	const manifest = parseObject(await readFile(join(packageRoot, 'package.json'), 'utf8'));
	const target = join(
		userFolder,
		'.n8n',
		'nodes',
		'node_modules',
		requireText('package.json', manifest, 'name'),
	);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	const published = [
		'package.json',
		textAt(manifest, 'main'),
		...listAt(manifest, 'files').map(String),
	];
	for (const file of published) {
		if (file === undefined) continue;
		await cp(join(packageRoot, file), join(target, file), { recursive: true });
	}
}

/** Settings that make n8n quiet, private and the same on every machine. */
function environment(userFolder: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
	const url = `http://127.0.0.1:${port}`;
	return {
		...inheritedEnvironment(),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: `key of ${basename(userFolder)}`,
		N8N_PORT: String(port),
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_EDITOR_BASE_URL: url,
		WEBHOOK_URL: url,
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_ONBOARDING_FLOW_DISABLED: 'true',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_AI_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		GENERIC_TIMEZONE: 'Etc/UTC',
	};
}

/** n8n asks its makers' server for MCP servers when it starts, and stops at module names it lacks. */
function withoutOutsideTraffic({ folder }: N8nInstall): NodeJS.ProcessEnv {
	const registry = join(folder, 'node_modules', 'n8n', 'dist', 'modules', 'mcp-registry');
	return existsSync(registry) ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {};
}

/** The caller's environment without settings for n8n, npm, Node or a test runner. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
	const foreign =
		/^(N8N_|DB_|QUEUE_|EXECUTIONS_|CREDENTIALS_|WEBHOOK_|NODES_|GENERIC_|EXTERNAL_|INSTANCE_|NODE_|JEST_|TS_|npm_)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Resolves to undefined when n8n answers as ready, to what is wrong when that takes too long. */
async function untilReady(port: number, server: ServerProcess): Promise<string | undefined> {
	try {
		await waitFor(
			'n8n to be ready',
			async () => {
				if (!server.isRunning()) return true;
				const status = await axios
					.get(`http://127.0.0.1:${port}/healthz/readiness`, { timeout: 2_000, proxy: false })
					.then((response) => response.status)
					.catch(() => 0);
				return status === 200 ? true : undefined;
			},
			READY_TIMEOUT,
			200,
		);
		return server.isRunning() ? undefined : await server.ended;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
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
