/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import { N8N_HOME } from '../core/support/n8n-home';
import { repositoryRoot } from '../harness/paths';
import { cleanUpOnly, liveCheck, type LiveCheckOptions } from './live-check';
import { readLiveEnv, type LiveEnv } from './live-env';
import { logIn } from './login';
import { terminalTable } from './report';

const USAGE = `Usage: npm run check:live -- [options]

Checks what this package assumes about Procore (docs/assumptions.md) against a real account, and writes
contract-report.md and contract-report.json. It creates hooks under a namespace of its own, n8n-contract-…, deletes them,
and touches nothing else.

  --env-file <file>   the account (default live.env; template: test/contract/live.env.example)
  --production        allows the environment production, after a confirmation
  --resume            continues a run that was cut short
  --only <steps>      only these steps, separated by commas
  --save-fixtures     writes sanitized responses to test/fixtures/live, for the tests of the emulator
  --cleanup           only deletes what earlier runs left behind

It ends with 0 if everything that can be tested is confirmed, 1 if something is contradicted, and 2 if it could not run or
could not delete something.
`;

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

async function ask(question: string): Promise<string> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return await terminal.question(question);
	} finally {
		terminal.close();
	}
}

async function confirmProduction(env: LiveEnv, isAllowed: boolean): Promise<void> {
	if (env.environment !== 'production') return;
	if (!isAllowed)
		throw new Error('The env file names production. Add --production if you mean it.');
	const typed = await ask(
		'This creates and deletes hooks in production. Type the company ID to go on: ',
	);
	if (typed.trim() !== env.companyId)
		throw new Error('That is another company ID. Nothing was sent.');
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			'env-file': { type: 'string', default: 'live.env' },
			production: { type: 'boolean', default: false },
			resume: { type: 'boolean', default: false },
			only: { type: 'string' },
			'save-fixtures': { type: 'boolean', default: false },
			cleanup: { type: 'boolean', default: false },
			folder: { type: 'string', default: repositoryRoot },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(USAGE);
		return 0;
	}
	const env = readLiveEnv(resolve(values['env-file']));
	await confirmProduction(env, values.production);
	const options: LiveCheckOptions = {
		env,
		folder: resolve(values.folder),
		resume: values.resume,
		...(values.only === undefined ? {} : { only: values.only.split(',') }),
		...(values['save-fixtures']
			? { fixtures: join(repositoryRoot, 'test', 'fixtures', 'live') }
			: {}),
		print,
		...(process.stdin.isTTY
			? {
					askForChange: async (resource: string) => {
						await ask(
							`Change a record of ${resource} in the project in Procore, then press Enter: `,
						);
					},
				}
			: {}),
		...(env.grants.includes('authorizationCode')
			? {
					logIn: async () =>
						await logIn(env, (url) => print(`Open this address and log in:\n${url}`)),
				}
			: {}),
		onStart: (interrupt) => {
			for (const signal of ['SIGINT', 'SIGTERM'] as const) {
				process.on(signal, () => {
					print('Interrupted: deleting what the run has made ...');
					interrupt();
				});
			}
		},
	};
	if (values.cleanup) {
		const { removed, failures } = await cleanUpOnly(options);
		print(`Deleted ${removed} hooks of earlier runs.`);
		for (const failure of failures) print(failure);
		return failures.length === 0 ? 0 : 2;
	}
	const { report, leftOver, isInterrupted, endedEarly } = await liveCheck(options);
	print(`\n${terminalTable(report)}`);
	if (isInterrupted) print('The run was interrupted; --resume continues it.');
	for (const failure of leftOver) print(`Not deleted: ${failure}`);
	if (endedEarly.length > 0) print(`Ended early: ${endedEarly.join(', ')}.`);
	if (leftOver.length > 0 || isInterrupted) return 2;
	if (report.verdicts.some(({ state }) => state === 'contradicted')) return 1;
	return endedEarly.length > 0 ? 2 : 0;
}

main()
	.catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		return 2;
	})
	.then((code) => {
		rmSync(N8N_HOME, { recursive: true, force: true });
		process.exit(code);
	});
