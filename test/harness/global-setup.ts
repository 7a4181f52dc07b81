/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureN8n } from './n8n-install';
import { startN8n, type N8nInstance } from './n8n-instance';
import { repositoryRoot } from './paths';
import { N8N_LOG_FILE, SHARED_N8N_COOKIE, SHARED_N8N_URL } from './stack';

declare global {
	// Jest loads set-up and teardown into one realm; a global is its way to pass something on.
	var sharedN8n: N8nInstance | undefined;
}

/** Installs n8n where it is missing, and begins a log to which every n8n that the suites start will write. */
export async function prepareN8n() {
	const log = (line: string) => process.stderr.write(`${line}\n`);
	const install = await ensureN8n({ log });
	const logFile = join(tmpdir(), `n8n-nodes-procore-${process.pid}.log`);
	await rm(logFile, { force: true });
	process.env[N8N_LOG_FILE] = logFile;
	return { install, log, logFile };
}

/** Starts the n8n that the end-to-end suites share, once for a run of jest. */
export default async function globalSetup(): Promise<void> {
	const { install, log, logFile } = await prepareN8n();
	globalThis.sharedN8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		logFile,
		env: {
			// n8n tries an activation that fails for 15 seconds, and by itself works on five at a time.
			N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '30',
			// By itself it gives an activation up after 84 seconds, which a busy machine may need.
			N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '600',
		},
		log,
	});
	process.env[SHARED_N8N_URL] = globalThis.sharedN8n.url;
	process.env[SHARED_N8N_COOKIE] = globalThis.sharedN8n.rest.cookie;
	log(`n8n ${install.version} for the end-to-end suites runs; its log is ${logFile}`);
}
