import { DataDeduplicationService } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import { isoSecond } from '../../nodes/Procore/record/time-span';
import { jsonOf } from './action-support';
import { byId, COMPANY, PROJECT, useN8n } from './harness';
import { passMinutes, useClock } from './support/clock';
import { Deduplicator } from './support/deduplicator';

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs' } as const;
const MINUTES = 60;
const CHANGES = 2000;
const RECORDS = 300;

const deduplicator = new Deduplicator();
beforeAll(async () => await DataDeduplicationService.init(deduplicator));

describe('Record: Get Changed, every minute for an hour', () => {
	useClock();
	const n8n = useN8n();

	test('returns each of 2,000 changes once, with one request a run and no growing state', async () => {
		n8n.actionData = {};
		const parameters: INodeParameters = {
			resource: 'record',
			operation: 'getChanged',
			...RFI,
			companyId: byId(COMPANY),
			projectId: byId(PROJECT),
			returnAll: true,
		};
		const wanted: string[] = [];
		const returned: string[] = [];
		let requests = 0;
		const run = async () => {
			await n8n.requests();
			const rows = jsonOf(await n8n.run(parameters));
			returned.push(...rows.map(({ id, updated_at: at }) => `${String(id)} ${String(at)}`));
			requests += (await n8n.requests()).length;
		};
		await run();
		for (let minute = 0; minute < MINUTES; minute += 1) {
			const end = Math.round(((minute + 1) * CHANGES) / MINUTES);
			while (wanted.length < end) {
				const resourceId = String(1 + (wanted.length % RECORDS));
				const [event] = await n8n.control.change({
					...RFI,
					resourceId,
					eventType: 'update',
					silent: true,
				});
				const second = isoSecond(Math.floor(Date.parse(event?.timestamp ?? '') / 1000) * 1000);
				wanted.push(`${resourceId} ${second}`);
			}
			passMinutes(1);
			await run();
		}
		expect([...returned].sort()).toEqual([...wanted].sort());
		expect(requests).toBe(MINUTES + 1);
		expect(JSON.stringify(n8n.actionData).length).toBeLessThan(500);
	});
});
