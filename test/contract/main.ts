/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf, ProcoreFailure } from '../../nodes/Procore/api/failure';
import { N8N_HOME } from '../core/support/n8n-home';
import { repositoryRoot } from '../harness/paths';
import { reasonOf } from './clean-up';
import { cleanUpOnly, liveCheck, type LiveCheckOptions } from './live-check';
import { readLiveEnv } from './live-env';
import { logIn } from './login';
import { askOnTerminal, changeRequests, confirmProduction } from './prompt';
import { exitCode, terminalTable } from './report';
import { Sanitizer } from './sanitize';
import { STEPS } from './steps';

const USAGE = `Usage: npm run check:live -- [options]

Checks what this package assumes about Procore (docs/assumptions.md) against a real account, and writes
contract-report.md and contract-report.json. It creates hooks under a namespace of its own, n8n-contract-…, deletes them,
and touches nothing else.

  --env-file <file>   the account (default live.env; template: test/contract/live.env.example)
  --production        allows the environment production, after a confirmation
  --resume            continues a run that was cut short
  --only <steps>      only these steps, separated by commas: ${STEPS.map(({ name }) => name).join(', ')}
  --save-fixtures     writes sanitized responses to test/fixtures/live, for the tests of the emulator
  --cleanup           only deletes what earlier runs left behind

It ends with 0 if everything that can be tested is confirmed, 1 if something is contradicted, and 2 if it could not run or
could not delete something.
`;

/** Signals within this time are one. */
const SAME_SIGNAL_MS = 1000;

function end(code: number): never {
	rmSync(N8N_HOME, { recursive: true, force: true });
	process.exit(code);
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** @throws Error if there is no such step. */
function stepNames(text: string): string[] {
	const names = text.split(',').map((name) => name.trim());
	const known = STEPS.map(({ name }) => name);
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length === 0) return names;
	throw new Error(`There is no step ${unknown.join(', ')}. The steps are: ${known.join(', ')}.`);
}

/** Why the run could not begin: in the words of the check, or in those of Procore without anything of the account. */
function describeEnd(error: unknown): string {
	return error instanceof ProcoreFailure ? reasonOf(error, new Sanitizer()) : messageOf(error);
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
	await confirmProduction(env, values.production, askOnTerminal);
	const stop = new AbortController();
	let interruptedAt = 0;
	const askForChange = changeRequests(process.stdin);
	const options: LiveCheckOptions = {
		env,
		folder: resolve(values.folder),
		resume: values.resume,
		...(values.only === undefined ? {} : { only: stepNames(values.only) }),
		...(values['save-fixtures']
			? { fixtures: join(repositoryRoot, 'test', 'fixtures', 'live') }
			: {}),
		print,
		...(askForChange === undefined ? {} : { askForChange }),
		...(env.grants.includes('authorizationCode')
			? {
					logIn: async () =>
						await logIn(
							env,
							(url) => print(`Open this address in a browser on this machine, and log in:\n${url}`),
							stop.signal,
						),
				}
			: {}),
		onStart: (interrupt) => {
			for (const signal of ['SIGINT', 'SIGTERM'] as const) {
				process.on(signal, () => {
					if (!stop.signal.aborted) {
						interruptedAt = Date.now();
						print('Interrupted: deleting what the run has made ...');
						interrupt();
						stop.abort();
						// npm and tsx can pass on the same Ctrl-C once more.
					} else if (Date.now() - interruptedAt > SAME_SIGNAL_MS) {
						print('Stopped. --cleanup deletes what is left.');
						end(2);
					}
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
	const result = await liveCheck(options);
	const { report, leftOver, isInterrupted, endedEarly } = result;
	print(`\n${terminalTable(report)}`);
	print(`Written to ${join(options.folder, 'contract-report.md')} and contract-report.json.`);
	print('CONTRIBUTING.md, "Check a real account", tells what to do with them.');
	if (isInterrupted) print('The run was interrupted; --resume continues it.');
	for (const failure of leftOver) print(`Not deleted: ${failure}`);
	if (endedEarly.length > 0 && !isInterrupted) print(`Ended early: ${endedEarly.join(', ')}.`);
	return exitCode(result);
}

void main()
	.catch((error: unknown) => {
		process.stderr.write(`${describeEnd(error)}\n`);
		return 2;
	})
	.then(end);
