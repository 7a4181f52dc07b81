import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';

import type { LoggedRequest } from '../emulator/control-client';
import { byId, COMPANY } from '../test/core/harness';
import { connect, numberOptions, print, printTable, runBench, timed, type Bench } from './support';

/**
 * Creates hooks and triggers for every project of a company: with this node (Project: Get Many, Hook: Create or
 * Update, Trigger: Sync), and with one request at a time and a call for each trigger. Ratios are taken within one
 * run; Procore is emulated and responds after a delay.
 */
const options = numberOptions({
	projects: 500,
	/** The latency of every response, in milliseconds. */
	latency: 80,
	/** Projects that are provisioned sequentially; the time per project does not depend on their number. */
	sample: 20,
	/** Projects that are provisioned within the rate limit below. */
	limited: 25,
});

const EVENTS = 20;
const LIMIT = { limit: 25, windowSeconds: 10 };
const DESTINATION = 'https://flows.larkspur.example/webhook/procore';
const AUTHORIZATION = 'Bearer bench-0f8a491c2b8fa3f1c8e2';

function place(namespace: string) {
	return {
		companyId: byId(COMPANY),
		scope: 'project',
		projectId: byId('={{ $json.project_id ?? $json.id }}'),
		namespace,
	};
}

/** Runs upsert and sync for each project and returns the results. */
async function provision(
	{ run }: Bench,
	namespace: string,
	projects: IDataObject[],
	events: string[],
) {
	const hooks = await run(
		{
			resource: 'hook',
			operation: 'upsert',
			...place(namespace),
			destinationUrl: DESTINATION,
			additionalFields: { authorization: AUTHORIZATION },
		},
		projects,
	);
	const triggers = await run(
		{
			resource: 'trigger',
			operation: 'sync',
			...place(namespace),
			hookId: byId('={{ $json.hook }}'),
			events,
		},
		hooks.map(({ id, project_id }) => ({ hook: id, project_id })),
	);
	return {
		changedHooks: hooks.filter(({ result }) => result !== 'unchanged').length,
		added: triggers.reduce((sum, { added }) => sum + (Array.isArray(added) ? added.length : 0), 0),
	};
}

/** Works like a connector that only knows single calls: one after another, on a connection that stays open. */
async function provisionSequentially(
	{ n8n: { control } }: Bench,
	projectIds: string[],
	events: string[],
): Promise<void> {
	const { accessToken } = await control.issueToken({ grant: 'clientCredentials' });
	const http = axios.create({
		baseURL: `${control.url}/rest/v2.0/companies/${COMPANY}`,
		proxy: false,
		headers: { Authorization: `Bearer ${accessToken}`, 'Procore-Company-Id': COMPANY },
	});
	for (const projectId of projectIds) {
		const path = `/projects/${projectId}/webhooks/hooks`;
		const hook = await http.post<{ data: { id: string } }>(path, {
			namespace: 'one-by-one',
			payload_version: 'v2.0',
			destination_url: DESTINATION,
			destination_headers: { Authorization: AUTHORIZATION },
		});
		for (const event of events) {
			const [resource_name, event_type] = event.split(':');
			await http.post(`${path}/${hook.data.data.id}/triggers`, { resource_name, event_type });
		}
	}
}

async function webhookRequests({ n8n: { control } }: Bench): Promise<LoggedRequest[]> {
	const requests = await control.requests();
	await control.clearRequests();
	return requests.filter(({ path }) => path.includes('/webhooks/'));
}

async function offeredEvents({ run }: Bench, projectId: string): Promise<string[]> {
	const resources = await run({
		resource: 'webhookResource',
		operation: 'getAll',
		companyId: byId(COMPANY),
		scope: 'project',
		projectId: byId(projectId),
		returnAll: true,
	});
	return resources
		.flatMap(({ name, events }) =>
			Array.isArray(events) ? events.map((event) => `${String(name)}:${String(event)}`) : [],
		)
		.slice(0, EVENTS);
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

void runBench(10, async (bench) => {
	const { control } = bench.n8n;
	await connect(bench, 'v2.0');
	const seed = await control.seed();
	const seeded = seed.companies[0]?.projects.filter(({ active }) => active).length ?? 0;
	for (let number = seeded; number < options.projects; number += 1) {
		await control.addProject({ companyId: COMPANY, name: `Project ${number}` });
	}
	const projects = await bench.run({
		resource: 'project',
		operation: 'getAll',
		companyId: byId(COMPANY),
		returnAll: true,
	});
	const ids = projects.map(({ id }) => String(id));
	const events = await offeredEvents(bench, ids[0] ?? '');
	const count = projects.length;
	print(
		`${count} projects, ${events.length} events each, a response takes ${options.latency} ms, Webhooks API v2.0`,
	);

	await control.setLatency(options.latency);
	await control.clearRequests();
	const first = await timed(async () => await provision(bench, 'bench', projects, events));
	const firstRequests = (await webhookRequests(bench)).length;
	const second = await timed(async () => await provision(bench, 'bench', projects, events));
	const secondRequests = (await webhookRequests(bench)).length;

	const sample = ids.slice(0, options.sample);
	const sequential = await timed(async () => await provisionSequentially(bench, sample, events));
	const sequentialRequests = (await webhookRequests(bench)).length;

	await control.setRateLimit(LIMIT);
	const limited = await timed(
		async () => await provision(bench, 'limited', projects.slice(0, options.limited), events),
	);
	await control.setRateLimit(null);
	const limitedRequests = await webhookRequests(bench);
	const windows = Math.ceil(limitedRequests.length / LIMIT.limit);
	// All windows except the last must be waited for; the last one takes as long as its requests take.
	const limitMs = (windows - 1) * LIMIT.windowSeconds * 1000;
	const refused = limitedRequests.filter(({ status }) => status === 429).length;

	print();
	const row = (what: string, ms: number, done: number, requests: number) => [
		what,
		String(done),
		seconds(ms),
		`${(ms / done).toFixed(0)} ms`,
		(requests / done).toFixed(2),
	];
	printTable([
		['', 'projects', 'time', 'per project', 'requests per project'],
		row('first run', first.ms, count, firstRequests),
		row('second run, nothing to change', second.ms, count, secondRequests),
		row('one request at a time', sequential.ms, sample.length, sequentialRequests),
		row(
			`within ${LIMIT.limit} in ${LIMIT.windowSeconds} s`,
			limited.ms,
			options.limited,
			limitedRequests.length,
		),
	]);

	const ratio = sequential.ms / sample.length / (first.ms / count);
	const overLimit = limited.ms / limitMs - 1;
	const isWhole = first.value.changedHooks === count && first.value.added === count * events.length;
	return [
		{
			what: 'hooks and triggers created by the first run',
			measured: `${first.value.changedHooks} and ${first.value.added}`,
			goal: `${count} and ${count * events.length}`,
			isMet: isWhole,
		},
		{
			what: 'changes made by the second run',
			measured: String(second.value.changedHooks + second.value.added),
			goal: '0',
			isMet: second.value.changedHooks + second.value.added === 0,
		},
		{
			what: 'requests per project, first run',
			measured: (firstRequests / count).toFixed(2),
			goal: 'at most 4',
			isMet: firstRequests <= 4 * count,
		},
		{
			what: 'requests per project, second run',
			measured: (secondRequests / count).toFixed(2),
			goal: 'at most 2',
			isMet: secondRequests <= 2 * count,
		},
		{
			what: 'faster than one request at a time',
			measured: `${ratio.toFixed(1)} times`,
			goal: 'at least 5 times',
			isMet: ratio >= 5,
		},
		{
			what: 'requests rejected by the rate limit',
			measured: String(refused),
			goal: '0',
			isMet: refused === 0,
		},
		{
			what: `time above that of the limit (${seconds(limitMs)})`,
			measured: `${(overLimit * 100).toFixed(0)}%`,
			goal: 'at most 20%',
			isMet: overLimit <= 0.2,
		},
	];
});
