import { spread, type Spread } from '../statistics';
import { inOrderOf, takeTurn, withVariants, type Turn } from './turn';
import { GROUP_RECEIVERS, setUpGroupVariants, type GroupReceiver } from './variants';

/** The numbers of concurrent requests that are compared. */
export const GROUP_CONNECTIONS = [1, 10, 40] as const;

/** The measurements for one receiver of accepted events and one number of connections. */
export interface MeasuredGroups {
	readonly receiver: GroupReceiver;
	readonly connections: number;
	/** Events per second. */
	readonly rate: Spread;
	/** Milliseconds until the response, medians of the rounds. */
	readonly p50: number;
	readonly p99: number;
	/** Responses in all rounds that came later than Procore waits. */
	readonly late: number;
	/** Milliseconds of n8n's CPU time per event. */
	readonly processor: Spread;
	/** The rate with several events per execution divided by this one's, round by round. */
	readonly ratio: Spread;
	/** This one's rate divided by that of the empty trigger with the same parameters, round by round. */
	readonly ratioToEmpty: Spread;
	/** The p50 with several events per execution divided by this one's, round by round. */
	readonly p50Ratio: Spread;
}

/** Measures accepted events with several numbers of connections: all receivers in turn, round by round. */
export async function measureGroups(options: {
	readonly rounds: number;
	readonly seconds: number;
	readonly env: Record<string, string>;
	readonly log: (line: string) => void;
}): Promise<MeasuredGroups[]> {
	return await withVariants(setUpGroupVariants, options, async (n8n, variants) => {
		const turns = new Map<string, Turn[]>();
		const turnsOf = (receiver: GroupReceiver, connections: number) => {
			const key = `${connections} ${receiver}`;
			const known = turns.get(key) ?? [];
			turns.set(key, known);
			return known;
		};
		for (const variant of variants) await takeTurn(n8n, variant, 1);
		for (let round = 0; round < options.rounds; round += 1) {
			options.log(`  round ${round + 1} of ${options.rounds}`);
			for (const connections of inOrderOf(round, GROUP_CONNECTIONS)) {
				for (const variant of inOrderOf(round, variants)) {
					const turn = await takeTurn(n8n, variant, options.seconds, connections);
					turnsOf(variant.receiver, connections).push(turn);
				}
			}
		}
		return GROUP_CONNECTIONS.flatMap((connections) =>
			GROUP_RECEIVERS.map((receiver) => {
				const mine = turnsOf(receiver, connections);
				const several = turnsOf('Procore Trigger, several when busy', connections);
				const empty = turnsOf('empty trigger, same parameters', connections);
				return {
					receiver,
					connections,
					rate: spread(mine.map(({ rate }) => rate)),
					p50: spread(mine.map(({ p50 }) => p50)).median,
					p99: spread(mine.map(({ p99 }) => p99)).median,
					late: mine.reduce((sum, { late }) => sum + late, 0),
					processor: spread(mine.map(({ processor }) => processor)),
					ratio: spread(mine.map(({ rate }, round) => (several[round]?.rate ?? 0) / rate)),
					ratioToEmpty: spread(
						mine.map(({ rate }, round) => rate / (empty[round]?.rate ?? Number.NaN)),
					),
					p50Ratio: spread(mine.map(({ p50 }, round) => (several[round]?.p50 ?? Number.NaN) / p50)),
				};
			}),
		);
	});
}
