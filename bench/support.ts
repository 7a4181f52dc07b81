/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { COMPANY, N8n, type Generation } from '../test/core/harness';
import { N8N_HOME } from '../test/core/support/n8n-home';
import { startEmulatorProcess } from '../test/harness/emulator-process';
import { plainTable } from '../test/harness/table';

/** The compiled nodes inside n8n-core, with an emulator of Procore in its own process. */
export interface Bench {
	readonly n8n: N8n;
	/** Runs the action node for items; throws if it fails. */
	run(parameters: INodeParameters, items?: IDataObject[]): Promise<IDataObject[]>;
}

/** One goal of a benchmark: what was measured, the target, and whether it is met. */
export interface Goal {
	readonly what: string;
	readonly measured: string;
	readonly goal: string;
	readonly isMet: boolean;
}

/** Writes a line to the terminal. */
export function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** Writes rows to the terminal in columns. */
export function printTable(rows: readonly string[][]): void {
	print(plainTable(rows));
}

/** Reads options that are whole numbers, for example `--projects 500`. */
export function numberOptions<Name extends string>(
	defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
	const { values } = parseArgs({
		options: Object.fromEntries(
			Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
		),
	});
	const options: Record<Name, number> = { ...defaults };
	for (const name in defaults) {
		const value = values[name];
		if (value === undefined) continue;
		if (typeof value !== 'string' || !/^\d+$/.test(value)) throw new Error(`--${name} is a number`);
		options[name] = Number(value);
	}
	return options;
}

/** Connects an account whose app can call one generation of the webhook endpoints. */
export async function connect({ n8n }: Bench, version: Generation): Promise<void> {
	await n8n.connect({ version, grant: 'clientCredentials', companyId: COMPANY });
}

/** Runs some work and measures its time, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
	const start = performance.now();
	const value = await work();
	return { ms: performance.now() - start, value };
}

/** Returns the rows of a table of goals. */
export function goalRows(goals: readonly Goal[]): string[][] {
	return [
		['', 'measured', 'goal', ''],
		...goals.map(({ what, measured, goal, isMet }) => [
			what,
			measured,
			goal,
			isMet ? 'met' : 'MISSED',
		]),
	];
}

/**
 * Runs a benchmark, prints its goals, and sets the exit code: 1 if a goal is missed or the benchmark does not end
 * within `maxMinutes`.
 */
export async function runBench(
	maxMinutes: number,
	work: (bench: Bench) => Promise<Goal[]>,
): Promise<void> {
	const deadline = setTimeout(() => {
		print(`Timed out after ${maxMinutes} minutes.`);
		process.exit(1);
	}, maxMinutes * 60_000);
	const emulator = await startEmulatorProcess();
	try {
		const n8n = new N8n();
		await n8n.loader.loadAll();
		n8n.control = emulator.control;
		const goals = await work({
			n8n,
			run: async (parameters, items = [{}]) => {
				const result = await n8n.run(parameters, items);
				if (result.error) throw result.error;
				return result.items.map(({ json }) => json);
			},
		});
		print();
		printTable(goalRows(goals));
		process.exitCode = goals.every(({ isMet }) => isMet) ? 0 : 1;
	} finally {
		clearTimeout(deadline);
		await emulator.stop();
		rmSync(N8N_HOME, { recursive: true, force: true });
	}
}
