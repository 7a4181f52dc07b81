import { ENGINES } from './engines';
import { GROUP_CONNECTIONS, measureGroups, type MeasuredGroups } from './receiving';
import { atLeast, withSpread, type Part } from './report';
import type { Spread } from './statistics';
import { print, type Goal } from './support';

/** The largest accepted share by which a lone event may be answered later. */
const LATER = 0.05;

/** Ratios as how much more than 1 they are. */
function asMore({ median, least, greatest }: Spread): string {
	const [middle, from, to] = [median, least, greatest].map(
		(ratio) => `${((ratio - 1) * 100).toFixed(0)}%`,
	);
	return `${middle} (${from} to ${to})`;
}

function goalsOf(
	{ name, goals }: (typeof ENGINES)[number],
	measured: readonly MeasuredGroups[],
): Goal[] {
	const of = (receiver: MeasuredGroups['receiver'], connections: number) => {
		const found = measured.find(
			(each) => each.receiver === receiver && each.connections === connections,
		);
		if (found === undefined) throw new Error(`${receiver} was not measured`);
		return found;
	};
	const what = (text: string, connections: number) =>
		`${name}: several events per execution, ${text}, ${connections} connection${connections === 1 ? '' : 's'}`;
	const toEmpty = ([10, 40] as const).map((connections) =>
		atLeast(
			what('to empty trigger, same parameters', connections),
			of('empty trigger, same parameters', connections).ratio,
			goals.several[connections],
		),
	);
	const one = of('Procore Trigger', 1);
	const busy = of('Procore Trigger, several when busy', 40);
	return [
		...toEmpty,
		atLeast(what('to the limit', 40), of('answered without a start', 40).ratio, 0.85),
		atLeast(what('to one', 1), one.ratio, 0.97),
		{
			what: what('p50 compared with one', 1),
			measured: asMore(one.p50Ratio),
			goal: 'at most 5% later',
			isMet: one.p50Ratio.median - 1 <= LATER,
		},
		{
			what: what('responses after more than 5 s', 40),
			measured: String(busy.late),
			goal: '0',
			isMet: busy.late === 0 && busy.rate.least > 0,
		},
	];
}

function row(measured: MeasuredGroups): string[] {
	const { connections, receiver, rate, p50, p99, late, processor, ratio, ratioToEmpty } = measured;
	return [
		String(connections),
		receiver,
		withSpread(rate, 0),
		...[p50, p99].map((time) => `${time.toFixed(0)} ms`),
		String(late),
		`${processor.median.toFixed(1)} ms`,
		withSpread(ratioToEmpty, 2),
		withSpread(ratio, 2),
	];
}

/** Measures accepted events with one and with several events per execution. */
export async function groups(effort: { rounds: number; seconds: number }): Promise<Part> {
	const part: Part = { title: 'Several events per execution', sections: [], goals: [] };
	for (const engine of ENGINES) {
		print(`Several events per execution, ${engine.name} ...`);
		const measured = await measureGroups({ ...effort, env: engine.env, log: print });
		part.sections.push({
			title: `Several events per execution: ${engine.name}`,
			text: `Accepted events, ${GROUP_CONNECTIONS.join(', ')} connections, ${effort.rounds} rounds. Events per second until the last execution has ended, as medians with minimum and maximum; response time and n8n's CPU time per event, as medians of the rounds; late: responses after more than five seconds. "Answered without a start" is the empty trigger with the same parameters that responds and starts nothing: the limit. Ratios are taken round by round.`,
			rows: [
				[
					...['connections', 'receiver', 'per second', 'p50', 'p99', 'late', 'CPU time'],
					...['to the empty trigger', 'several when busy to this'],
				],
				...measured.map(row),
			],
		});
		part.goals.push(...goalsOf(engine, measured));
	}
	return part;
}
