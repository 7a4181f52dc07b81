import { spread, type Spread } from '../statistics';
import { inOrderOf, takeTurn, withVariants, type Turn } from './turn';
import {
	KINDS,
	RECEIVERS,
	setUpVariants,
	type Kind,
	type Receiver,
	type Variant,
} from './variants';

export { measureGroups, GROUP_CONNECTIONS, type MeasuredGroups } from './groups';
export { CONNECTIONS } from './turn';

export interface ReceivingOptions {
	/** The number of turns of each variant. */
	readonly rounds: number;
	/** The length of a turn in seconds; twice as long if every event starts the workflow. */
	readonly seconds: number;
	/** Settings of n8n that override its defaults. */
	readonly env: Record<string, string>;
	readonly log: (line: string) => void;
}

/** The measurements for one receiver and one kind of event. */
export interface Measured {
	readonly receiver: Receiver;
	readonly kind: Kind;
	/** Events per second. */
	readonly rate: Spread;
	/** Milliseconds until the response, medians of the rounds. */
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	/** Milliseconds of n8n's CPU time per event. */
	readonly processor: Spread;
	/** Procore Trigger's rate divided by this one's, round by round. */
	readonly ratio: Spread;
	/** This one's CPU time per event divided by Procore Trigger's, round by round: other programs do not affect it. */
	readonly processorRatio: Spread;
}

/**
 * Measures events received by this package's trigger, by one that does nothing, and by what a user would build
 * manually, in a real n8n: all variants in turn, round by round, after one round that does not count.
 */
export async function measureReceiving(options: ReceivingOptions): Promise<Measured[]> {
	return await withVariants(setUpVariants, options, async (n8n, variants) => {
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

/** Procore Trigger's measurements with some settings of n8n. */
export interface UnderSettings {
	readonly name: string;
	/** Events per second. */
	readonly accepted: Spread;
	readonly filteredOut: Spread;
	/** Milliseconds until the response to an accepted event, 95th percentile. */
	readonly p95: number;
}

/** Measures Procore Trigger with several settings of n8n, each in a separate n8n, all in turn, round by round. */
export async function measureSettings(
	settings: ReadonlyArray<{ name: string; env: Record<string, string> }>,
	{ rounds, seconds, log }: Omit<ReceivingOptions, 'env'>,
): Promise<UnderSettings[]> {
	const accepted = settings.map(() => new Array<Turn>());
	const filteredOut = settings.map(() => new Array<Turn>());
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, { name, env }] of settings.entries()) {
			log(`  round ${round + 1} of ${rounds}: ${name}`);
			await withVariants(setUpVariants, { env, log }, async (n8n, variants) => {
				const turnOf = async (kind: Kind) => {
					const variant = variants.find(
						(each) => each.receiver === 'Procore Trigger' && each.kind === kind,
					);
					if (variant === undefined) throw new Error(`There is no variant for ${kind}`);
					// One turn to warm up n8n.
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
