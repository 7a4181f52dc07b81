import type { EmulatorControl, LoggedRequest } from '../emulator/control-client';
import { createCredential } from '../test/e2e/credentials';
import { CLINIC, COMPANY } from '../test/e2e/procore';
import { selected, triggerNode, triggerWorkflow } from '../test/e2e/workflows';
import { startEmulatorProcess } from '../test/harness/emulator-process';
import { ensureN8n } from '../test/harness/n8n-install';
import { startN8n } from '../test/harness/n8n-instance';
import type { Credential, N8nRest } from '../test/harness/n8n-rest';
import { repositoryRoot } from '../test/harness/paths';
import { waitFor } from '../test/harness/wait';
import { spread, type Spread } from './statistics';

/** The latency of every response of Procore, in milliseconds. */
export const LATENCY = 80;

/** An operation of the trigger, and what it costs. */
export interface Cost {
	readonly what: string;
	/** Requests to Procore's API, without those for tokens. */
	readonly requests: number;
	/** In milliseconds. */
	readonly time: Spread;
}

const EVENT_COUNTS = [1, 20, 200];

async function apiRequests(control: EmulatorControl): Promise<LoggedRequest[]> {
	const requests = await control.requests();
	await control.clearRequests();
	return requests.filter(({ path }) => path.startsWith('/rest/'));
}

/** Every event that a project offers in the trigger's list. */
async function offeredEvents(rest: N8nRest, credential: Credential): Promise<string[]> {
	const choices = await rest.loadOptions({
		method: 'getEvents',
		path: 'events',
		nodeType: triggerNode(credential, {}).type,
		parameters: { companyId: selected(COMPANY.id), scope: 'projects', projectIds: [CLINIC.id] },
		credentials: { procoreOAuth2Api: { id: credential.id, name: credential.name } },
	});
	return choices.map(({ value }) => value);
}

/** Measures activations with a growing number of events, and a safety check that finds nothing to do, in a real n8n. */
export async function measureActivation(
	rounds: number,
	log: (line: string) => void,
): Promise<Cost[]> {
	const install = await ensureN8n({ log });
	const emulator = await startEmulatorProcess();
	const n8n = await startN8n({ install, packageRoot: repositoryRoot });
	const { control } = emulator;
	try {
		const credential = await createCredential(n8n.rest, control, 'v2.0');
		const offered = await offeredEvents(n8n.rest, credential);
		await control.setLatency(LATENCY);
		const workflowWith = async (events: string[]) => {
			const parameters = {
				scope: 'projects',
				projectIds: [CLINIC.id],
				events,
				pollTimes: { item: [{ mode: 'everyMinute' }] },
			};
			return await n8n.rest.createWorkflow(triggerWorkflow(triggerNode(credential, parameters)));
		};

		const costs: Cost[] = [];
		for (const count of EVENT_COUNTS) {
			const { id } = await workflowWith(offered.slice(0, count));
			const times: number[] = [];
			let requests = 0;
			for (let round = 0; round < rounds; round += 1) {
				await apiRequests(control);
				const startedAt = performance.now();
				await n8n.rest.activate(id);
				times.push(performance.now() - startedAt);
				requests = Math.max(requests, (await apiRequests(control)).length);
				await n8n.rest.deactivate(id);
			}
			const chosenEvents = Math.min(count, offered.length);
			costs.push({
				what: `activation with ${chosenEvents} event${chosenEvents === 1 ? '' : 's'}`,
				requests,
				time: spread(times),
			});
		}

		const { id } = await workflowWith(offered.slice(0, 20));
		await n8n.rest.activate(id);
		await apiRequests(control);
		const check = await waitFor(
			'a safety check',
			async () => {
				const requests = await control.requests();
				return requests.some(({ path }) => path.endsWith('/deliveries')) ? requests : undefined;
			},
			90_000,
			1000,
		);
		const starts = check
			.filter(({ path }) => path.startsWith('/rest/'))
			.map(({ at }) => Date.parse(at));
		costs.push({
			what: 'safety check, nothing to do',
			requests: starts.length,
			time: spread([Math.max(...starts) - Math.min(...starts) + LATENCY]),
		});
		return costs;
	} finally {
		await Promise.all([n8n.dispose(), emulator.stop()]);
	}
}
