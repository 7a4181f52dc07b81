/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureN8n } from './n8n-install';
import { startN8n, type N8nInstance } from './n8n-instance';
import { repositoryRoot } from './paths';
import { N8N_LOG_FILE, SHARED_N8N_COOKIE, SHARED_N8N_URL } from './stack';

declare global {
	// Jest loads setup and teardown into one realm; a global passes values between them.
	var sharedN8n: N8nInstance | undefined;
}

/** Installs n8n if it is missing, and creates the log for every n8n that the suites start. */
export async function prepareN8n() {
	const log = (line: string) => process.stderr.write(`${line}\n`);
	const install = await ensureN8n({ log });
	const logFile = join(tmpdir(), `n8n-nodes-procore-${process.pid}.log`);
	await rm(logFile, { force: true });
	process.env[N8N_LOG_FILE] = logFile;
	return { install, log, logFile };
}

/** Starts the n8n that the end-to-end suites share, once per run of jest. */
export default async function globalSetup(): Promise<void> {
	const { install, log, logFile } = await prepareN8n();
	globalThis.sharedN8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		logFile,
		env: {
			// n8n retries a failing activation for 15 seconds, and works on five at a time by default.
			N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '30',
			// By default, n8n gives up an activation after 84 seconds, which a busy machine might need.
			N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '600',
			// n8n 1.x keeps files in memory by default.
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		},
		log,
	});
	process.env[SHARED_N8N_URL] = globalThis.sharedN8n.url;
	process.env[SHARED_N8N_COOKIE] = globalThis.sharedN8n.rest.cookie;
	log(`n8n ${install.version} for the end-to-end suites runs; its log is ${logFile}`);
}
