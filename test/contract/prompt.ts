/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createInterface } from 'node:readline/promises';

import type { LiveEnv } from './live-env';

/** Asks a person, and returns what was typed. */
export type Ask = (question: string) => Promise<string>;

/** Where a person types, and what is shown. */
interface Terminal {
	readonly input: NodeJS.ReadableStream;
	readonly output: NodeJS.WritableStream;
}

/**
 * Asks on the terminal. After Ctrl-C, which interrupts the process as it does elsewhere, and at the end of the input, the
 * answer is empty.
 */
export async function askOnTerminal(
	question: string,
	{ input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<string> {
	const terminal = createInterface({ input, output });
	const stop = new AbortController();
	terminal.once('SIGINT', () => {
		stop.abort();
		process.kill(process.pid, 'SIGINT');
	});
	terminal.once('close', () => stop.abort());
	const typed = await terminal.question(question, { signal: stop.signal }).catch(() => '');
	terminal.close();
	return typed;
}

/**
 * Lets a person confirm that a run in production is meant.
 *
 * @throws Error if it is not.
 */
export async function confirmProduction(env: LiveEnv, isAllowed: boolean, ask: Ask): Promise<void> {
	if (env.environment !== 'production') return;
	if (!isAllowed) {
		throw new Error(
			'The env file names production. Nothing was sent. Add --production if you mean it.',
		);
	}
	const typed = await ask(
		'This creates and deletes hooks in production. Type the company ID to go on: ',
	);
	if (typed.trim() !== env.companyId) {
		throw new Error('That is not the company ID of the env file. Nothing was sent.');
	}
}

/**
 * Lets a person change a record whenever a step needs it.
 *
 * @returns undefined if nobody is there to be asked, for example in a CI job.
 */
export function changeRequests(
	{ isTTY = false }: { readonly isTTY?: boolean },
	ask: Ask = askOnTerminal,
): ((resource: string) => Promise<void>) | undefined {
	if (!isTTY) return undefined;
	let count = 0;
	return async (resource) => {
		count += 1;
		await ask(
			`Change ${count}: edit a record of ${resource} in the project in Procore, save it, then press Enter: `,
		);
	};
}
