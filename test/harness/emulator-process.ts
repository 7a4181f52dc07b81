/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { join } from 'node:path';
import { EmulatorControl } from '../../emulator/control-client';
import { repositoryRoot } from './paths';
import { startServerProcess, tail } from './server-process';
import { waitFor } from './wait';

/** An emulator of Procore in its own process. */
export interface EmulatorInstance {
	/** The base URL of its login, its API and its page. */
	readonly url: string;
	readonly control: EmulatorControl;
	/** What it has written so far. */
	logs(): string;
	stop(): Promise<void>;
}

/**
 * Starts an emulator on a free loopback port.
 *
 * @param args further command-line options, for example `--speed 60`
 * @param env variables to add to the caller's
 * @throws with the end of its output if it ends before it is ready
 */
export async function startEmulatorProcess(
	args: string[] = [],
	env: Record<string, string> = {},
): Promise<EmulatorInstance> {
	const server = startServerProcess({
		node: process.execPath,
		args: ['--import', 'tsx', join('emulator', 'main.ts'), '--port', '0', ...args],
		cwd: repositoryRoot,
		env: { ...process.env, ...env },
	});
	try {
		const url = await waitFor(
			'the emulator',
			async () => {
				if (!server.isRunning()) throw new Error(`The emulator ended (${await server.ended})`);
				return /^EMULATOR_READY (\S+)/m.exec(server.logs())?.[1];
			},
			60_000,
			20,
		);
		return {
			url,
			control: new EmulatorControl(url),
			logs: () => server.logs(),
			stop: async () => await server.stop(),
		};
	} catch (error) {
		await server.kill();
		throw failure(error, server.logs());
	}
}

function failure(reason: unknown, output: string): Error {
	const message = reason instanceof Error ? reason.message : String(reason);
	return new Error(`${message}. The end of its output:\n${tail(output)}`);
}
