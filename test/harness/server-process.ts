/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcess } from './processes.cjs';

export interface ServerProcessOptions {
	/** The Node executable to run. */
	node: string;
	/** Options of Node, then the script and its arguments. */
	args: string[];
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** A file to which the output is appended. */
	logFile?: string | undefined;
}

/** A server that runs in its own process, with everything that it starts. */
export interface ServerProcess {
	readonly pid: number;
	/** Its stdout and stderr so far. */
	logs(): string;
	isRunning(): boolean;
	/** How it ended: `exit code 1`, `signal SIGKILL`. Resolves when it has ended, never rejects. */
	readonly ended: Promise<string>;
	/** Asks it to stop, waits, and kills it after `graceMs` milliseconds (10,000 by default). */
	stop(graceMs?: number): Promise<void>;
	/** Kills it immediately. */
	kill(): Promise<void>;
}

const servers = new Set<ServerProcess>();

/** Kills every server that was started here and still runs, even one that no caller holds yet. */
export async function killServers(): Promise<void> {
	await Promise.all([...servers].map(async (server) => await server.kill()));
}

const exitWithParent = join(__dirname, 'exit-with-parent.cjs');

/**
 * Starts a Node server as the leader of a process group, so that Ctrl-C in the terminal only reaches the caller, and
 * one signal reaches the server's own children. It does not outlive the caller.
 */
export function startServerProcess(options: ServerProcessOptions): ServerProcess {
	const child = startProcess(options.node, ['--require', exitWithParent, ...options.args], {
		cwd: options.cwd,
		env: options.env,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	const chunks: string[] = [];
	const collect = (text: string) => {
		chunks.push(text);
		if (options.logFile !== undefined) appendFileSync(options.logFile, text);
	};
	// Pipes of the child; with stdio as above, they are never null.
	child.stdout?.setEncoding('utf8').on('data', collect);
	child.stderr?.setEncoding('utf8').on('data', collect);

	let running = true;
	const ended = new Promise<string>((resolve) => {
		child.once('error', (error) => {
			running = false;
			resolve(error.message);
		});
		child.once('exit', (code, signal) => {
			running = false;
			// Kills what the server left behind in its process group.
			signalGroup(child.pid, 'SIGKILL');
			// The rest of its output might still be on the way.
			const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
			child.once('close', () => resolve(reason));
			setTimeout(() => resolve(reason), 1_000).unref();
		});
	});

	const kill = async () => {
		if (running) signalGroup(child.pid, 'SIGKILL');
		await ended;
	};
	const server: ServerProcess = {
		pid: child.pid ?? 0,
		logs: () => chunks.join(''),
		isRunning: () => running,
		ended,
		kill,
		async stop(graceMs = 10_000) {
			child.kill('SIGTERM');
			const abort = new AbortController();
			await Promise.race([
				ended,
				delay(graceMs, undefined, { signal: abort.signal }).catch(() => undefined),
			]);
			abort.abort();
			await kill();
		},
	};
	servers.add(server);
	void ended.then(() => servers.delete(server));
	return server;
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
	if (leader === undefined) return;
	try {
		process.kill(-leader, signal);
	} catch {
		// The process group no longer exists.
	}
}

/**
 * The CPU time that a process has used so far, in milliseconds, including its threads.
 *
 * @returns undefined on a system without Linux's `/proc`
 */
export function processorTime(pid: number): number | undefined {
	const file = `/proc/${pid}/stat`;
	if (!existsSync(file)) return undefined;
	// The second field is a name in parentheses, which can contain anything; user and system time are fields 14 and 15,
	// in hundredths of a second (proc(5)).
	const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The last lines of a log, for an error message. */
export function tail(text: string, lines = 30): string {
	return text.trimEnd().split('\n').slice(-lines).join('\n');
}
