/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { join } from 'node:path';

import type { EmulatorControl } from '../../emulator/control-client';
import { startEmulatorProcess } from '../../test/harness/emulator-process';
import { ensureN8n } from '../../test/harness/n8n-install';
import { startN8n, type N8nInstance } from '../../test/harness/n8n-instance';
import { repositoryRoot } from '../../test/harness/paths';
import { processorTime } from '../../test/harness/server-process';
import { percentile } from '../statistics';
import { load } from './load';
import type { Variant } from './variants';

/** The number of concurrent requests, unless a measurement names another one. */
export const CONNECTIONS = 10;

/** The time in milliseconds after which Procore gives up a delivery. */
const PROCORE_WAITS_MS = 5000;

/** One turn of a variant. */
export interface Turn {
	/** Events per second, until the last execution has ended. */
	readonly rate: number;
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	/** Responses that came later than Procore waits. */
	readonly late: number;
	/** Milliseconds of CPU time that n8n used per event; NaN if the system does not report it. */
	readonly processor: number;
}

/** Sends events to a variant, twice as long if every event starts the workflow, and waits for the last execution. */
export async function takeTurn(
	{ rest, pid }: N8nInstance,
	{ target, workflowId, kind }: Pick<Variant, 'target' | 'workflowId' | 'kind'>,
	seconds: number,
	connections = CONNECTIONS,
): Promise<Turn> {
	const processorBefore = processorTime(pid) ?? Number.NaN;
	const { answers, startedAt, ms, times } = await load(
		target,
		connections,
		kind === 'accepted' ? 2 * seconds : seconds,
	);
	const idleSince = await rest.untilIdle(workflowId);
	return {
		rate: answers / (Math.max(ms, idleSince - startedAt) / 1000),
		p50: percentile(times, 0.5),
		p95: percentile(times, 0.95),
		p99: percentile(times, 0.99),
		processor: ((processorTime(pid) ?? Number.NaN) - processorBefore) / answers,
		late: times.filter((time) => time > PROCORE_WAITS_MS).length,
	};
}

/** Each round begins with another variant, so that no variant always follows the same one. */
export function inOrderOf<T>(round: number, things: readonly T[]): T[] {
	const start = round % things.length;
	return [...things.slice(start), ...things.slice(0, start)];
}

/** Runs some work on a separate n8n in which variants are set up. */
export async function withVariants<V, T>(
	setUp: (rest: N8nInstance['rest'], control: EmulatorControl) => Promise<V>,
	{ env, log }: { readonly env: Record<string, string>; readonly log: (line: string) => void },
	work: (n8n: N8nInstance, variants: V) => Promise<T>,
): Promise<T> {
	const install = await ensureN8n({ log });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		env: { N8N_CUSTOM_EXTENSIONS: join(repositoryRoot, 'bench', 'bound'), ...env },
	});
	try {
		const variants = await setUp(n8n.rest, emulator.control);
		return await work(n8n, variants);
	} finally {
		await Promise.all([n8n.dispose(), emulator.stop()]);
	}
}
