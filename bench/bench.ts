/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { ensureN8n, type N8nInstall } from '../test/harness/n8n-install';
import { repositoryRoot } from '../test/harness/paths';
import { LATENCY, measureActivation } from './activation';
import { measureMemory } from './memory';
import { measureOwnWork } from './own-work';
import { measurePackage } from './package-cost';
import { CONNECTIONS, measureReceiving, measureSettings, type Measured } from './receiving';
import { markdownReport, plainSection, type Section } from './report';
import type { Spread } from './statistics';
import { print, printTable, type Goal } from './support';

/**
 * What the package adds to what n8n costs: everything in one run, compared within that run. `--quick` is for trying
 * out and writes no report; `--only` takes the name of one part.
 */
const REPORT = join(repositoryRoot, 'docs', 'benchmark.md');

const { values: options } = parseArgs({
	options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const EFFORT = options.quick
	? { rounds: 2, seconds: 2, starts: 1, activations: 2, runs: 10, loads: 3, events: 10_000 }
	: { rounds: 4, seconds: 3, starts: 2, activations: 5, runs: 50, loads: 15, events: 100_000 };

const ENGINES = [
	{
		name: 'default settings',
		env: {},
		goals: { accepted: 0.97, unwanted: 0.95, byHand: 1.2 },
	},
	{
		name: 'N8N_EXPRESSION_ENGINE=legacy',
		env: { N8N_EXPRESSION_ENGINE: 'legacy' },
		goals: { accepted: 0.9, unwanted: 0.95, byHand: 4 },
	},
] as const;

/** Settings of n8n that may matter, against those that it has by itself. */
const SETTINGS = [
	{ name: 'default settings', env: {} },
	{
		name: 'N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	},
	{ name: 'N8N_EXPRESSION_ENGINE=legacy', env: { N8N_EXPRESSION_ENGINE: 'legacy' } },
	{
		name: 'EXECUTIONS_DATA_SAVE_ON_SUCCESS=none',
		env: { EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' },
	},
	{
		name: 'N8N_CONCURRENCY_PRODUCTION_LIMIT=5',
		env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '5' },
	},
];

interface Part {
	readonly sections: Section[];
	readonly goals: Goal[];
}

function withSpread({ median, least, greatest }: Spread, digits: number): string {
	return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${greatest.toFixed(digits)})`;
}

function atLeast(what: string, { median }: Spread, goal: number): Goal {
	return {
		what,
		measured: median.toFixed(2),
		goal: `at least ${goal}`,
		isMet: median >= goal,
	};
}

function receivingRow(measured: Measured): string[] {
	const { receiver, kind, rate, p50, p95, p99, processor, ratio, processorRatio } = measured;
	return [
		kind,
		receiver,
		withSpread(rate, 0),
		...[p50, p95, p99].map((time) => `${time.toFixed(0)} ms`),
		`${processor.median.toFixed(1)} ms`,
		...(receiver === 'Procore Trigger'
			? ['', '']
			: [withSpread(ratio, 2), withSpread(processorRatio, 2)]),
	];
}

async function receiving(): Promise<Part> {
	const sections: Section[] = [];
	const goals: Goal[] = [];
	for (const engine of ENGINES) {
		print(`Events received, ${engine.name} ...`);
		const measured = await measureReceiving({ ...EFFORT, env: engine.env, log: print });
		sections.push({
			title: `Events received: ${engine.name}`,
			text: `${CONNECTIONS} connections, ${EFFORT.rounds} rounds. Events a second until the last execution has ended, medians with the least and the greatest; time to the answer, and n8n's processor time an event, medians of the rounds. Ratio: Procore Trigger's rate divided by that of the row, round by round; by processor: the row's processor time divided by Procore Trigger's, which other programs on the machine disturb less.`,
			rows: [
				[
					...['event', 'receiver', 'a second', 'p50', 'p95', 'p99', 'processor'],
					...['ratio', 'ratio by processor'],
				],
				...measured.map(receivingRow),
			],
		});
		for (const { receiver, kind, ratio } of measured) {
			const what = `${engine.name}: ${kind}, to ${receiver}`;
			if (receiver.startsWith('empty trigger')) {
				const goal = kind === 'accepted' ? engine.goals.accepted : engine.goals.unwanted;
				goals.push(atLeast(what, ratio, goal));
			} else if (receiver === 'by hand' && kind !== 'accepted') {
				goals.push(atLeast(what, ratio, engine.goals.byHand));
			}
		}
	}
	return { sections, goals };
}

async function settings(): Promise<Part> {
	print('Settings of n8n ...');
	const measured = await measureSettings(SETTINGS, {
		rounds: EFFORT.starts,
		seconds: EFFORT.seconds,
		log: print,
	});
	const [usual] = measured;
	const times = (rate: number, usualRate = Number.NaN) => `${(rate / usualRate).toFixed(1)} times`;
	return {
		sections: [
			{
				title: 'Settings of n8n',
				text: `Procore Trigger alone, ${CONNECTIONS} connections, ${EFFORT.starts} starts of n8n under each, in turn; events a second, medians with the least and the greatest, and against the first row.`,
				rows: [
					['settings', 'accepted', '', 'p95 of the answer', 'filtered out', ''],
					...measured.map(({ name, accepted, filteredOut, p95 }) => [
						name,
						withSpread(accepted, 0),
						times(accepted.median, usual?.accepted.median),
						`${p95.toFixed(0)} ms`,
						withSpread(filteredOut, 0),
						times(filteredOut.median, usual?.filteredOut.median),
					]),
				],
			},
		],
		goals: [],
	};
}

async function activation(): Promise<Part> {
	print('Activation and safety check ...');
	const costs = await measureActivation(EFFORT.activations, print);
	const requests = costs
		.filter(({ what }) => what.startsWith('activation'))
		.map((cost) => cost.requests);
	const most = Math.max(...requests);
	return {
		sections: [
			{
				title: 'Activation and safety check',
				text: `In n8n, one project, Webhooks API v2.0; each answer of Procore's takes ${LATENCY} ms. Requests for tokens are left out.`,
				rows: [
					['', 'requests', 'time'],
					...costs.map(({ what, requests: count, time }) => [
						what,
						String(count),
						`${withSpread(time, 0)} ms`,
					]),
				],
			},
		],
		goals: [
			{
				what: 'requests to activate, whatever the number of events',
				measured: [...new Set(requests)].join(', '),
				goal: 'the same, at most 4',
				isMet: new Set(requests).size === 1 && most <= 4,
			},
		],
	};
}

async function ownWork(): Promise<Part> {
	print('Own work an event ...');
	const steps = measureOwnWork(EFFORT.runs);
	const all = steps.at(-1)?.microseconds.median ?? Number.NaN;
	return await Promise.resolve({
		sections: [
			{
				title: 'Own work an event',
				text: `Outside n8n, ${EFFORT.runs} runs of 2,000 events of payload version v2.0; medians with the least and the greatest.`,
				rows: [
					['step', 'microseconds'],
					...steps.map(({ name, microseconds }) => [name, withSpread(microseconds, 1)]),
				],
			},
		],
		goals: [
			{
				what: 'own work an accepted event',
				measured: `${all.toFixed(1)} µs`,
				goal: 'under 50 µs',
				isMet: all < 50,
			},
		],
	});
}

async function memory(): Promise<Part> {
	print('Memory ...');
	const levels = await measureMemory(EFFORT.events);
	const [first, ...later] = levels.map(({ megabytes }) => megabytes);
	const growth = Math.max(...later) - (first ?? 0);
	return {
		sections: [
			{
				title: 'Memory',
				text: 'Alive in the process after garbage collection; every event received over HTTP by the compiled trigger in n8n-core and passed through the gate.',
				rows: [
					['events', 'megabytes'],
					...levels.map(({ events, megabytes }) => [String(events), megabytes.toFixed(1)]),
				],
			},
		],
		goals: [
			{
				what: `growth of memory up to ${EFFORT.events} events`,
				measured: `${growth.toFixed(1)} MB`,
				goal: 'flat: at most 3 MB',
				isMet: growth <= 3,
			},
		],
	};
}

async function packageCost(install: N8nInstall): Promise<Part> {
	print('The package ...');
	const { packed, unpacked, files, load } = await measurePackage(install, EFFORT.loads);
	const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
	return {
		sections: [
			{
				title: 'The package',
				text: `Load time: its classes loaded and made, as n8n does at its start, in ${EFFORT.loads} fresh processes.`,
				rows: [
					['packed', 'unpacked', 'files', 'load time'],
					[kilobytes(packed), kilobytes(unpacked), String(files), `${withSpread(load, 1)} ms`],
				],
			},
		],
		goals: [
			{
				what: 'package, packed',
				measured: kilobytes(packed),
				goal: 'under 100 kB',
				isMet: packed < 100_000,
			},
		],
	};
}

async function main(): Promise<void> {
	const install = await ensureN8n({ log: print });
	const parts: Record<string, () => Promise<Part>> = {
		receiving,
		settings,
		activation,
		ownWork,
		memory,
		package: async () => await packageCost(install),
	};
	const chosen = Object.entries(parts).filter(
		([name]) => options.only === undefined || options.only === name,
	);
	if (chosen.length === 0) throw new Error(`--only takes one of ${Object.keys(parts).join(', ')}`);
	const results: Part[] = [];
	for (const [, measure] of chosen) {
		const result = await measure();
		results.push(result);
		for (const section of result.sections) print(plainSection(section));
	}
	const goals = results.flatMap((result) => result.goals);
	const goalRows = [
		['goal', 'measured', 'wanted', ''],
		...goals.map(({ what, measured, goal, isMet }) => [
			what,
			measured,
			goal,
			isMet ? 'met' : 'MISSED',
		]),
	];
	print();
	printTable(goalRows);
	process.exitCode = goals.every(({ isMet }) => isMet) ? 0 : 1;
	if (options.quick || options.only !== undefined) return;

	const [cpu] = cpus();
	const intro = [
		'Written by `npm run bench`, in one run. Ratios are taken within that run, the variants in turn; figures of another machine differ, the ratios should not. Where a goal is missed, [operating.md](operating.md) says who sets the limit.',
		`n8n ${install.version}, Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, SQLite. "Empty trigger" is a node that does nothing (\`bench/bound/\`): for accepted events one that starts the workflow, else one that answers without a start. It carries the same credential: at each start n8n asks its database whether the workflow may use the credentials of its nodes, which the row without one is spared. "Same parameters": n8n also goes through the definitions of a node's parameters at each request, which no trigger with parameters is spared. "By hand" is n8n's own Webhook, Filter and Remove Duplicates, set up for the same secret, filter and memory.`,
	].join('\n\n');
	const report = markdownReport('Benchmark', intro, [
		{ title: 'Goals', text: 'Medians of the rounds.', rows: goalRows },
		...results.flatMap((result) => result.sections),
	]);
	const style = await resolveConfig(REPORT);
	writeFileSync(REPORT, await format(report, { ...style, filepath: REPORT }));
	print(`\nWritten to ${REPORT}`);
}

void main();
