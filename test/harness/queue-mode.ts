/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { POSTGRES_USER, startPostgres, startRedis, type DatabaseServer } from './database-servers';
import { startLoadBalancer, type LoadBalancer } from './load-balancer';
import type { N8nInstall } from './n8n-install';
import { startN8n, type N8nInstance } from './n8n-instance';
import { startN8nProcess, type N8nCommand } from './n8n-process';
import { freePorts } from './ports';
import type { ServerProcess } from './server-process';

/** A worker or a webhook processor. */
export interface OtherProcess {
	/** For example `http://127.0.0.1:43211`: webhooks of a processor, health of a worker. */
	readonly url: string;
	isRunning(): boolean;
	/** Kills it (SIGKILL). */
	kill(): Promise<void>;
	/** Starts it again with the same folder and port if it is not running. */
	revive(): Promise<void>;
	logs(): string;
}

/**
 * n8n in queue mode: a main process, workers and webhook processors behind a load balancer, on PostgreSQL and Redis.
 */
export interface QueueModeN8n {
	readonly main: N8nInstance;
	readonly workers: readonly OtherProcess[];
	readonly webhookProcessors: readonly OtherProcess[];
	readonly balancer: LoadBalancer;
	readonly redis: DatabaseServer;
	readonly postgres: DatabaseServer;
	/** Stops everything and deletes its data. */
	dispose(): Promise<void>;
}

export interface QueueModeOptions {
	install: N8nInstall;
	packageRoot: string;
	workers: number;
	webhookProcessors: number;
	env?: Record<string, string>;
	logFile?: string;
	log: (line: string) => void;
}

/**
 * Starts all of it on free loopback ports, with data in temporary folders.
 *
 * @throws with one line that says what to install if PostgreSQL or Redis is missing
 */
export async function startQueueMode(options: QueueModeOptions): Promise<QueueModeN8n> {
	const { install, packageRoot, logFile, log } = options;
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-queue-'));
	const started: Array<() => Promise<void>> = [
		async () => await rm(folder, { recursive: true, force: true }),
	];
	const dispose = async () => {
		for (const stop of started.reverse()) await stop();
	};
	const bringUp = async (): Promise<QueueModeN8n> => {
		const postgres = await startPostgres(log);
		started.push(async () => await postgres.dispose());
		const redis = await startRedis(log);
		started.push(async () => await redis.dispose());
		const ports = await freePorts(options.webhookProcessors + options.workers);
		const processorPorts = ports.slice(0, options.webhookProcessors);
		const balancer = await startLoadBalancer(processorPorts);
		started.push(async () => await balancer.stop());

		const env = {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_USER: POSTGRES_USER,
			DB_POSTGRESDB_DATABASE: 'postgres',
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			N8N_ENCRYPTION_KEY: 'the key that all processes share',
			N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			WEBHOOK_URL: balancer.url,
			...options.env,
		};
		const main = await startN8n({
			install,
			packageRoot,
			userFolder: join(folder, 'main'),
			env,
			...(logFile === undefined ? {} : { logFile }),
		});
		started.push(async () => await main.dispose());

		const startOther = async (command: N8nCommand, port: number): Promise<OtherProcess> => {
			const start = async (): Promise<ServerProcess> => {
				const process = await startN8nProcess({
					install,
					command,
					port,
					packageRoot,
					userFolder: join(folder, `${command}-${port}`),
					env,
					logFile,
				});
				if ('portTaken' in process) throw new Error(`Port ${port} was taken in the meantime`);
				return process;
			};
			let server = await start();
			let earlier = '';
			started.push(async () => await server.stop());
			return {
				url: `http://127.0.0.1:${port}`,
				isRunning: () => server.isRunning(),
				kill: async () => await server.kill(),
				async revive() {
					if (server.isRunning()) return;
					earlier += server.logs();
					server = await start();
				},
				logs: () => earlier + server.logs(),
			};
		};
		const others = await Promise.all(
			ports.map(
				async (port) =>
					await startOther(processorPorts.includes(port) ? 'webhook' : 'worker', port),
			),
		);
		return {
			main,
			workers: others.slice(options.webhookProcessors),
			webhookProcessors: others.slice(0, options.webhookProcessors),
			balancer,
			redis,
			postgres,
			dispose,
		};
	};
	return await bringUp().catch(async (error: unknown) => {
		await dispose();
		throw error;
	});
}
