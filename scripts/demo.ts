/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmulatorProcess, type EmulatorInstance } from '../test/harness/emulator-process';
import { parseObject, type JsonObject } from '../test/harness/json';
import type { Execution } from '../test/harness/n8n-execution';
import { ensureN8n } from '../test/harness/n8n-install';
import { startN8n, type N8nInstance } from '../test/harness/n8n-instance';
import { workflowDraftOf, type Workflow, type WorkflowNode } from '../test/harness/n8n-rest';
import { repositoryRoot } from '../test/harness/paths';
import { runCommand } from '../test/harness/processes.cjs';
import { killServers } from '../test/harness/server-process';

const CREDENTIAL_TYPE = 'procoreOAuth2Api';
const TRIGGER_TYPE = 'n8n-nodes-procore.procoreTrigger';
const ACTION_TYPE = 'n8n-nodes-procore.procore';
const RFI = { companyId: '4501177', projectId: '902214', resourceId: '338821' };
const EXECUTION_TIMEOUT = 30_000;
const LONGEST_VALUE = 160;

const USAGE = `Usage: npm start [-- --once]

Starts a Procore emulator and an n8n with the nodes loaded, and lets a change in the emulator start
a workflow in n8n. Both keep running until Ctrl-C; with --once they are stopped at the end, and
the exit code says whether the workflow ran.
`;

/** What to clean up at the end, in reverse order. */
const cleanUps: Array<() => Promise<void>> = [];
let stopping: Promise<void> | undefined;
let interrupted = false;

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

async function stopEverything(): Promise<void> {
	stopping ??= (async () => {
		for (const cleanUp of cleanUps.reverse()) {
			await cleanUp().catch((error: unknown) => print(String(error)));
		}
	})();
	await stopping;
}

async function build(): Promise<void> {
	await runCommand('npm', ['run', '--silent', 'compile'], {
		cwd: repositoryRoot,
		shell: process.platform === 'win32',
	}).catch((error: unknown) => {
		const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
		throw new Error(`Could not compile the nodes.\n${output}`);
	});
}

/**
 * Creates a credential for the emulator's service account, and the example workflow with the fields that its note
 * asks for.
 */
async function createExample(n8n: N8nInstance, emulator: EmulatorInstance): Promise<Workflow> {
	const { clientId, clientSecret } = await emulator.control.seed();
	const credential = await n8n.rest.createCredential('Procore emulator', CREDENTIAL_TYPE, {
		environment: 'custom',
		loginUrl: emulator.url,
		apiUrl: emulator.url,
		grantType: 'clientCredentials',
		companyId: RFI.companyId,
		webhooksApiVersion: 'v2.0',
		clientId,
		clientSecret,
	});
	const file = await readFile(join(repositoryRoot, 'examples', 'rfi-event.json'), 'utf8');
	const draft = workflowDraftOf(parseObject(file));
	const reference = { id: credential.id, name: credential.name };
	const credentials = { [CREDENTIAL_TYPE]: reference };
	const nodes = draft.nodes.map((node): WorkflowNode => {
		if (node.type === TRIGGER_TYPE) {
			const parameters = { ...node.parameters, projectIds: [RFI.projectId] };
			return { ...node, credentials, parameters };
		}
		return node.type === ACTION_TYPE ? { ...node, credentials } : node;
	});
	return await n8n.rest.createWorkflow({ ...draft, nodes });
}

/** Changes an RFI and waits until the workflow has run. */
async function fireEvent(
	n8n: N8nInstance,
	emulator: EmulatorInstance,
	workflow: Workflow,
): Promise<Execution> {
	await emulator.control.change({ ...RFI, resourceName: 'RFIs', eventType: 'update' });
	const finished = await n8n.rest
		.waitForExecutions(workflow.id, 1, { timeoutMs: EXECUTION_TIMEOUT })
		.catch(() => []);
	const execution = finished[0];
	if (execution === undefined) {
		const { deliveries } = await emulator.control.state();
		const attempts = deliveries.flatMap((delivery) => delivery.attempts);
		throw new Error(
			`The event started no workflow within ${EXECUTION_TIMEOUT / 1_000} s. Deliveries: ${deliveries.length}, ` +
				`answers: ${attempts.map((attempt) => attempt.error ?? attempt.responseStatus).join(', ') || 'none'}`,
		);
	}
	if (execution.status !== 'success') {
		throw new Error(
			`The workflow ran and ended as "${execution.status}": ${execution.error?.message ?? 'no reason given'}`,
		);
	}
	return execution;
}

/** Prints what the nodes returned; n8n also records deactivated ones, which only pass on what they receive. */
function printItems(execution: Execution, { nodes }: Workflow): void {
	const deactivated = nodes.filter(({ disabled }) => disabled === true).map(({ name }) => name);
	for (const node of execution.nodes.filter((name) => !deactivated.includes(name))) {
		print(`  ${node}`);
		for (const item of execution.itemsOf(node)) {
			for (const [field, value] of Object.entries(item))
				print(`    ${field.padEnd(14)} ${asText(value)}`);
		}
	}
}

/** A value in one line of the terminal. */
function asText(value: JsonObject[string]): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

async function demo(once: boolean): Promise<void> {
	const install = await ensureN8n({ log: print });

	print('Building the nodes and starting the Procore emulator ...');
	const [emulator] = await Promise.all([
		startEmulatorProcess(['--sample-files']).then((started) => {
			cleanUps.push(started.stop);
			return started;
		}),
		build(),
	]);

	print(`Starting n8n ${install.version} with the nodes loaded ...`);
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-demo-'));
	const logFile = `${userFolder}.log`;
	let succeeded = false;
	cleanUps.push(async () => {
		// An n8n that is still starting would create its folder again.
		await killServers();
		await rm(userFolder, { recursive: true, force: true, maxRetries: 3 });
		if (succeeded || interrupted) await rm(logFile, { force: true });
		else print(`n8n's log is ${logFile}`);
	});
	const n8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		userFolder,
		logFile,
		log: print,
	});
	cleanUps.push(n8n.stop);

	print('Publishing the example workflow, which creates its hook in the emulator ...');
	const workflow = await createExample(n8n, emulator);
	await n8n.rest.activate(workflow.id);

	print(`Changing RFI ${RFI.resourceId} in the emulator ...`);
	const execution = await fireEvent(n8n, emulator, workflow);
	succeeded = true;
	print();
	print(`The event started the workflow "${workflow.name}" (execution ${execution.id}):`);
	printItems(execution, workflow);
	if (once) return;

	print();
	print(`Editor     ${n8n.url}/workflow/${workflow.id}`);
	print(`           ${n8n.url}/workflow/new is an empty workflow`);
	print(`           sign in as ${n8n.owner.email} with the password ${n8n.owner.password}`);
	const seed = await emulator.control.seed();
	print(`Emulator   ${emulator.url}/`);
	print('           its buttons change more resources; every RFI event starts the workflow');
	print('           RFIs, images, project files and drawings have files: try Record: Get Files');
	print(
		'           to build your own workflow, use the credential "Procore emulator", or create one:',
	);
	print(`           Client ID ${seed.clientId}, Client Secret ${seed.clientSecret},`);
	print(`           Environment Custom, Login URL and API URL ${emulator.url}`);
	print(`           Company ID ${RFI.companyId}`);
	print(
		`           with Authorization Code: sign in as ${seed.webUser.login} with the password ${seed.webUser.password}`,
	);
	print(`n8n's log  ${logFile}`);
	print();
	print('Press Ctrl-C to stop everything.');
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(USAGE);
		return;
	}
	let ready = false;
	const interrupt = () => {
		if (!interrupted) print('\nStopping ...');
		interrupted = true;
		void stopEverything().then(() => process.exit(ready ? 0 : 130));
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
	try {
		await demo(values.once);
		ready = true;
		if (values.once) await stopEverything();
	} catch (error) {
		// An error while everything is being stopped is expected.
		if (interrupted) return;
		print(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
		process.exitCode = 1;
		await stopEverything();
	}
}

void main();
