/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import axios from 'axios';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listAt, parseObject, requireText, textAt } from './json';
import type { N8nInstall } from './n8n-install';
import { freePorts } from './ports';
import { startServerProcess, tail, type ServerProcess } from './server-process';
import { waitFor } from './wait';

/**
 * The role of an n8n process: everything, only executions, or only production webhooks (the latter two in queue
 * mode).
 */
export type N8nCommand = 'start' | 'worker' | 'webhook';

export interface N8nProcessOptions {
	install: N8nInstall;
	command: N8nCommand;
	/** The port of its interface, its webhooks or, for a worker, its health check. */
	port: number;
	/**
	 * The folder of the built node package to load; its published files are copied. Null if they are already in place.
	 */
	packageRoot: string | null;
	/** n8n's folder for its packages and, with SQLite, its database. */
	userFolder: string;
	/** Settings that override the default ones. */
	env: Record<string, string>;
	logFile?: string | undefined;
}

const READY_TIMEOUT = 180_000;

/**
 * Starts one process of n8n with the package loaded as an installed community package and without any external
 * traffic, and waits until it is ready.
 *
 * @returns the process, or its output if a port was taken in the meantime
 * @throws with the end of n8n's output if it ends before it is ready
 */
export async function startN8nProcess(
	options: N8nProcessOptions,
): Promise<ServerProcess | { portTaken: string }> {
	const { install, command, port, packageRoot, userFolder, env, logFile } = options;
	const [brokerPort = 0] = await freePorts(1);
	if (packageRoot !== null) await placePackage(packageRoot, userFolder);
	const launched = startServerProcess({
		node: install.node,
		args: [install.script, command],
		cwd: userFolder,
		env: {
			...environment(userFolder, port, brokerPort),
			...withoutOutsideTraffic(install),
			...env,
		},
		logFile,
	});
	const ended = await Promise.race([launched.ended, untilReady(port, launched)]);
	if (ended === undefined) return launched;
	await launched.kill();
	if (/EADDRINUSE|already in use/.test(launched.logs())) return { portTaken: launched.logs() };
	throw new Error(
		`n8n ${command} did not start (${ended}). The end of its log:\n${tail(launched.logs())}`,
	);
}

/**
 * Copies the files that npm would publish to where n8n keeps installed community packages. They are not linked,
 * because a link would let the nodes find the checkout's own n8n-workflow instead of n8n's.
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

/** Settings that make n8n quiet, private and identical on every machine. */
function environment(userFolder: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
	const url = `http://127.0.0.1:${port}`;
	return {
		...inheritedEnvironment(),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: `key of ${basename(userFolder)}`,
		N8N_PORT: String(port),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
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
		// By default, n8n 1.x has one connection, on which transactions interfere with each other.
		DB_SQLITE_POOL_SIZE: '3',
		GENERIC_TIMEZONE: 'Etc/UTC',
	};
}

/** At its start, n8n asks its vendor's server for MCP servers; it does not start with unknown module names. */
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

/** Resolves to undefined once n8n is ready, or to the problem if that takes too long. */
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
