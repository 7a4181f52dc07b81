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
import { ENGINES } from './engines';
import { groups } from './groups';
import { CONNECTIONS, measureReceiving, measureSettings, type Measured } from './receiving';
import {
	atLeast,
	markdownReport,
	plainSection,
	withSpread,
	type Part,
	type Section,
} from './report';
import { print, printTable, type Goal } from './support';

/**
 * Measures what the package adds to n8n's own cost: everything in one run, compared within that run. `--quick` is for
 * a short try and writes no report; `--only` takes the name of one part.
 */
const REPORT = join(repositoryRoot, 'docs', 'benchmark.md');

const { values: options } = parseArgs({
	options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const EFFORT = options.quick
	? { rounds: 2, seconds: 2, starts: 1, activations: 2, runs: 10, loads: 3, events: 10_000 }
	: { rounds: 4, seconds: 3, starts: 2, activations: 5, runs: 50, loads: 15, events: 100_000 };

/** Settings of n8n that could matter, compared with the defaults. */
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
			text: `${CONNECTIONS} connections, ${EFFORT.rounds} rounds. Events per second until the last execution has ended, as medians with minimum and maximum; response time and n8n's CPU time per event, as medians of the rounds. Ratio: Procore Trigger's rate divided by that of the row, round by round; by CPU time: the row's CPU time divided by Procore Trigger's, which other programs on the machine affect less.`,
			rows: [
				[
					...['event', 'receiver', 'per second', 'p50', 'p95', 'p99', 'CPU time'],
					...['ratio', 'ratio by CPU time'],
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
	print('n8n settings ...');
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
				title: 'n8n settings',
				text: `Procore Trigger alone, ${CONNECTIONS} connections, ${EFFORT.starts} starts of n8n under each, in turn; events per second, as medians with minimum and maximum, and compared with the first row.`,
				rows: [
					['settings', 'accepted', '', 'p95 of the response', 'filtered out', ''],
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
				text: `In n8n, one project, Webhooks API v2.0; each response of Procore takes ${LATENCY} ms. Requests for tokens are not counted.`,
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
	print('Own work per event ...');
	const steps = measureOwnWork(EFFORT.runs);
	const all = steps.at(-1)?.microseconds.median ?? Number.NaN;
	return await Promise.resolve({
		sections: [
			{
				title: 'Own work per event',
				text: `Outside n8n, ${EFFORT.runs} runs of 2,000 events of payload version v2.0; medians with minimum and maximum.`,
				rows: [
					['step', 'microseconds'],
					...steps.map(({ name, microseconds }) => [name, withSpread(microseconds, 1)]),
				],
			},
		],
		goals: [
			{
				what: 'own work per accepted event',
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
				text: 'Live memory of the process after garbage collection. Every event is received over HTTP by the compiled trigger in n8n-core and passed through the gate.',
				rows: [
					['events', 'megabytes'],
					...levels.map(({ events, megabytes }) => [String(events), megabytes.toFixed(1)]),
				],
			},
		],
		goals: [
			{
				what: `memory growth up to ${EFFORT.events} events`,
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
				text: `Load time: loading its classes and creating an instance of each, as n8n does when it starts, in ${EFFORT.loads} fresh processes.`,
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
		groups: async () => await groups(EFFORT),
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
		['', 'measured', 'goal', ''],
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
		'Written by `npm run bench` in one run. Ratios compare variants within that run, measured in turn: the figures depend on the machine, the ratios should not. For each missed goal, [operating.md](operating.md) explains what sets the limit.',
		`n8n ${install.version}, Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, SQLite. "Empty trigger" is a node that does nothing (\`bench/bound/\`): for accepted events it starts the workflow, otherwise it responds without starting it. It has the same credential, because n8n queries its database at each start to check whether the workflow may use the credentials of its nodes; the row "no credential" avoids that query. "Same parameters" has the parameters of Procore Trigger, because n8n also walks through the parameter definitions of a node for each request. "By hand" is n8n's own Webhook, Filter and Remove Duplicates, set up for the same secret, filter and deduplication.`,
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
