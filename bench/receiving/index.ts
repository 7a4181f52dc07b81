/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { join } from 'node:path';

import { startEmulatorProcess } from '../../test/harness/emulator-process';
import { ensureN8n } from '../../test/harness/n8n-install';
import { startN8n } from '../../test/harness/n8n-instance';
import type { N8nRest } from '../../test/harness/n8n-rest';
import { repositoryRoot } from '../../test/harness/paths';
import { percentile, spread, type Spread } from '../statistics';
import { load } from './load';
import {
	KINDS,
	RECEIVERS,
	setUpVariants,
	type Kind,
	type Receiver,
	type Variant,
} from './variants';

/** As many requests are under way at any time. */
export const CONNECTIONS = 10;

export interface ReceivingOptions {
	/** How often each variant has its turn. */
	readonly rounds: number;
	/** How long a turn lasts, in seconds; twice as long where every event starts the workflow. */
	readonly seconds: number;
	/** Settings of n8n besides those it has by itself. */
	readonly env: Record<string, string>;
	readonly log: (line: string) => void;
}

/** One turn of a variant. */
interface Turn {
	/** Events a second, until the last execution has ended. */
	readonly rate: number;
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
}

/** What was measured of one receiver and one kind of event. */
export interface Measured {
	readonly receiver: Receiver;
	readonly kind: Kind;
	/** Events a second. */
	readonly rate: Spread;
	/** Milliseconds until the answer, medians of the rounds. */
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	/** Of Procore Trigger's rate to this one's, round by round. */
	readonly ratio: Spread;
}

async function takeTurn(rest: N8nRest, { target, workflowId, kind }: Variant, seconds: number) {
	const { answers, startedAt, ms, times } = await load(
		target,
		CONNECTIONS,
		kind === 'accepted' ? 2 * seconds : seconds,
	);
	const idleSince = await rest.untilIdle(workflowId);
	const turn: Turn = {
		rate: answers / (Math.max(ms, idleSince - startedAt) / 1000),
		p50: percentile(times, 0.5),
		p95: percentile(times, 0.95),
		p99: percentile(times, 0.99),
	};
	return turn;
}

/** Each round begins with another variant, so that none is always the one that follows a certain other. */
function inOrderOf<T>(round: number, things: readonly T[]): T[] {
	const start = round % things.length;
	return [...things.slice(start), ...things.slice(0, start)];
}

/**
 * Events received by this package's trigger, by one that does nothing, and by what a user would build by hand, in a
 * real n8n: every variant in turn, round by round, after one round that does not count.
 */
export async function measureReceiving(options: ReceivingOptions): Promise<Measured[]> {
	const install = await ensureN8n({ log: options.log });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		env: { N8N_CUSTOM_EXTENSIONS: join(repositoryRoot, 'bench', 'bound'), ...options.env },
	});
	try {
		const variants = await setUpVariants(n8n.rest, emulator.control);
		const turns = new Map<Variant, Turn[]>(variants.map((variant) => [variant, []]));
		for (const variant of variants) await takeTurn(n8n.rest, variant, 1);
		for (let round = 0; round < options.rounds; round += 1) {
			options.log(`  round ${round + 1} of ${options.rounds}`);
			for (const kind of inOrderOf(round, KINDS)) {
				const ofKind = variants.filter((variant) => variant.kind === kind);
				for (const variant of inOrderOf(round, ofKind)) {
					turns.get(variant)?.push(await takeTurn(n8n.rest, variant, options.seconds));
				}
			}
		}
		return KINDS.flatMap((kind) =>
			RECEIVERS.map((receiver) => {
				const turnsOf = (wanted: Receiver) =>
					[...turns].find(
						([variant]) => variant.kind === kind && variant.receiver === wanted,
					)?.[1] ?? [];
				const mine = turnsOf(receiver);
				const own = turnsOf('Procore Trigger');
				return {
					receiver,
					kind,
					rate: spread(mine.map(({ rate }) => rate)),
					p50: spread(mine.map(({ p50 }) => p50)).median,
					p95: spread(mine.map(({ p95 }) => p95)).median,
					p99: spread(mine.map(({ p99 }) => p99)).median,
					ratio: spread(mine.map(({ rate }, round) => (own[round]?.rate ?? 0) / rate)),
				};
			}),
		);
	} finally {
		await Promise.all([n8n.dispose(), emulator.stop()]);
	}
}
