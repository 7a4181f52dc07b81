/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { startEmulatorProcess, type EmulatorInstance } from './emulator-process';
import { ensureN8n } from './n8n-install';
import { demoOwner, startN8n, type N8nInstance, type StartN8nOptions } from './n8n-instance';
import { N8nRest } from './n8n-rest';
import { repositoryRoot } from './paths';

/** The variable that tells the suites where the n8n is that they share. */
export const SHARED_N8N_URL = 'PROCORE_E2E_N8N_URL';

/** The variable with the cookie of a session there, of which all suites make use. */
export const SHARED_N8N_COOKIE = 'PROCORE_E2E_N8N_COOKIE';

/** The variable that names the file with the output of every n8n that the suites use. */
export const N8N_LOG_FILE = 'PROCORE_E2E_N8N_LOG';

/** What a suite may do with an n8n that other suites use too. */
export type SharedN8n = Pick<N8nInstance, 'url' | 'editorUrl' | 'owner' | 'rest'>;

export interface Stack<N8n> {
	n8n: N8n;
	/** The suite's own, so that its hooks, faults and clock are nobody else's. */
	emulator: EmulatorInstance;
	/** Removes the workflows and credentials made through `n8n.rest`, and stops what was started. */
	stop(): Promise<void>;
}

/**
 * The surroundings of an end-to-end suite, for its `beforeAll`: the n8n that all suites share, which
 * jest's global set-up has started, and an emulator of its own.
 *
 * @param emulatorArgs further options of the emulator's command line
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

/** As `startStack`, with an n8n of the suite's own, which it may stop, kill and restart. */
export async function startOwnStack({
	env = {},
	packageRoot = repositoryRoot,
}: Partial<Pick<StartN8nOptions, 'env' | 'packageRoot'>> = {}): Promise<Stack<N8nInstance>> {
	const install = await ensureN8n();
	const emulator = await startEmulatorProcess();
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
