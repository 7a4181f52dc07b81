/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { IDataObject } from 'n8n-workflow';

import { byId, COMPANY, PROJECT, type Generation } from '../test/core/harness';
import { liveMegabytes } from './garbage';
import {
	connect,
	numberOptions,
	print,
	printTable,
	runBench,
	timed,
	type Bench,
	type Goal,
} from './support';

/**
 * Reads a long log of deliveries to its end, filters and summarizes it: the number of requests, how the time divides
 * into waiting and own work, and whether memory grows with the number of rows.
 */
const options = numberOptions({
	rows: 100_000,
	/** The latency of every response during the measurement, in milliseconds. */
	latency: 50,
});

const PAGE = 100;
const SMALL = 10;
/** How much more live memory a log of ten times the length can take. */
const MAX_GROWTH_MB = 5;

function place(namespace: string) {
	return {
		companyId: byId(COMPANY),
		scope: 'project',
		projectId: byId(PROJECT),
		namespace,
	};
}

/** Creates a hook with a log of this many deliveries, one per second, the last one now. */
async function hookWith({ run, n8n }: Bench, namespace: string, rows: number): Promise<string> {
	const [hook] = await run({
		resource: 'hook',
		operation: 'create',
		...place(namespace),
		destinationUrl: 'https://flows.larkspur.example/webhook/procore',
	});
	const id = String(hook?.id);
	await n8n.control.addDeliveries(id, {
		count: rows,
		statuses: ['succeeded', 'succeeded', 'failed', 'retrying', 'discarded'],
	});
	await n8n.control.clearRequests();
	return id;
}

async function summarize({ run }: Bench, id: string, since?: number): Promise<IDataObject> {
	const [report] = await run({
		resource: 'delivery',
		operation: 'summarize',
		...place('any'),
		hookId: byId(id),
		...(since === undefined ? {} : { filters: { since: new Date(since).toISOString() } }),
	});
	if (report === undefined) throw new Error('No report');
	return report;
}

/** The peak of live memory during some work, minus what was live before it. */
async function mostMegabytes(work: () => Promise<unknown>): Promise<number> {
	const before = liveMegabytes();
	let most = before;
	const sample = () => {
		most = Math.max(most, liveMegabytes());
	};
	const timer = setInterval(sample, 500);
	try {
		const result = await work();
		sample();
		// The result counts as live until here.
		return result === undefined ? 0 : most - before;
	} finally {
		clearInterval(timer);
	}
}

async function measure(bench: Bench, version: Generation, table: string[][]): Promise<Goal[]> {
	const { control } = bench.n8n;
	await connect(bench, version);
	// Paging on v1.0 has no total: after a full last page, only one more request shows that it was the last.
	const rows = version === 'v1.0' ? options.rows - 1 : options.rows;
	const name = version.replace('.', '-');
	const few = await hookWith(bench, `${name}-few`, Math.ceil(rows / SMALL));
	const many = await hookWith(bench, `${name}-many`, rows);
	const start = Date.parse((await control.state({ deliveries: 0 })).now);
	// Half of the log passes the filter, which is finer than the days of Procore's own filter.
	const wanted = Math.floor(rows / 2);
	const since = start - wanted * 1000;

	await control.setLatency(options.latency);
	const cpu = process.cpuUsage();
	const { ms, value } = await timed(async () => await summarize(bench, many, since));
	const { user, system } = process.cpuUsage(cpu);
	const own = (user + system) / 1000;
	const requests = (await control.requests()).filter(({ path }) => path.endsWith('/deliveries'));
	await control.setLatency(0);

	const small = await mostMegabytes(async () => await summarize(bench, few));
	const large = await mostMegabytes(async () => await summarize(bench, many));
	// The measurement in the case where rows are kept, because they are the output.
	const kept = await mostMegabytes(async () => {
		return await bench.run({
			resource: 'delivery',
			operation: 'getAll',
			...place('any'),
			hookId: byId(few),
			returnAll: true,
		});
	});
	await control.clearRequests();

	const seconds = (time: number) => `${(time / 1000).toFixed(1)} s`;
	table.push([
		version,
		String(rows),
		String(requests.length),
		seconds(ms),
		`${seconds(ms - own)} (${((1 - own / ms) * 100).toFixed(0)}%)`,
		`${seconds(own)} (${((own / rows) * 1000).toFixed(0)} µs per row)`,
		`${small.toFixed(1)} MB`,
		`${large.toFixed(1)} MB`,
		`${kept.toFixed(1)} MB`,
	]);
	const pages = Math.ceil(rows / PAGE);
	const counted = Number(value.deliveries);
	return [
		{
			what: `${version}: requests`,
			measured: String(requests.length),
			goal: `${pages}: rows divided by ${PAGE}`,
			isMet: requests.length === pages,
		},
		{
			what: `${version}: rows that pass the filter`,
			measured: String(counted),
			goal: `${wanted}, give or take 30`,
			// The rows end a few seconds before the clock is read.
			isMet: Math.abs(counted - wanted) <= 30,
		},
		{
			what: `${version}: additional live memory for ${SMALL} times the rows`,
			measured: `${(large - small).toFixed(1)} MB`,
			goal: `at most ${MAX_GROWTH_MB} MB`,
			isMet: large - small <= MAX_GROWTH_MB,
		},
	];
}

void runBench(15, async (bench) => {
	print(`${options.rows} deliveries, a response takes ${options.latency} ms`);
	const table = [
		[
			'',
			'rows',
			'requests',
			'time',
			'waiting',
			'own work',
			`live memory, 1/${SMALL} of the rows`,
			'all rows',
			`Get Many of 1/${SMALL}`,
		],
	];
	const goals = [
		...(await measure(bench, 'v2.0', table)),
		...(await measure(bench, 'v1.0', table)),
	];
	print();
	printTable(table);
	return goals;
});
