/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'lossless-json';

import { settle } from '../../nodes/Procore/api/concurrency';
import { repositoryRoot } from '../harness/paths';
import { NEEDS, SETTINGS, type Need } from './assumptions/assumption';
import { cleanUp, cleanUpAll, reasonOf, type CleanUp } from './clean-up';
import { Exchanges } from './exchanges';
import { Findings } from './findings';
import { writeFixtures } from './fixtures';
import { Journal } from './journal';
import { LiveAccount, type Tokens } from './live-account';
import type { LiveEnv } from './live-env';
import type { TokenAnswer } from './login';
import { usesIn } from './markers';
import { StepProblem } from './problems';
import { Receiver } from './receiver';
import { markdownReport, type Report } from './report';
import { Run } from './run';
import { Sanitizer } from './sanitize';
import type { Step } from './step';
import { STEPS } from './steps';
import { Verdicts } from './verdicts';

/** How a run is made. */
export interface LiveCheckOptions {
	readonly env: LiveEnv;
	/** Where the journal and the reports are written. */
	readonly folder: string;
	/** Continues the run that was cut short. */
	readonly resume?: boolean;
	/** Where sanitized bodies are written; nowhere if it is missing. */
	readonly fixtures?: string;
	/** The names of the steps to do; all of them if it is missing. */
	readonly only?: readonly string[];
	readonly print: (line: string) => void;
	readonly askForChange?: (resource: string) => Promise<void>;
	/** Lets a person log in. */
	readonly logIn?: () => Promise<TokenAnswer>;
	/** Gets what interrupts the run. */
	readonly onStart?: (interrupt: () => void) => void;
}

/** The result of a run. */
export interface LiveCheckResult {
	readonly report: Report;
	/** What could not be deleted, in complete sentences. */
	readonly leftOver: readonly string[];
	readonly isInterrupted: boolean;
	/** The names of the steps that could not be finished. */
	readonly endedEarly: readonly string[];
}

/** Identifies the place that a journal belongs to, without naming it. */
function placeOf({ apiUrl, companyId, projectId, clientSecret }: LiveEnv): string {
	return createHmac('sha256', clientSecret)
		.update(`${apiUrl} ${companyId} ${projectId}`)
		.digest('hex');
}

function journalFile(folder: string): string {
	return join(folder, '.contract-run', 'journal.json');
}

function tokensOf({ status, body }: TokenAnswer): Tokens {
	const { access_token, refresh_token } = body;
	if (status !== 200 || typeof access_token !== 'string' || typeof refresh_token !== 'string') {
		throw new Error(`The login did not return tokens (status ${status})`);
	}
	return { access_token, refresh_token };
}

async function connect(
	account: LiveAccount,
	exchanges: Exchanges,
	{ env, logIn }: LiveCheckOptions,
): Promise<void> {
	const [grant] = env.grants;
	if (grant === 'clientCredentials') account.connect(grant);
	else if (logIn === undefined) throw new Error('Nobody is there to log in');
	else {
		const answer = await logIn();
		exchanges.add(answer.exchange);
		account.connect(grant, tokensOf(answer));
	}
}

/** What a step needs and the run lacks, in words; empty if it has everything. */
function lackedBy(run: Run, step: Step): string {
	const lacking = (step.needs ?? []).filter((need) => run.lacks(need));
	return lacking.map((need) => NEEDS[need]).join(' and ');
}

/** @throws what a step throws that the others build on. */
async function runStep(run: Run, step: Step): Promise<boolean> {
	const { verdicts, sanitizer } = run.parts;
	const lacked = lackedBy(run, step);
	if (lacked !== '') {
		for (const id of step.checks) run.skip(id, `This run lacks ${lacked}.`);
		return true;
	}
	const result = await settle(async () => await step.run(run));
	if (result.ok) return true;
	if (run.cancellation.isCanceled) return false;
	if (step.always) throw result.failure;
	const { failure } = result;
	const why = failure instanceof StepProblem ? failure.message : reasonOf(failure, sanitizer);
	for (const id of step.checks.filter((each) => !verdicts.has(each)))
		run.skip(id, `Could not be checked: ${why}`);
	run.parts.exchanges.notes.push(`The step "${step.name}" ended early: ${why}`);
	return false;
}

/** @returns the names of the steps that ended early. */
async function runSteps(
	run: Run,
	findings: Findings,
	{ only, print }: LiveCheckOptions,
): Promise<string[]> {
	const endedEarly: string[] = [];
	const { journal, verdicts, exchanges } = run.parts;
	const steps = STEPS.filter(({ name, always }) => always || (only?.includes(name) ?? true));
	for (const [index, step] of steps.entries()) {
		if (run.cancellation.isCanceled) return endedEarly;
		if (!step.always && journal.finishedSteps.includes(step.name)) continue;
		const lacked = lackedBy(run, step);
		if (step.always) verdicts.forget(step.checks);
		const isFinished = await runStep(run, step);
		const number = `${String(index + 1).padStart(2)}/${steps.length}`;
		const skipped = lacked === '' ? '' : `, skipped without ${lacked}`;
		const ending = isFinished ? skipped : ', ended early';
		print(`[${number}] ${step.title} (${exchanges.count} requests so far${ending})`);
		if (isFinished) {
			journal.keep(findings.toJson());
			journal.finish(step.name, verdicts.toJson());
		} else endedEarly.push(step.name);
	}
	return endedEarly;
}

function writeReport(folder: string, report: Report, sanitizer: Sanitizer): void {
	mkdirSync(folder, { recursive: true });
	const forms = report.endpoints.map(({ method, path, status, count, form }) => ({
		...{ method, path, status, count, form },
	}));
	const json = stringify({ ...report, endpoints: forms }, undefined, 2) ?? '';
	writeFileSync(join(folder, 'contract-report.json'), `${sanitizer.hideWords(json)}\n`);
	const page = markdownReport(report, usesIn(repositoryRoot));
	writeFileSync(join(folder, 'contract-report.md'), sanitizer.hideWords(page));
}

/**
 * Checks the assumptions against an account. Deletes what it made, whatever happens.
 *
 * @throws Error if it cannot begin.
 */
export async function liveCheck(options: LiveCheckOptions): Promise<LiveCheckResult> {
	const { env, folder, print } = options;
	const exchanges = new Exchanges();
	const account = new LiveAccount(env, exchanges);
	const journal = new Journal(journalFile(folder), placeOf(env));
	const verdicts = new Verdicts();
	if (options.resume) verdicts.restore(journal.observations);
	else journal.restart();
	await connect(account, exchanges, options);
	// Ids of the account are replaced consistently, so they are not hidden here.
	const sanitizer = new Sanitizer(
		[env.clientId, env.clientSecret, ...account.tokens],
		env.clientSecret,
	);
	const receiver =
		env.publicUrl === '' ? undefined : await Receiver.start(env.publicUrl, env.receiverPort);
	const run = new Run({
		...{ env, account, exchanges, journal, sanitizer, verdicts },
		...(receiver === undefined ? {} : { receiver }),
		...(options.askForChange === undefined ? {} : { askForChange: options.askForChange }),
		...(options.logIn === undefined ? {} : { logIn: options.logIn }),
	});
	const findings = new Findings(
		exchanges,
		sanitizer,
		// A public address is also called by others.
		() => receiver?.within(run.namespacePrefix) ?? [],
	);
	if (options.resume && journal.found !== '') findings.restore(journal.found);
	if (receiver !== undefined) receiver.cancellation = run.cancellation;
	options.onStart?.(() => {
		run.cancellation.isCanceled = true;
	});
	let cleaned: CleanUp = { removed: 0, failures: [] };
	let endedEarly: string[] = [];
	try {
		endedEarly = await runSteps(run, findings, options);
	} finally {
		cleaned = await cleanUp({ env, account, journal, sanitizer });
		await receiver?.stop();
	}
	if (cleaned.removed > 0) print(`Deleted ${cleaned.removed} more hooks of the run.`);
	const lacked = Object.entries(NEEDS).flatMap(([need, words]) => {
		if (!isNeed(need) || !run.lacks(need)) return [];
		return [SETTINGS[need] === '' ? words : `${words} (${SETTINGS[need]})`];
	});
	sanitizer.learn(account.tokens);
	findings.take();
	const report: Report = {
		day: new Date().toISOString().slice(0, 10),
		environment: env.environment,
		requests: exchanges.count,
		lacked,
		verdicts: verdicts.all(),
		endpoints: findings.endpoints,
		errors: findings.errors,
		notes: exchanges.notes,
	};
	writeReport(folder, report, sanitizer);
	if (options.fixtures !== undefined) writeFixtures(options.fixtures, report.endpoints, sanitizer);
	const isInterrupted = run.cancellation.isCanceled;
	if (!isInterrupted && cleaned.failures.length === 0) journal.remove();
	return { report, leftOver: cleaned.failures, isInterrupted, endedEarly };
}

function isNeed(word: string): word is Need {
	return Object.hasOwn(NEEDS, word);
}

/** Deletes what earlier runs left behind. */
export async function cleanUpOnly(options: LiveCheckOptions): Promise<CleanUp> {
	const { env, folder } = options;
	const exchanges = new Exchanges();
	const account = new LiveAccount(env, exchanges);
	const journal = new Journal(journalFile(folder), placeOf(env));
	await connect(account, exchanges, options);
	const sanitizer = new Sanitizer([env.clientId, env.clientSecret, ...account.tokens]);
	const result = await cleanUpAll({ env, account, journal, sanitizer });
	if (result.failures.length === 0) journal.remove();
	return result;
}
