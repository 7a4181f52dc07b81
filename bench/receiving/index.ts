/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { join } from 'node:path';

import { startEmulatorProcess } from '../../test/harness/emulator-process';
import { ensureN8n } from '../../test/harness/n8n-install';
import { startN8n, type N8nInstance } from '../../test/harness/n8n-instance';
import { repositoryRoot } from '../../test/harness/paths';
import { processorTime } from '../../test/harness/server-process';
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
	/** Milliseconds of processor time that n8n took for an event; not a number where the system does not tell. */
	readonly processor: number;
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
	/** Milliseconds of n8n's processor time an event. */
	readonly processor: Spread;
	/** Of Procore Trigger's rate to this one's, round by round. */
	readonly ratio: Spread;
	/** Of this one's processor time an event to Procore Trigger's, round by round: other programs do not disturb it. */
	readonly processorRatio: Spread;
}

async function takeTurn(
	{ rest, pid }: N8nInstance,
	{ target, workflowId, kind }: Variant,
	seconds: number,
) {
	const processorBefore = processorTime(pid) ?? Number.NaN;
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
		processor: ((processorTime(pid) ?? Number.NaN) - processorBefore) / answers,
	};
	return turn;
}

/** Each round begins with another variant, so that none is always the one that follows a certain other. */
function inOrderOf<T>(round: number, things: readonly T[]): T[] {
	const start = round % things.length;
	return [...things.slice(start), ...things.slice(0, start)];
}

/** Runs work on an n8n of its own in which all variants are set up. */
async function withVariants<T>(
	env: Record<string, string>,
	log: (line: string) => void,
	work: (n8n: N8nInstance, variants: readonly Variant[]) => Promise<T>,
): Promise<T> {
	const install = await ensureN8n({ log });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({
		install,
		packageRoot: repositoryRoot,
		env: { N8N_CUSTOM_EXTENSIONS: join(repositoryRoot, 'bench', 'bound'), ...env },
	});
	try {
		const variants = await setUpVariants(n8n.rest, emulator.control);
		return await work(n8n, variants);
	} finally {
		await Promise.all([n8n.dispose(), emulator.stop()]);
	}
}

/**
 * Events received by this package's trigger, by one that does nothing, and by what a user would build by hand, in a
 * real n8n: every variant in turn, round by round, after one round that does not count.
 */
export async function measureReceiving(options: ReceivingOptions): Promise<Measured[]> {
	return await withVariants(options.env, options.log, async (n8n, variants) => {
		const turns = new Map<Variant, Turn[]>(variants.map((variant) => [variant, []]));
		for (const variant of variants) await takeTurn(n8n, variant, 1);
		for (let round = 0; round < options.rounds; round += 1) {
			options.log(`  round ${round + 1} of ${options.rounds}`);
			for (const kind of inOrderOf(round, KINDS)) {
				const ofKind = variants.filter((variant) => variant.kind === kind);
				for (const variant of inOrderOf(round, ofKind)) {
					turns.get(variant)?.push(await takeTurn(n8n, variant, options.seconds));
				}
			}
		}
		return KINDS.flatMap((kind) =>
			RECEIVERS.filter((receiver) =>
				variants.some((variant) => variant.kind === kind && variant.receiver === receiver),
			).map((receiver) => {
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
					processor: spread(mine.map(({ processor }) => processor)),
					ratio: spread(mine.map(({ rate }, round) => (own[round]?.rate ?? 0) / rate)),
					processorRatio: spread(
						mine.map(({ processor }, round) => processor / (own[round]?.processor ?? 0)),
					),
				};
			}),
		);
	});
}

/** What Procore Trigger takes under some settings of n8n. */
export interface UnderSettings {
	readonly name: string;
	/** Events a second. */
	readonly accepted: Spread;
	readonly filteredOut: Spread;
	/** Milliseconds until the answer to an accepted event: 95 of 100 are quicker. */
	readonly p95: number;
}

/** Procore Trigger under several settings of n8n, each in an n8n of its own, all of them in turn, round by round. */
export async function measureSettings(
	settings: ReadonlyArray<{ name: string; env: Record<string, string> }>,
	{ rounds, seconds, log }: Omit<ReceivingOptions, 'env'>,
): Promise<UnderSettings[]> {
	const accepted = settings.map(() => new Array<Turn>());
	const filteredOut = settings.map(() => new Array<Turn>());
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, { name, env }] of settings.entries()) {
			log(`  round ${round + 1} of ${rounds}: ${name}`);
			await withVariants(env, log, async (n8n, variants) => {
				const turnOf = async (kind: Kind) => {
					const variant = variants.find(
						(each) => each.receiver === 'Procore Trigger' && each.kind === kind,
					);
					if (variant === undefined) throw new Error(`There is no variant for ${kind}`);
					// Once to warm n8n up.
					await takeTurn(n8n, variant, 1);
					return await takeTurn(n8n, variant, seconds);
				};
				accepted[index]?.push(await turnOf('accepted'));
				filteredOut[index]?.push(await turnOf('filtered out'));
			});
		}
	}
	return settings.map(({ name }, index) => ({
		name,
		accepted: spread((accepted[index] ?? []).map(({ rate }) => rate)),
		filteredOut: spread((filteredOut[index] ?? []).map(({ rate }) => rate)),
		p95: spread((accepted[index] ?? []).map(({ p95 }) => p95)).median,
	}));
}
