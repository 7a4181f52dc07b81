/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdirSync, writeFileSync } from 'node:fs';
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
import { goalRows, print, printTable, type Goal } from './support';

/**
 * Measures what the package adds to n8n's own cost. Each part compares variants within one run and has a page of its own.
 * `--quick` is for a short try and writes no page; `--only` takes the name of one part.
 */
const PAGES = join(repositoryRoot, 'docs', 'benchmark');

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
	return { title: 'Events received', sections, goals };
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
		title: 'n8n settings',
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
		title: 'Activation and safety check',
		sections: [
			{
				title: 'Activation and safety check',
				text: `In n8n, one project, Webhooks API v2.0; each response of Procore takes ${LATENCY} ms. Requests for tokens are not counted; those of the safety check that n8n runs beside an activation are.`,
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
		title: 'Own work per event',
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
		title: 'Memory',
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
		title: 'The package',
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

/** Writes the page of one part. */
async function writePage(name: string, version: string, part: Part): Promise<void> {
	const [cpu] = cpus();
	const intro = [
		`Written by \`npm run bench -- --only ${name}\` on ${new Date().toISOString().slice(0, 10)}. [What the words mean](../benchmark.md).`,
		`n8n ${version}, Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, SQLite.`,
	].join('\n\n');
	const goals =
		part.goals.length === 0
			? []
			: [{ title: 'Goals', text: 'Medians of the rounds.', rows: goalRows(part.goals) }];
	const path = join(PAGES, `${name}.md`);
	const page = markdownReport(part.title, intro, [...goals, ...part.sections]);
	const style = await resolveConfig(path);
	mkdirSync(PAGES, { recursive: true });
	writeFileSync(path, await format(page, { ...style, filepath: path }));
	print(`\nWritten to ${path}`);
}

async function main(): Promise<void> {
	const install = await ensureN8n({ log: print });
	const parts: Record<string, () => Promise<Part>> = {
		receiving,
		groups: async () => await groups(EFFORT),
		settings,
		activation,
		'own-work': ownWork,
		memory,
		package: async () => await packageCost(install),
	};
	const selected = Object.entries(parts).filter(
		([name]) => options.only === undefined || options.only === name,
	);
	if (selected.length === 0) {
		throw new Error(`--only takes one of ${Object.keys(parts).join(', ')}`);
	}
	const goals: Goal[] = [];
	for (const [name, measure] of selected) {
		const part = await measure();
		goals.push(...part.goals);
		for (const section of part.sections) print(plainSection(section));
		if (!options.quick) await writePage(name, install.version, part);
	}
	print();
	printTable(goalRows(goals));
	process.exitCode = goals.every(({ isMet }) => isMet) ? 0 : 1;
}

void main();
