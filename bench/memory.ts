/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { rmSync } from 'node:fs';

import { DataDeduplicationService } from 'n8n-core';

import { digestOf } from '../nodes/Procore/hook/secret';
import { byId, N8n, PROJECT, TriggerBench } from '../test/core/harness';
import { Deduplicator } from '../test/core/support/deduplicator';
import { executeContext } from '../test/core/support/gate';
import { N8N_HOME } from '../test/core/support/n8n-home';
import { WebhookServer } from '../test/core/support/webhook-server';
import { liveMegabytes } from './garbage';
import { load } from './receiving/load';
import { newBody, UNWANTED_USER } from './receiving/sample';

/** The live memory after this many events. */
export interface Level {
	readonly events: number;
	readonly megabytes: number;
}

const SECRET = '0f8a491c2b8fa3f1c8e2'.repeat(3);
const CONNECTIONS = 20;

/**
 * Receives events over HTTP with the compiled trigger in n8n-core and passes them through the gate, in this process.
 * Measures the live memory along the way, starting when every bounded cache is full.
 */
export async function measureMemory(total: number): Promise<Level[]> {
	const n8n = new N8n();
	await n8n.loader.loadAll();
	await DataDeduplicationService.init(new Deduplicator());
	const server = new WebhookServer(n8n);
	await server.start();
	try {
		n8n.webhookBaseUrl = `${server.url}/webhook`;
		const trigger = new TriggerBench(n8n, {
			companyId: byId('1'),
			scope: 'projects',
			projectIds: [PROJECT],
			events: ['RFIs:update'],
			filters: {
				conditions: [{ field: 'source_user_id', operator: 'isNoneOf', value: UNWANTED_USER }],
			},
		});
		trigger.staticData = {
			[`node:${trigger.name}`]: {
				hook: {
					accepted: digestOf(`Bearer ${SECRET}`),
					namespace: 'bench',
					url: trigger.url,
					hooks: [],
				},
			},
		};
		server.trigger = trigger;
		const { execute } = n8n.nodeType('procoreTrigger');
		const levels: Level[] = [];
		const step = total / 5;
		let answered = 0;
		for (let level = 0; level <= 4; level += 1) {
			while (answered < (level + 1) * step) {
				const { answers } = await load(
					{
						url: trigger.url,
						authorization: `Bearer ${SECRET}`,
						body: newBody,
						status: 200,
					},
					CONNECTIONS,
					1,
				);
				answered += answers;
				const started = server.runs.splice(0);
				await Promise.all(
					started.map(async (items) => await execute?.call(executeContext(n8n, trigger, items))),
				);
			}
			levels.push({ events: answered, megabytes: liveMegabytes() });
		}
		return levels;
	} finally {
		await server.stop();
		rmSync(N8N_HOME, { recursive: true, force: true });
	}
}
