/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { startEmulatorProcess, type EmulatorInstance } from './emulator-process';
import { ensureN8n } from './n8n-install';
import { demoOwner, startN8n, type N8nInstance, type StartN8nOptions } from './n8n-instance';
import { N8nRest } from './n8n-rest';
import { repositoryRoot } from './paths';

/** The variable with the URL of the n8n that the suites share. */
export const SHARED_N8N_URL = 'PROCORE_E2E_N8N_URL';

/** The variable with the cookie of a session there, which all suites use. */
export const SHARED_N8N_COOKIE = 'PROCORE_E2E_N8N_COOKIE';

/** The variable that names the file with the output of every n8n that the suites use. */
export const N8N_LOG_FILE = 'PROCORE_E2E_N8N_LOG';

/** What a suite can do with an n8n that other suites use too. */
export type SharedN8n = Pick<N8nInstance, 'url' | 'editorUrl' | 'owner' | 'rest'>;

export interface Stack<N8n> {
	n8n: N8n;
	/** The suite's own emulator, so that it does not share hooks, faults or the clock. */
	emulator: EmulatorInstance;
	/** Deletes the workflows and credentials created through `n8n.rest`, and stops what was started. */
	stop(): Promise<void>;
}

/**
 * Sets up an end-to-end suite, for its `beforeAll`: the n8n that all suites share, which jest's global setup has
 * started, and the suite's own emulator.
 *
 * @param emulatorArgs further command-line options of the emulator
 */
export async function startStack(emulatorArgs: string[] = []): Promise<Stack<SharedN8n>> {
	const url = process.env[SHARED_N8N_URL];
	if (url === undefined) {
		throw new Error(`${SHARED_N8N_URL} is not set: run this suite as part of npm run test:e2e`);
	}
	const rest = new N8nRest(url, demoOwner);
	rest.cookie = process.env[SHARED_N8N_COOKIE] ?? '';
	if (rest.cookie === '') await rest.login();
	const emulator = await startEmulatorProcess(emulatorArgs);
	return {
		n8n: { url, editorUrl: `${url}/home/workflows`, owner: demoOwner, rest },
		emulator,
		async stop() {
			try {
				await rest.cleanUp();
			} finally {
				await emulator.stop();
			}
		},
	};
}

/** For an n8n that no browser opens: without it, each start prepares the files of the editor, a fifth of its time. */
export const WITHOUT_EDITOR = { N8N_DISABLE_UI: 'true' };

/**
 * Like `startStack`, with the suite's own n8n, which it can stop, kill and restart.
 *
 * @param options `emulatorEnv`: variables to add to the environment of the emulator
 */
export async function startOwnStack({
	env = {},
	emulatorEnv = {},
	packageRoot = repositoryRoot,
}: Partial<Pick<StartN8nOptions, 'env' | 'packageRoot'>> & {
	emulatorEnv?: Record<string, string>;
} = {}): Promise<Stack<N8nInstance>> {
	const install = await ensureN8n();
	const emulator = await startEmulatorProcess([], emulatorEnv);
	const logFile = process.env[N8N_LOG_FILE];
	const n8n = await startN8n({
		install,
		packageRoot,
		env,
		...(logFile === undefined ? {} : { logFile }),
	}).catch(async (error: unknown) => {
		await emulator.stop();
		throw error;
	});
	return {
		n8n,
		emulator,
		async stop() {
			await Promise.all([n8n.dispose(), emulator.stop()]);
		},
	};
}
